"""Values that Python code hands to scripts: converted, copied, and refused if they may not cross."""

from __future__ import annotations

from typing import Any

from engine.scripting.access_errors import BadScriptValue
from lang.conversion import Conversions
from lang.heap.convert import FunctionValue, Vector, parcel_of
from lang.jit import I64

_CONVERSIONS = Conversions()
VECTOR_SIZES = (2, 3)


def script_value(value: Any, what: str) -> Any:
    """Return a value in the form in which any script can hold it.

    Args:
        value: None, bool, int, float, str, bytes, range, Vector, and sequences and mappings of these;
            functions by name alone. what: names the value in messages.
    Raises:
        BadScriptValue: no script can hold it.
    """
    try:
        converted = _CONVERSIONS.to_script(value)
        _refuse_bound(converted, what)
    except RecursionError:
        raise BadScriptValue(what, "it is nested too deeply, or holds itself") from None
    except (TypeError, ValueError) as error:
        raise BadScriptValue(what, str(error)) from None
    return converted


def parcels_of(values: tuple[Any, ...], what: str) -> list[I64]:
    """Return each value as a parcel.

    Raises:
        BadScriptValue: no script can hold it; the message counts from 1.
    """
    numbered = enumerate(values, 1)
    return [parcel_of(script_value(value, f"argument {number} of `{what}`")) for number, value in numbered]


def _refuse_bound(value: Any, what: str) -> None:
    """Refuse what belongs to one program or instance, and vectors that are none."""
    match value:
        case FunctionValue() if value.index >= 0 or value.captures:
            raise BadScriptValue(what, "a function pointer crosses by name alone, and without captures")
        case Vector() if len(value) not in VECTOR_SIZES:
            raise BadScriptValue(what, f"a vector has 2 or 3 components, not {len(value)}")
        case dict():
            for item in value.values():
                _refuse_bound(item, what)
        case list():
            for item in value:
                _refuse_bound(item, what)
