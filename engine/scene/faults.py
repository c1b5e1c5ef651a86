"""Turns what msgspec says about a wrong table into one `SceneError` that a scene's author understands.

msgspec's message names a path (``$.sprite.color``); walking the declared types along it finds the keys
and values that are allowed there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from engine.errors import SceneError, did_you_mean
from engine.scene.values import LARGEST, decode

T = TypeVar("T")

_MESSAGE = re.compile(r"(.*?)(?: - at `\$(.*)`)?", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")
_TOLD_OF = re.compile(r"`([\w.]+)`: (.*)", re.DOTALL)  # see `engine.scene.values.told_of`
_FIRST = re.compile(r"Expected `(\w+)` (?!or |and )")
_QUOTED = re.compile(r"`(\w+)`")
_WORDS = {
    "float": "a number",
    "int": "a whole number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
}


def read_table(
    raw: object, wanted: type[T], *, file: Path, table: str, root: str = "", more: Iterable[str] = ()
) -> T:
    """Convert one raw TOML table (or value) to its struct.

    Args:
        raw: what ``tomllib`` read.  wanted: the struct.
        file, table: the place for the error.  root: the key of `raw` when it is a part of the table.
        more: further keys that are allowed, and were read already.
    Raises:
        SceneError: an unknown key, a missing key, a wrong type or a value out of bounds.
    """
    try:
        return msgspec.convert(raw, wanted, dec_hook=decode)
    except msgspec.ValidationError as error:
        raise _explained(str(error), wanted, SceneError(file, table, root, ""), more) from None


def hint_for(name: str, known: Iterable[str]) -> str:
    """Return ``did you mean `x`?`` when a known name is close, else nothing."""
    return did_you_mean(name, known).removeprefix("; ")


def listed(names: Iterable[str]) -> str:
    """Return names in back quotes, with commas."""
    return ", ".join(f"`{name}`" for name in names)


def _explained(text: str, wanted: type, place: SceneError, more: Iterable[str]) -> SceneError:
    file, table, root = place.file, place.table, place.key
    match = _MESSAGE.fullmatch(text)
    assert match is not None, "the pattern takes any text"
    message, path = match.group(1), match.group(2) or ""
    found = _type_at(wanted, path)
    key = (root + path).lstrip(".")
    unknown = re.fullmatch(r"Object contains unknown field `(.*)`", message)
    if unknown:
        known = [field.encode_name for field in found.fields] if isinstance(found, inspect.StructType) else []
        known += more if not path else ()
        return SceneError(
            file,
            table,
            _joined(key, unknown.group(1)),
            "unknown key",
            allowed=listed(known),
            hint=hint_for(unknown.group(1), known),
        )
    missing = re.fullmatch(r"Object missing required field `(.*)`", message)
    if missing:
        return SceneError(file, table, _joined(key, missing.group(1)), "this key is missing")
    value = re.fullmatch(r"Invalid enum value '(.*)'", message)
    if value and isinstance(found, inspect.LiteralType):
        known = [str(choice) for choice in found.values]
        return SceneError(
            file,
            table,
            key,
            f'unknown value "{value.group(1)}"',
            allowed=", ".join(f'"{choice}"' for choice in known),
            hint=hint_for(value.group(1), known),
        )
    if isinstance(found, inspect.StructType) and not message.startswith("Expected `object"):
        named, message = _blamed(message, found)
        return SceneError(file, table, _joined(key, named) if named else key, _plain(message))
    return SceneError(file, table, key, _plain(message), allowed=described(found))


def _blamed(message: str, struct: inspect.StructType) -> tuple[str, str]:
    """Return the key that the rule of a whole table is about, or "", and the message without it."""
    told = _TOLD_OF.fullmatch(message)
    if told:
        return told.group(1), told.group(2)
    named = _FIRST.match(message)
    quoted = {named.group(1)} if named else set(_QUOTED.findall(message))
    keys = quoted & {field.encode_name for field in struct.fields}
    return (keys.pop() if len(keys) == 1 else ""), message


def _joined(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _type_at(wanted: type, path: str) -> inspect.Type | None:
    """Return the declared type at a path such as ``.sprite.size[1]``, or None when it is not clear."""
    found: inspect.Type | None = inspect.type_info(wanted)
    for step in _STEP.finditer(path):
        name, index = step.group(1), step.group(2)
        if isinstance(found, inspect.StructType):
            found = next((field.type for field in found.fields if field.encode_name == name), None)
        elif isinstance(found, inspect.TupleType):
            found = found.item_types[int(index)]
        elif isinstance(found, inspect.VarTupleType):
            found = found.item_type
        else:
            return None
        if isinstance(found, inspect.UnionType):  # every union of ours is a type or nothing
            found = next(one for one in found.types if not isinstance(one, inspect.NoneType))
    return found


def _plain(message: str) -> str:
    """Put the words of TOML users in place of Python's."""
    message = message.replace(" | null", "")
    bound = re.fullmatch(r"Expected `(?:float|int)` ([<>]=?) (\S+)", message)
    if bound:
        return f"expected a number {bound.group(1)} {_shown(float(bound.group(2)))}"
    message = re.sub(r"`([\w |]+)`", _words, message)
    return message[:1].lower() + message[1:]


def _words(match: re.Match[str]) -> str:
    names = match.group(1).split(" | ")
    if not any(name in _WORDS for name in names):
        return match.group(0)
    return " or ".join(_WORDS.get(name, name) for name in names)


def described(found: Any) -> str:
    """Say what a type allows, where its message does not."""
    if isinstance(found, inspect.CustomType):
        return str(found.cls.forms)  # type: ignore[attr-defined]
    if isinstance(found, inspect.FloatType | inspect.IntType):
        return _bounds(found)
    if isinstance(found, inspect.TupleType):
        return f"a list of {len(found.item_types)}"
    if isinstance(found, inspect.VarTupleType):
        return _lengths(found)
    if isinstance(found, inspect.StructType):
        return f"a table with {listed(field.encode_name for field in found.fields)}"
    if isinstance(found, inspect.LiteralType):
        return ", ".join(f'"{choice}"' for choice in found.values)
    return ""


def _lengths(found: inspect.VarTupleType) -> str:
    least, most = found.min_length or 0, found.max_length
    if most is None:
        return "a list"
    if least == most:
        return f"a list of {most}"
    if least == 0:
        return f"a list of at most {most:_}"
    return f"a list of {least} or {most}" if most == least + 1 else f"a list of {least} to {most:_}"


def _bounds(found: inspect.FloatType | inspect.IntType) -> str:
    whole = "a whole number" if isinstance(found, inspect.IntType) else "a number"
    if found.gt is not None:
        return f"{whole} above {_shown(found.gt)}"
    if found.ge is None or found.ge <= -LARGEST:
        return ""
    most = found.le if found.le is not None and found.le < LARGEST else None
    return f"{whole} from {_shown(found.ge)}" + (f" to {_shown(most)}" if most is not None else "")


def _shown(bound: float) -> str:
    """Write a bound as TOML would: 1_000_000, 0.5."""
    return f"{int(bound):_}" if float(bound).is_integer() else f"{bound:g}"
