"""A short soak, and that a soak says what is wrong."""

import pytest

from tests.determinism import soak
from tests.determinism.soak import Drift, Told, both, judged, quarters

pytestmark = pytest.mark.integration


def test_bots_play_the_same_game_in_two_processes():
    lines = []
    for name in ("coin_rush", "arena"):
        pairs = both(name, 80, 10, lines.append)
        assert len({first.hash for first, _ in pairs}) == 8
        assert pairs[0][0].megabytes > 0.0
    assert len(lines) == 16


def run(megabytes=lambda n: 100.0, milliseconds=lambda n: 1.0):
    one = [Told(n, "00", megabytes(n), milliseconds(n)) for n in range(100)]
    return list(zip(one, one, strict=True))


def test_quarters_leave_out_the_beginning():
    assert quarters([99.0, *map(float, range(1, 20))]) == [2.5, 6.5, 10.5, 14.5]


def test_what_is_wrong_is_said():
    assert judged("a", run())[1] == []
    assert judged("a", run(megabytes=lambda n: 100.0 + n))[1] == [
        "a, run 1: memory grows",
        "a, run 2: memory grows",
    ]
    assert judged("a", run(milliseconds=lambda n: 1.0 + n))[1][0] == "a, run 1: ticks get slower"


def both_tell(monkeypatch, first, second):
    """Let the two runs of a game tell these lines."""
    answers = iter([first, second])

    class Run:
        def __init__(self):
            self.stdout = next(answers)

        def kill(self):
            pass

        def wait(self):
            pass

    monkeypatch.setattr(soak, "start", lambda *_: Run())


def test_drift_is_found(monkeypatch):
    both_tell(monkeypatch, ["1 aa 1 1\n", "2 bb 1 1\n"], ["1 aa 1 1\n", "2 cc 1 1\n"])
    lines = []
    assert soak.soak(["a"], 2, 1, lines.append) == ["a: states differ at tick 2: bb and cc"]
    assert lines[-1] == "1 faults"


def test_a_run_that_ends_early_is_found(monkeypatch):
    both_tell(monkeypatch, ["1 aa 1 1\n"], [])
    with pytest.raises(Drift, match="ended after 0 of 10 ticks"):
        both("a", 10, 1, lambda _: None)
