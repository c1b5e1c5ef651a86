"""The page of all tables and keys of a scene, made from the structs that check them.

``python -m engine.scene.reference`` prints it; a test holds ``docs/scene-reference.md`` equal to it.
"""

from __future__ import annotations

import ast
import inspect as python_inspect
from typing import Any

from msgspec import NODEFAULT, inspect

from engine.scene.actions import AxisAction
from engine.scene.animation import (
    Animation,
    Animator,
    Clip,
    ClipEvent,
    Key,
    State,
    Track,
    Transition,
    When,
)
from engine.scene.background import Background
from engine.scene.components import Body, Collider, Health, Joint, Shape, Sound, Sprite, Text, Trigger
from engine.scene.declared import FieldTable
from engine.scene.effects import Area, Effect, Emitter
from engine.scene.faults import described
from engine.scene.hud import Bar, Hud
from engine.scene.mods.mod import ModsTable
from engine.scene.mods.mod_file import ModFile
from engine.scene.screens import Screen, ScreenItem, ScreenStyle
from engine.scene.tables import (
    Camera,
    Entity,
    Limits,
    Prefab,
    SceneTable,
    SoundTable,
    StatusEffect,
    System,
    Teams,
    Window,
)
from engine.scene.tilemap import Tilemap
from engine.signing.trust import TrustTable

SECTIONS: tuple[tuple[str, type], ...] = (
    ("`[scene]`", SceneTable),
    ("`[mods]`", ModsTable),
    ("`[trust]`", TrustTable),
    ("`[limits]`", Limits),
    ("`[camera]`", Camera),
    ("`[window]`", Window),
    ("`[[background]]`", Background),
    ("`[[hud]]`", Hud),
    ("`[sound]`", SoundTable),
    ("`[teams]`", Teams),
    ("`[status.NAME]`", StatusEffect),
    ("`[input]`: `action = { … }`", AxisAction),
    ("`[[screen]]`", Screen),
    ("`[[screen.item]]`", ScreenItem),
    ("`[style]`", ScreenStyle),
    ("`[component.NAME]`: `FIELD = { … }`", FieldTable),
    ("`[tilemap]`", Tilemap),
    ("`[[trigger]]`", Trigger),
    ("`[prefab.NAME]`", Prefab),
    ("`[[entity]]`", Entity),
    ("`[clip.NAME]`", Clip),
    ("`tracks = [{ … }]` of a clip", Track),
    ("`keys = [{ … }]` of a track", Key),
    ("`events = [{ … }]` of a clip", ClipEvent),
    ("`[animator.NAME]`", Animator),
    ("`states = [{ … }]` of an animator", State),
    ("`transitions = [{ … }]` of an animator", Transition),
    ("`when = { … }` of a transition", When),
    ("`animation = { … }`", Animation),
    ("`[[joint]]`", Joint),
    ("`[effect.NAME]`", Effect),
    ("`[[system]]`", System),
    ("`sprite = { … }`", Sprite),
    ("`collider = { … }`", Collider),
    ("`body = { … }`", Body),
    ("`health = { … }`", Health),
    ("`text = { … }`", Text),
    ("`emitter = { … }`", Emitter),
    ("`area = { … }`", Area),
    ("`bar = { … }` of a `[[hud]]`", Bar),
    ("`sound = { … }`", Sound),
    ("`shape = { … }`, `spread = { … }`", Shape),
    ("`mod.toml`", ModFile),
)

OPENING = """# Scene files

A scene is a TOML file; lengths are metres, y is up, angles are radians counter-clockwise. Every key is
optional unless its default says *required*. An unknown key is an error, and so is a script that does not
exist. Paths are relative to the scene's folder and stay inside it.

`[input]` maps actions to what holds them down: `left = ["A", "LEFT", "PAD_LEFT_X-"]`. Names are letters,
digits, `SPACE`, `ENTER`, `LSHIFT`, `F1` and so on; `MOUSE_LEFT`, `MOUSE_MIDDLE`, `MOUSE_RIGHT`, `WHEEL_UP`,
`WHEEL_DOWN`; of a game pad `PAD_A`, `PAD_B`, `PAD_X`, `PAD_Y`, `PAD_START`, `PAD_BACK`, `PAD_UP` …,
`PAD_LEFT_SHOULDER` …, and half axes such as `PAD_LEFT_X-` or `PAD_RIGHT_TRIGGER+`. An axis is a table:
`move = { negative = ["A"], positive = ["D"], axis = "PAD_LEFT_X" }`.
"""
FILES = """`include = ["prefabs/enemies.toml"]`, before all tables, reads further files: each holds
tables with names (`[prefab.NAME]`, `[component.NAME]`, `[effect.NAME]`, `[clip.NAME]`, `[animator.NAME]`,
`[status.NAME]`) and what the scenes of a game share (`[input]`, `[[screen]]`, `[style]`, `[[hud]]` …), or is
a whole scene, which this one goes on with; and may include others. They are as if they stood in the scene: a
name is declared once in all of them, a table such as `[input]` or `[scene]` stands in one file, the rows of
lists such as `[[entity]]` come before the scene's own, and paths count from the scene's folder.

Scripts and included files that begin with `astraweave:` come with the engine: `script =
"astraweave:scripts/behaviour.rhai"` with `include = ["astraweave:scripts/components.toml"]` for its settings.
The README of `assets` lists them.
"""
COMPONENTS = """A component of the scene's own, of fields with types:

```toml
[component.leaf]
mass = 1.0                                        # a float, 1.0 for who says nothing else
alive = true                                      # a bool; 3 is an int, [0.0, 1.0] a vec2
tree = "entity"                                   # a type alone: 0, false, empty or nobody
kind = { type = "string", default = "oak" }       # all that can be said
```

An entity or prefab has the component when it says so: `leaf = {}`, or
`leaf = { mass = 2.0, tree = "Oak" }`. A field of type `entity` is given by a tag: the first entity with it
when the scene begins. Systems ask for it as for any other: `with = ["leaf"]`.
"""
HUDS = """What a script has to say goes through an entity: with the tag `Message` and the component
`text = { content = "", visible = false }`, `set_text` changes what a HUD of `text = "{Message.text.content}"`
shows. A number goes into a component that the scene declares: `{Player.score.coins}`.
"""
PREFABS = """A prefab may take another one's keys (`prefab = "base"`), and hold children, each with keys
like a prefab's:

```toml
[prefab.tank]
sprite = { shape = "box", size = [2.0, 1.0] }
[prefab.tank.child.gun]
prefab = "turret"                                 # a prefab, nested
position = [0.5, 0.0]                             # of the tank
[[entity]]
prefab = "tank"
child.gun.sprite.color = "#ff5040"                # any key, also of a child
```

Children follow their parent: position, rotation and scale count from it, and they are destroyed with it. A
child may be a static or a kinematic body, not a dynamic one, and has the velocity of its parent. The members
of a family never touch each other.
"""
ENTITIES = """An entity takes the keys of its prefab and may override any of them. Inside `sprite`,
`collider`, `body`, `health`, `text`, `sound`, `emitter`, `child` and declared components the rule holds
key by key: `health = { value = 50 }` keeps the prefab's armor.
"""
BEFORE: dict[type, str] = {FieldTable: COMPONENTS, Hud: HUDS, Prefab: PREFABS, Entity: ENTITIES}
"""What stands before the table of a section."""


