"""Hostile scripts from the TOML files beside this one, and scenes in which a mod runs them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

from engine.scripting.permissions import PERMISSIONS

HERE = Path(__file__).resolve().parent
GROUPS = tuple(sorted(path.stem for path in HERE.glob("*.toml")))
TICKS = 6
NOTHING = "nothing"

SCENE = """
[scene]
seed = 7
[limits]
tick_operations = {operations}
entities = 20_000
[mods]
load = ["hostile"]
{more}
[input]
fire = ["SPACE"]
[effect.spark]
rate = 10
life = 0.2
[status.burning]
damage = 1
[prefab.bolt]
tag = "Bolt"
velocity = [1, 0]
script = "bolt.rhai"
[[entity]]
tag = "Witness"
count = 12
position = [2, 2]
spread = {{ box = [12, 9] }}
velocity = [0.1, 0]
collider = {{ circle = 0.3 }}
health = {{ value = 100 }}
script = "witness.rhai"
"""
WITNESS = """
let seen = []; let handle = 0; let sound = 0;
fn part() { for i in 0..3 { wait(0.02); seen.push(random(1, 6)); } }
fn on_spawn() { start_timer("a", 0.05, true); start_timer("b", 0.05, true); handle = start(part); }
fn on_update() {
    set_position(entity_id, get_position(entity_id) + (0.01, 0.0));
    if tick % 2 == 0 {
        seen.push(spawn_entity("bolt", get_position(entity_id)));
        send_message(entity_id, "hello", seen.len());
        sound = play_sound("beep", 0.5);
        set_tag(entity_id, `Witness ${tick}`);
    }
}
fn on_timer(name) { seen.push(name); }
fn on_message(name, data, sender) { seen.push(data); set_global(`seen ${entity_id}`, data); }
"""
BOLT = "let age = 0; fn on_update() { age += 1; if age > 3 { destroy_entity(entity_id); } }"
PREFABS = """
[prefab.dust]
tag = "Dust"
velocity = [0, 0]
[prefab.breeder]
script = "{breeder}"
[prefab.family]
tag = "Family"
[prefab.family.child.one]
tag = "One"
[prefab.family.child.two]
tag = "Two"
"""
ENTITY = """
[[entity]]
tag = "Hostile"
position = [{x}, {y}]
velocity = [0, 0]
health = {{ value = 10 }}
text = {{ content = "" }}
script = "{name}.rhai"
count = {count}
"""


class Case(NamedTuple):
    """A script, and how it ends: a kind of error and its line, or NOTHING."""

    name: str
    script: str
    end: str


def cases_of(group: str) -> list[Case]:
    """Return the cases of a file, those of `each` one by one."""
    found = []
    for name, table in tomllib.loads((HERE / f"{group}.toml").read_text("utf-8")).items():
        items = table.get("each", [""])
        ends = table["end"] if isinstance(table["end"], list) else [table["end"]] * len(items)
        for number, (item, end) in enumerate(zip(items, ends, strict=True)):
            script = table["script"]
            for key, (text, times) in table.get("fill", {}).items():
                script = script.replace(f"@{key}@", text.replace("@EACH@", item) * times)
            label = f"{name}_{number}" if "each" in table else name
            found.append(Case(label, script.replace("@EACH@", item), end))
    return found


def all_cases() -> list[Case]:
    """Return the cases of all files, each under a name of its own."""
    return [case._replace(name=f"{group}_{case.name}") for group in GROUPS for case in cases_of(group)]


def write_scene(
    folder: Path,
    cases: list[Case],
    *,
    empty: bool = False,
    copies: int = 1,
    entities: int = 0,
    operations: int = 40_000_000,
    more: str = "",
) -> Path:
    """Write a scene whose mod `hostile` has an entity (or some) with each script, or with an empty one.

    With `entities` there are so many in all, of the first scripts one more than of the others.
    """
    mod = folder / "mods" / "hostile"
    mod.mkdir(parents=True)
    _write(folder / "witness.rhai", WITNESS)
    _write(folder / "bolt.rhai", BOLT)
    _write(folder / "scene.toml", SCENE.format(operations=operations, more=more))
    _write(mod / "mod.toml", f'id = "hostile"\nversion = "1"\npermissions = {list(PERMISSIONS)}')
    breeder = next((case.name for case in cases if "breeder" in case.script), cases[0].name)
    rows = [PREFABS.format(breeder=f"{breeder}.rhai")]
    for number, case in enumerate(cases):
        _write(mod / f"{case.name}.rhai", "" if empty else case.script)
        x, y = 100 + 3 * (number % 20), 100 + 3 * (number // 20)
        count = (entities + len(cases) - 1 - number) // len(cases) if entities else copies
        rows.append(ENTITY.format(x=x, y=y, name=case.name, count=count))
    _write(mod / "content.toml", "".join(rows))
    other = folder / "mods" / "other"
    other.mkdir()
    _write(other / "secret.rhai", "fn f() { loop { } }")
    _write(folder.parent / "secret.rhai", "fn f() { loop { } }")
    for name, target in (
        ("linked.rhai", "/etc/passwd"),
        ("linked_folder", "/etc"),
        ("linked.wav", "/dev/zero"),
    ):
        (mod / name).symlink_to(target)
    return folder / "scene.toml"


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
