"""The pages about the API functions, made from the registry.

``python -m engine.scripting.reference docs`` writes them: the whole of ``scripting-api-reference.md``, and
in ``scripting-api.md`` the lists between a line ``<!-- CATEGORY -->`` and the next ``<!-- end -->``. A test
fails when they are stale. All lines fit a terminal of 80 columns.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from textwrap import TextWrapper

from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.refusals import Refusal
from engine.scripting.registry import FUNCTIONS

WIDTH = 79
REFERENCE, OVERVIEW = "scripting-api-reference.md", "scripting-api.md"
OPENING = (
    "# Reference of the scripting API",
    (
        "Every function that scripts can call beside the language itself, made from the declarations "
        "beside their kernels (`python -m engine.scripting.reference docs`). "
        "[scripting-api.md](scripting-api.md) is the overview: callbacks, components by name, vectors."
    ),
    (
        "What stands in brackets may be left out. A function is called as `heal(e, 5)` or as `e.heal(5)`."
        " An unknown name or a wrong number of arguments is an error when the script is compiled; a "
        "script's own function of that name and count hides the API's, with a warning."
    ),
    (
        "A refused call is a script error with the place of the call, and has done nothing. An argument "
        "of a wrong type is always refused; the other reasons stand behind *Errors*. Functions that "
        "change the world are refused where a new version of a script is tried out during a reload."
    ),
)
TYPES: tuple[tuple[str, str], ...] = (
    (
        "entity",
        (
            "an id (an `int`) as `entity_id`, `spawn_entity` and the callbacks give it, valid from the "
            "birth of an entity (for who spawns it: from the call on) until it is removed; `()` is no "
            "entity"
        ),
    ),
    (
        "position, vector",
        "`vec2` or `vec3`, or an array of 2 or 3 numbers; z counts only where that is said",
    ),
    ("number", "`int` or `float`, neither NaN nor infinite"),
    ("name", "a `string`"),
)
_LIST = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- end -->\n)", re.DOTALL)


def reference() -> str:
    """Return the reference as Markdown."""
    parts = [OPENING[0], *(_wrapped(text) for text in OPENING[1:])]
    parts.append("\n".join(_item(f"*{name}*: {text}") for name, text in TYPES))
    for category in Category:
        parts += [f"## {category.title}", _wrapped(category.text)]
        for function in of_category(category):
            parts += _section(function)
    return "\n\n".join(parts) + "\n"


def with_lists(page: str) -> str:
    """Return the overview with its lists made anew.

    Raises:
        KeyError: a list is of no category.
    """
    return _LIST.sub(lambda found: f"{found[1]}\n{overview(Category[found[2]])}\n\n{found[3]}", page)


def overview(category: Category) -> str:
    """Return the list of the functions of a category: how to call each, and a line about it."""
    return "\n".join(
        _item(f"{_code(function.signatures())}: {function.brief}") for function in of_category(category)
    )


def of_category(category: Category) -> list[ApiFunction]:
    """Return the functions of a category, in the order of their declaration."""
    return [function for function in FUNCTIONS if function.category is category]


def _section(function: ApiFunction) -> list[str]:
    parts = [f"### {function.name}", "\n".join(f"    {one}" for one in function.signatures())]
    parts.append(_wrapped(_sentence(" ".join(filter(None, (_sentence(function.brief), function.details))))))
    lines = [_item(_parameter(one)) for one in _parameters(function)]
    if function.result:
        lines.append(_item(f"*Result*: {function.result}"))
    if errors := _errors(function):
        lines.append(_item(f"*Errors*: {errors}"))
    lines += [_item(f"*Pitfall*: {text}") for text in function.pitfalls]
    return [*parts, "\n".join(lines), f"```rhai\n{function.example.strip()}\n```"]


def _parameters(function: ApiFunction) -> list[Parameter]:
    """Return the parameters of all forms, each name once."""
    return list({one.name: one for form in reversed(function.forms) for one in form}.values())


def _parameter(one: Parameter) -> str:
    text = f"`{one.name}`: {one.type.label}"
    if one.unit:
        text += f", in {one.unit}"
    return text if one.default is None else f"{text}; without it {one.default}"


def _errors(function: ApiFunction) -> str:
    told = []
    for one in _parameters(function):
        reasons = list(dict.fromkeys(refusal.when for refusal in one.refusals if refusal.when))
        if one.type is ArgumentType.PLACE:
            reasons = [Refusal.NOT_FINITE.when, "is an entity that " + Refusal.STALE_ENTITY.when]
        if reasons:
            told.append(f"`{one.name}` {_alternatives(reasons)}")
    told += [refusal.when for refusal in function.errors]
    return "; ".join(told)


def _alternatives(reasons: list[str]) -> str:
    """Join predicates; a verb that they share is said once."""
    shared = reasons[0].split()[0]
    rest = [reason.removeprefix(f"{shared} ") if shared == "is" else reason for reason in reasons[1:]]
    return " or ".join([reasons[0], *rest])


def _code(texts: Iterable[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts)


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _wrapped(text: str) -> str:
    return _fill(text, "")


def _item(text: str) -> str:
    return _fill(text, "  ", "- ")


def _fill(text: str, indent: str, first: str = "") -> str:
    wrapper = TextWrapper(
        WIDTH,
        initial_indent=first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    whole = re.sub(r"`[^`]*`", lambda found: found[0].replace(" ", "\0"), text)  # code stays in one line
    return wrapper.fill(whole).replace("\0", " ")


def main(folder: Path) -> None:
    """Write both pages."""
    (folder / REFERENCE).write_text(reference(), encoding="utf-8")
    page = folder / OVERVIEW
    page.write_text(with_lists(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
