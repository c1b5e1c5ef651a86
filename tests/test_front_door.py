import pytest

import astraweave

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", [name for name in astraweave.__all__ if name != "__version__"])
def test_every_public_name_is_there_and_says_what_it_is(name):
    assert getattr(astraweave, name).__doc__


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no 'nothing'"):
        _ = astraweave.nothing
