"""The JSON schema of scene files for editors, made from the structs that check them.

``python -m engine.scene.schema`` prints it; a test holds ``engine/scene/scene.schema.json`` equal to it. An
editor finds it by a line in the scene such as ``#:schema ../scene.schema.json``.
"""

from __future__ import annotations

import json
from typing import Any, cast

from msgspec import inspect

from engine.scene.reference import meanings
from engine.scene.scene_file import SceneFile
from engine.scene.values import Written

DIALECT = "https://json-schema.org/draft/2020-12/schema"
OPEN = ("Prefab", "Entity")
"""Tables that hold declared components beside their own keys."""


def scene_schema() -> dict[str, Any]:
    """Return the schema as JSON values."""
    definitions: dict[str, Any] = {}
    root = _of(inspect.type_info(SceneFile), definitions)
    for name in OPEN:
        definitions[name]["additionalProperties"] = {
            "type": "object",
            "description": "Values of a component that the scene declares.",
        }
    return {"$schema": DIALECT, "title": "Scene of astraweave", **root, "$defs": definitions}


def schema_text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(scene_schema(), indent=1, ensure_ascii=False) + "\n"


def _of(kind: inspect.Type, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a declared type; those of structs go to `definitions`."""
    match kind:
        case inspect.StructType():
            if kind.cls.__name__ not in definitions:
                _define(kind, definitions)
            return {"$ref": f"#/$defs/{kind.cls.__name__}"}
        case inspect.CustomType():
            written = cast(type[Written], kind.cls)
            return {"description": written.forms, **written.schema}
        case inspect.UnionType():
            some = [_of(one, definitions) for one in kind.types if not isinstance(one, inspect.NoneType)]
            return some[0] if len(some) == 1 else {"anyOf": some}
        case inspect.LiteralType():
            return {"enum": list(kind.values)}
        case inspect.TupleType():
            items = [_of(one, definitions) for one in kind.item_types]
            return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
        case inspect.VarTupleType():
            of_items = {"type": "array", "items": _of(kind.item_type, definitions)}
            return {**of_items, **_bounds(kind, minItems="min_length", maxItems="max_length")}
        case inspect.DictType():
            inner = _of(kind.value_type, definitions)
            return {"type": "object", "additionalProperties": inner or True}
    return _plain(kind)


def _plain(kind: inspect.Type) -> dict[str, Any]:
    match kind:
        case inspect.BoolType():
            return {"type": "boolean"}
        case inspect.StrType():
            return {"type": "string", **_bounds(kind, minLength="min_length", maxLength="max_length")}
        case inspect.BytesType():
            return {"type": "string", "contentEncoding": "base64"}
        case inspect.IntType() | inspect.FloatType():
            name = "integer" if isinstance(kind, inspect.IntType) else "number"
            return {"type": name, **_bounds(kind, minimum="ge", exclusiveMinimum="gt", maximum="le")}
    assert isinstance(kind, inspect.AnyType), f"no schema for {kind}"
    return {}


def _bounds(kind: inspect.Type, **names: str) -> dict[str, Any]:
    bounds = {word: getattr(kind, name) for word, name in names.items()}
    return {word: bound for word, bound in bounds.items() if bound is not None}


def _define(kind: inspect.StructType, definitions: dict[str, Any]) -> None:
    """Write the schema of a struct, with what it and each of its keys mean."""
    struct = kind.cls
    schema: dict[str, Any] = {
        "type": "object",
        "description": (struct.__doc__ or "").splitlines()[0].rpartition("``: ")[2],
        "additionalProperties": False,
    }
    definitions[struct.__name__] = schema
    texts = meanings(struct)
    schema["properties"] = {
        field.encode_name: {**_of(field.type, definitions), "description": texts.get(field.name, "")}
        for field in kind.fields
    }
    required = [field.encode_name for field in kind.fields if field.required]
    if required:
        schema["required"] = required


if __name__ == "__main__":
    print(schema_text(), end="")
