"""Calls in function style that cannot succeed, whatever the values: what to say about them."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import NamedTuple

from lang.stdlib.registry import NativeEntry, NativeTable
from lang.syntax.foreign import FUNCTIONS

NEAR = 0.7
"""Similarity from which another name is told."""

Signature = tuple[str, int]  # a function's name and number of parameters


NO_EVAL = "`eval` is off for entity scripts: what they run is known when they are loaded"


class Refusal(NamedTuple):
    """The message about a call, and the name that is most like the one called."""

    message: str
    nearest: str | None = None
    remark: str | None = None

    @property
    def hint(self) -> str | None:
        """How to mend the call."""
        return self.remark if self.nearest is None else f"did you mean `{self.nearest}`?"


def refusal(call: Signature, functions: Collection[Signature], natives: NativeTable) -> Refusal:
    """Return what is wrong with a call that no function takes.

    Args:
        call: what is called. functions: the script's own. natives: what else there is.
    """
    name, count = call
    if name in natives.withheld:
        return Refusal(natives.withheld[name], None)
    found = natives.find(name)
    counts = sorted(count for other, count in functions if other == name)
    if found is not None and found[1].api:
        return Refusal(_wrong_count(found[1], count))
    if counts:
        return Refusal(f"'{name}' takes {_arguments(' or '.join(map(str, counts)))}, not {count}")
    if found is not None and not found[1].internal:
        return Refusal(_wrong_count(found[1], count))
    if name == "eval":
        return Refusal(f"Function not found: {name}", remark=NO_EVAL)
    known = [*dict.fromkeys(other for other, _ in functions), *visible_names(natives)]
    if FUNCTIONS.get(name) in known:
        return Refusal(f"Function not found: {name}", FUNCTIONS[name])
    close = get_close_matches(name, known, 1, NEAR)
    return Refusal(f"Function not found: {name}", close[0] if close else None)


def visible_names(natives: NativeTable) -> list[str]:
    """Return the names of the natives that scripts may call: operators and internals are left out."""
    names = (entry.name for entry in natives.entries if not entry.internal and entry.name.isidentifier())
    return [name for name in names if name not in natives.withheld]


def _wrong_count(entry: NativeEntry, count: int) -> str:
    names = " or ".join(f"`{signature}`" for signature in entry.signatures) or f"'{entry.name}'"
    counts = sorted(entry.counts) or list(range(entry.arity[0], entry.arity[1] + 1))
    least, most = counts[0], counts[-1]
    if len(counts) > 2 and len(counts) == most - least + 1:
        return f"{names} takes {_arguments(f'{least} to {most}')}, not {count}"
    return f"{names} takes {_arguments(' or '.join(map(str, counts)))}, not {count}"


def _arguments(wanted: str) -> str:
    return f"{wanted} argument" if wanted == "1" else f"{wanted} arguments"
