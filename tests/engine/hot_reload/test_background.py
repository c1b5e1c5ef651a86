"""Work beside the ticks: in order, taken over where it was asked for, its errors told there."""

import sys
import threading
import time

import pytest

from engine.hot_reload import Background

pytestmark = pytest.mark.unit


@pytest.fixture
def background():
    made = Background()
    yield made
    made.close()


def finish_all(background):
    end = time.monotonic() + 5.0
    while background.is_busy:
        assert time.monotonic() < end
        background.take_over()
        time.sleep(0.001)


def test_works_end_in_their_order_and_where_they_are_taken_over(background):
    usual = sys.getswitchinterval()
    seen = []

    def work(number):
        def done():
            seen.append((number, threading.current_thread() is threading.main_thread()))

        assert threading.current_thread() is not threading.main_thread()
        return done

    for number in range(5):
        background.give(lambda number=number: work(number))
    assert sys.getswitchinterval() < usual, "ticks wait less for the thread"
    finish_all(background)
    assert seen == [(number, True) for number in range(5)]
    assert sys.getswitchinterval() == usual


def test_an_error_is_raised_where_it_is_taken_over(background):
    background.give(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        finish_all(background)
    assert not background.is_busy


def test_closing_forgets_what_waits():
    usual = sys.getswitchinterval()
    background = Background()
    seen = []
    gate = threading.Event()
    background.give(lambda: gate.wait() and (lambda: seen.append(1)))
    background.give(lambda: lambda: seen.append(2))
    gate.set()
    background.close()
    background.take_over()
    assert seen == []
    assert not background.is_busy
    assert sys.getswitchinterval() == usual
