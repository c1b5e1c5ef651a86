"""Lets the whole suite use every processor, if pytest-xdist is there; chosen tests run in one process."""

import os

import pytest

FIRST = "tests/test_checked_kernels.py"
"""What takes longest when kernels have changed: the other files go on beside it."""


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Share out the files of `tests` when all of them are asked for; a `-n` on the command line is kept."""
    option = config.option
    is_whole = config.args == ["tests"] and not (option.keyword or option.markexpr)
    is_plain = not (option.collectonly or option.usepdb or hasattr(config, "workerinput"))
    if is_whole and is_plain and getattr(option, "numprocesses", 0) is None:
        from engine.warm_up import warm_up

        warm_up()  # or the processes would compile the same kernels
        option.numprocesses, option.dist = os.cpu_count(), "loadfile"


def pytest_collection_modifyitems(items):
    """Begin with the longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))
