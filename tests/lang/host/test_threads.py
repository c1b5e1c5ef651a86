"""Ending runs from outside, and several threads."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import lang

pytestmark = pytest.mark.integration

FOREVER = "loop { try { loop { } } catch { } }"
NO_END = lang.Limits(operations=10**15, seconds=60.0)


@pytest.fixture
def interpreter():
    made = lang.Interpreter(limits=NO_END)
    made.run("1")
    return made


def is_ended(interpreter, work):
    """Whether a run ends as it should, soon, and the interpreter goes on."""
    started = time.monotonic()
    with pytest.raises(lang.ScriptError) as caught:
        work()
    assert caught.value.kind == "ErrorTerminated"
    assert interpreter.run("2") == 2
    return time.monotonic() - started < 10


def test_progress_is_told_and_may_end_a_run(interpreter):
    told = []
    interpreter.on_progress = told.append
    interpreter.run("for i in 0..9000000 { }")
    assert told == sorted(told)
    assert len(told) >= 2
    assert told[-1] <= interpreter.operations
    interpreter.on_progress = lambda spent: spent > 10_000_000
    assert is_ended(interpreter, lambda: interpreter.run(FOREVER))


def test_an_exception_of_progress_is_the_callers(interpreter):
    class Stop(Exception):
        pass

    def progress(spent):
        raise Stop

    interpreter.on_progress = progress
    with pytest.raises(Stop):
        interpreter.run(FOREVER)
    interpreter.on_progress = None
    assert interpreter.run("3") == 3


def test_cancel_from_another_thread(interpreter):
    timer = threading.Timer(0.1, interpreter.cancel)
    timer.start()
    assert is_ended(interpreter, lambda: interpreter.run(FOREVER))
    interpreter.cancel()  # nothing runs: nothing happens
    assert interpreter.run("1") == 1


def test_cancel_out_of_a_python_function(interpreter):
    interpreter.register("stop", interpreter.cancel)
    assert is_ended(interpreter, lambda: interpreter.run("loop { try { stop(); } catch { } }"))


def test_wall_time_ends_a_run(interpreter):
    interpreter.limits = lang.Limits(operations=10**15, seconds=0.2)
    started = time.monotonic()
    assert is_ended(interpreter, lambda: interpreter.run(FOREVER))
    assert time.monotonic() - started >= 0.2
    interpreter.register("sleep", time.sleep)
    assert is_ended(interpreter, lambda: interpreter.run("loop { try { sleep(0.05); } catch { } }"))


def test_one_script_runs_at_a_time(interpreter):
    instance = interpreter.instance("let n = 0; fn up() { for i in 0..1000 { n += 1; } n }")
    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(lambda _: instance.call("up"), range(40)))
    assert sorted(results) == [1000 * (k + 1) for k in range(40)]


def test_interpreters_run_side_by_side():
    interpreters = [lang.Interpreter() for _ in range(2)]
    barrier = threading.Barrier(2, timeout=30)
    for one in interpreters:
        one.register("meet", barrier.wait)
    with ThreadPoolExecutor(2) as threads:
        ran = list(
            threads.map(
                lambda one: one.run("for i in 0..1000 { } meet(); for i in 0..1000 { } 5"), interpreters
            )
        )
    assert ran == [5, 5]


class TestAwaiting:
    def test_values_and_errors(self, interpreter):
        async def main():
            values = await asyncio.gather(*(interpreter.run_async(f"{n} * 2") for n in range(10)))
            instance = interpreter.instance("let n = 0; fn up(k) { n += k; n }")
            calls = [await interpreter.call_async(instance, "up", n) for n in (1, 2)]
            scope = lang.Scope(x=1)
            await interpreter.run_async("x += 1;", scope)
            with pytest.raises(lang.ScriptError, match="zero"):
                await interpreter.run_async("1 / 0")
            return values, calls, scope["x"]

        assert asyncio.run(main()) == ([2 * n for n in range(10)], [1, 3], 2)

    def test_the_event_loop_goes_on_meanwhile(self, interpreter):
        async def main():
            script = asyncio.create_task(interpreter.run_async(FOREVER))
            ticks = 0
            for _ in range(20):
                await asyncio.sleep(0.01)
                ticks += 1
            script.cancel()
            with pytest.raises(asyncio.CancelledError):
                await script
            return ticks, await interpreter.run_async("7")

        assert asyncio.run(main()) == (20, 7)

    def test_a_timeout(self, interpreter):
        async def main():
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(interpreter.run_async(FOREVER), 0.1)
            return await interpreter.run_async("8")

        assert asyncio.run(main()) == 8

    def test_a_call_that_still_waits_is_never_made(self, interpreter):
        printed = []
        interpreter.on_print = printed.append

        async def main():
            first = asyncio.create_task(interpreter.run_async(FOREVER))
            second = asyncio.create_task(interpreter.run_async('print("second")'))
            await asyncio.sleep(0.1)
            second.cancel()
            await asyncio.sleep(0.05)
            first.cancel()
            return await asyncio.gather(first, second, return_exceptions=True)

        results = asyncio.run(main())
        assert [type(result) for result in results] == [asyncio.CancelledError] * 2
        assert printed == []
