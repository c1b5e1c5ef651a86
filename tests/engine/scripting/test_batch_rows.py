"""Rows of a batch: who of some entities is called, and with what."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.scripting.batch_rows import NO_INSTANCE
from engine.scripting.script_file import ScriptFile
from lang.layout import BATCH_ROW_WORDS

pytestmark = pytest.mark.unit

CALLS = st.lists(st.tuples(st.integers(0, 80), st.sampled_from([NO_INSTANCE, 100, 103])), max_size=8)


@given(st.dictionaries(st.integers(0, 70), st.integers(100, 104), max_size=8), CALLS, st.booleans())
def test_rows_are_those_of_who_is_there_and_meant(instances, calls, any_is_meant):
    file = ScriptFile("a.rhai")
    for index, instance in instances.items():
        file.add(index, instance)
    indices, meant = np.array(calls, np.int64).reshape(-1, 2).T.copy()
    arguments = np.arange(9 * len(calls), dtype=np.int64).reshape(-1, 9)
    expected = [
        (number, [instances[index], index, *arguments[number, :3], *[0] * (BATCH_ROW_WORDS - 5)])
        for number, (index, one) in enumerate(calls)
        if index in instances and (any_is_meant or one in (NO_INSTANCE, instances[index]))
    ]
    given_meant = () if any_is_meant else (meant,)
    rows, which = file.rows_of(indices, arguments, 3, *given_meant)
    assert list(zip(which.tolist(), rows.tolist(), strict=True)) == expected
    gone = np.unique(indices)
    assert file.take(gone) == [instances[index] for index in gone.tolist() if index in instances]
    assert not file.rows_of(indices)[0].size
