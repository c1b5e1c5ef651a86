"""Every script of the conformance kit: what is a script parses, what is not is refused at the right place."""

import pytest

from lang.errors import CompileError
from lang.source import Source
from lang.syntax.parser import parse

pytestmark = pytest.mark.integration


def outcome(script):
    try:
        parse(Source(script))
    except CompileError as error:
        return error
    return None


def test_every_valid_script_parses(kit):
    refused = {}
    for name, script, expect in kit:
        if expect.get("phase") != "parse":
            error = outcome(script)
            if error is not None:
                refused[name] = str(error)
    assert not refused


def test_every_bad_script_is_refused_at_its_place(kit, capsys):
    bad = [case for case in kit if case[2].get("phase") == "parse"]
    places, kinds, messages = {}, {}, {}
    for name, script, expect in bad:
        error = outcome(script)
        assert error is not None, name
        places[name] = (error.line, error.column) == (expect["line"], expect["pos"])
        kinds[name] = error.kind == expect["parse_kind"]
        messages[name] = f"Syntax error: {error}" == expect["message"]
    with capsys.disabled():
        print(
            f"\n{len(bad)} bad scripts: {sum(places.values())} places,"
            f" {sum(kinds.values())} kinds, {sum(messages.values())} messages as recorded"
        )
    assert [name for name, right in places.items() if not right] == []
    assert sum(kinds.values()) >= 330
    assert sum(messages.values()) >= 330
