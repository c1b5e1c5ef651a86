"""Scripts in worker threads: progress, a time limit, cancelling. `python examples/embedding/awaiting.py`."""

import asyncio

from lang import Interpreter, Limits, ScriptError

PRIMES = """
let found = [];
let n = 2;
while found.len() < 2000 {
    if !found.some(|p| n % p == 0) { found.push(n); }
    n += 1;
}
found[-1]
"""


async def main() -> None:
    """Run scripts while the event loop goes on."""
    told: list[int] = []
    interpreter = Interpreter(limits=Limits(operations=10**12, seconds=60.0), on_progress=told.append)
    primes = asyncio.create_task(interpreter.run_async(PRIMES))
    ticks = 0
    while not primes.done():
        await asyncio.sleep(0.001)
        ticks += 1
    print("the 2000th prime is", await primes)
    print("the event loop went on meanwhile:", ticks > 0, "- progress was told:", len(told) > 0)

    try:
        await asyncio.wait_for(interpreter.run_async("loop { }"), timeout=0.2)
    except TimeoutError:
        print("a script without end was stopped after 0.2 s")

    asyncio.get_running_loop().call_later(0.2, interpreter.cancel)
    try:
        await interpreter.run_async("loop { try { loop { } } catch { } }")
    except ScriptError as error:
        print("cancelled:", error.kind)


if __name__ == "__main__":
    asyncio.run(main())