def scene_reference() -> str:
    """Return the page as Markdown."""
    parts = [OPENING, FILES]
    for title, struct in SECTIONS:
        parts.append(f"## {title}\n")
        parts.append(f"{_first_line(struct)}\n")
        if struct in BEFORE:
            parts.append(BEFORE[struct])
        inherited = set(Prefab.__struct_fields__) if struct is Entity else set()
        parts.append("| key | value | default | meaning |\n|---|---|---|---|")
        parts.append("\n".join(_rows(struct, inherited)) + "\n")
    return "\n".join(parts)


def _first_line(struct: type) -> str:
    text = (struct.__doc__ or "").splitlines()[0]
    _, _, rest = text.rpartition("``: ")
    return rest[:1].upper() + rest[1:]


def _rows(struct: type, left_out: set[str]) -> list[str]:
    found = inspect.type_info(struct)
    assert isinstance(found, inspect.StructType), "sections are structs"
    texts = meanings(struct)
    cells = [
        (f"`{field.encode_name}`", _value(field.type), _default(field), texts.get(field.name, ""))
        for field in found.fields
        if field.name not in left_out
    ]
    return [f"| {' | '.join(row)} |" for row in cells]


def meanings(struct: type) -> dict[str, str]:
    """Return what stands under each attribute of a struct, of base classes too."""
    texts: dict[str, str] = {}
    for base in reversed(struct.__mro__):
        if not base.__module__.startswith("engine."):
            continue
        body = ast.parse(python_inspect.getsource(base)).body[0]
        assert isinstance(body, ast.ClassDef), "the source of a class is a class"
        for key, text in zip(body.body, body.body[1:], strict=False):
            match key, text:
                case ast.AnnAssign(target=ast.Name(name)), ast.Expr(ast.Constant(str(words))):
                    texts[name] = " ".join(words.split())
    return texts


def _value(found: Any) -> str:
    if isinstance(found, inspect.UnionType):
        found = next(one for one in found.types if not isinstance(one, inspect.NoneType))
    if isinstance(found, inspect.StructType):
        return "a table"
    if isinstance(found, inspect.DictType):
        text = _value(found.value_type)
        return "tables by name" if text == "a table" else f"{text}, by name"
    if isinstance(found, inspect.BytesType):
        return "bytes in base64"
    if isinstance(found, inspect.AnyType):
        return "a value of the type"
    if isinstance(found, inspect.StrType):
        return "text"
    if isinstance(found, inspect.BoolType):
        return "true or false"
    if isinstance(found, inspect.LiteralType):
        return ", ".join(f"`{choice}`" for choice in found.values)
    if isinstance(found, inspect.FloatType) and not described(found):
        return "a number"
    if isinstance(found, inspect.IntType) and not described(found):
        return "a whole number"
    if isinstance(found, inspect.VarTupleType) and found.max_length is None:
        return f"a list, each {_value(found.item_type)}"
    if isinstance(found, inspect.TupleType):
        return f"a list of {len(found.item_types)}, each {_value(found.item_types[0])}"
    return described(found)


def _default(field: inspect.Field) -> str:
    value = field.default
    if value is NODEFAULT:
        return "*required*" if field.required else ""
    if value is None or value in ("", (), {}):
        return ""
    if hasattr(value, "toml"):
        return f"`{value.toml()}`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, str):
        return f'`"{value}"`'
    return f"`{list(value)}`" if isinstance(value, tuple) else f"`{value}`"


if __name__ == "__main__":
    print(scene_reference(), end="")
