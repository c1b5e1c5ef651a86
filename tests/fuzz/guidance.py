"""Coverage by atheris, where it is installed: inputs that reach something new are kept and changed further.

Only plain Python functions are watched, after everything is imported: kernels stay as they were compiled.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path
from random import Random
from types import FunctionType, ModuleType

from tests.fuzz.campaign import Campaign
from tests.fuzz.mutation import LONGEST
from tests.fuzz.target import Target

SHARE_OF_BYTES = 0.1
"""How often libFuzzer changes an input, which knows nothing of its kind."""


QUIET = ("-timeout=1000000", "-rss_limit_mb=0", "-len_control=0", "-print_final_stats=0")
"""What a campaign judges itself."""


def is_there() -> bool:
    """Return whether atheris is installed."""
    try:
        import atheris  # noqa: F401
    except ImportError:
        return False
    return True


def watch(target: Target) -> int:
    """Instrument the functions of the modules that a target watches; returns how many there are."""
    import atheris

    count = 0
    for name in target.watched:
        for module in _modules(name):
            for function in _functions(module):
                atheris.instrument_func(function)
                count += 1
    return count


def _modules(name: str) -> list[ModuleType]:
    module = importlib.import_module(name)
    inner = pkgutil.iter_modules(getattr(module, "__path__", ()))
    return [module, *(one for info in inner for one in _modules(f"{name}.{info.name}"))]


def _functions(module: ModuleType) -> list[FunctionType]:
    """Return the functions and methods of a module; a kernel is none, but what calls it."""
    found = []
    for value in list(vars(module).values()):
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            found.append(value)
        elif isinstance(value, type) and value.__module__ == module.__name__:
            methods = [one.fget if isinstance(one, property) else one for one in vars(value).values()]
            found += [one for one in methods if isinstance(one, FunctionType)]
    return [one for one in found if one.__code__.co_filename.startswith(("/", str(Path(sys.prefix))))]


def run(campaign: Campaign, target: Target, inputs: Path, seed: int, executions: int, seconds: int) -> None:
    """Fuzz with libFuzzer; it ends the process.

    Args:
        inputs: the folder whose files it begins with, and in which it keeps what reaches something new.
    """
    import atheris

    known = [path.read_bytes() for path in sorted(inputs.iterdir())]

    def changed(data: bytes, most: int, number: int) -> bytes:
        random = Random(number)
        if random.random() < SHARE_OF_BYTES:
            return atheris.Mutate(data, most)
        return target.mutate(data, random.choice(known), random)[:most]

    words = ["fuzz", str(inputs), f"-seed={seed or 1}", f"-max_len={LONGEST}", "-verbosity=0", *QUIET]
    words += [f"-artifact_prefix={inputs}/../"]
    words += [f"-runs={executions}"] if executions else []
    words += [f"-max_total_time={seconds}"] if seconds else []
    atheris.Setup(words, campaign.execute, custom_mutator=changed)
    atheris.Fuzz()
