"""The prompt: one input after another, with the variables and functions of those before."""

from lang.repl.prompt import run_repl

__all__ = ["run_repl"]
