"""`astraweave repl`, through a pipe and through a terminal."""

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

import astraweave

pytestmark = pytest.mark.integration

PROMPT = "\x1b[?2004h"  # a prompt begins by asking the terminal to mark what is pasted
ROOT = Path(astraweave.__file__).resolve().parent
COMMAND = [sys.executable, "-c", "from lang.repl import run_repl; run_repl(version='1')"]


def piped(text):
    return subprocess.run(
        COMMAND, input=text, capture_output=True, text=True, cwd=ROOT, check=True, timeout=300
    )


def test_a_pipe_is_read_line_by_line():
    done = piped('let x = 2;\nfn f(a) {\n  a * x\n}\nfn g(a) {\n  a * 2\n}\ng(x)\ny\nf(4)\n:type x\n"last"')
    assert done.stdout == '4\n8\ni64\n"last"\n'
    assert done.stderr.splitlines()[0] == "input 5:1:1: Variable not found: y"


def test_quit_ends_a_pipe_and_an_open_input_is_told():
    assert piped("1\n:quit\n2\n").stdout == "1\n"
    done = piped("1 +\n")
    assert (done.stdout, done.stderr.splitlines()[0]) == ("", "input 1:1:4: Script is incomplete")


class Terminal:
    """A prompt in a terminal of 80 columns."""

    def __init__(self, folder):
        import pty

        self.process, self.screen = pty.fork()
        if self.process == 0:
            os.environ.update(TERM="xterm", XDG_STATE_HOME=str(folder), COLUMNS="80", LINES="24")
            os.chdir(ROOT)
            os.execv(COMMAND[0], COMMAND)
        self.output = ""

    def wait_for(self, text, seconds=120.0):
        """Read until the output holds a text; return what came up to then."""
        end = time.monotonic() + seconds
        while text not in self.output and time.monotonic() < end:
            if select.select([self.screen], [], [], 0.2)[0]:
                data = os.read(self.screen, 65536).decode(errors="replace")
                if "\x1b[6n" in data:  # it asks where the cursor is
                    os.write(self.screen, b"\x1b[1;1R")
                self.output += data
        assert text in self.output, self.output
        before, _, self.output = self.output.partition(text)
        return before

    def type(self, keys):
        os.write(self.screen, keys.encode())


@pytest.fixture
def terminal(tmp_path):
    if not hasattr(os, "fork"):
        pytest.skip("no pseudo-terminals here")
    made = Terminal(tmp_path)
    yield made
    os.kill(made.process, 9)
    os.waitpid(made.process, 0)
    os.close(made.screen)


def test_a_terminal(terminal, tmp_path):
    terminal.wait_for("(:help, :quit)")
    terminal.wait_for(PROMPT)
    terminal.type("let value_of_all = 41;\r")
    terminal.wait_for(PROMPT)
    terminal.type("value_o\t")
    terminal.wait_for("f_all")  # completed
    terminal.type(" + 1\r")
    terminal.wait_for("42")
    terminal.wait_for(PROMPT)
    terminal.type("fn f(a) {\ra * 3\r}\r")  # three lines
    terminal.wait_for(PROMPT)
    terminal.type("f(value_of_all)\r")
    terminal.wait_for("123")
    terminal.wait_for(PROMPT)
    terminal.type("let = 1\r")
    assert "\x1b[0;31m" in terminal.wait_for("Expecting name of a variable")  # red
    terminal.wait_for(PROMPT)
    terminal.type("loop { }\r")
    terminal.wait_for("\x1b[?2004l")  # the input is taken
    time.sleep(1.5)
    terminal.type("\x03")  # Ctrl-C ends the script, not the prompt
    terminal.wait_for("Script terminated")
    terminal.wait_for(PROMPT)
    terminal.type("\x1b[A\x1b[A\x1b[A\r")  # up: the last input but two
    terminal.wait_for("123")
    terminal.wait_for(PROMPT)
    terminal.type("\x04")
    history = (tmp_path / "astraweave" / "repl_history").read_text()
    assert "+let value_of_all = 41;" in history
