"""Lets the whole suite use every processor, if pytest-xdist is there; chosen tests run in one process."""

import os
import shutil
import subprocess

import pytest

FIRST = "tests/test_checked_kernels.py"
"""What takes longest when kernels have changed: the other files go on beside it."""


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Share out the files of `tests` when all of them are asked for; a `-n` on the command line is kept."""
    option = config.option
    is_plain = not (option.collectonly or option.usepdb or hasattr(config, "workerinput"))
    if not is_plain or config.args != ["tests"]:
        return
    _open_display(config)
    is_whole = not (option.keyword or option.markexpr)
    if is_whole and getattr(option, "numprocesses", 0) is None:
        from engine.warm_up import warm_up

        warm_up()  # or the processes would compile the same kernels
        option.numprocesses, option.dist = os.cpu_count(), "loadfile"


def _open_display(config):
    """Start one Xvfb for all processes: what loads pyglet first must find the display there already."""
    if os.environ.get("DISPLAY") or shutil.which("Xvfb") is None:
        return
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as answer:
        if number := answer.readline().strip():
            os.environ["DISPLAY"] = f":{number}"
    config.add_cleanup(server.terminate)


def pytest_collection_modifyitems(items):
    """Begin with the longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))
