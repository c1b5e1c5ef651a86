"""Plays scenes with particles shown: ``python play_scenes.py TICKS SCENE…`` prints each state hash.

`SCENE` has a bit of everything that a game computes with.
"""

from __future__ import annotations

import sys
from pathlib import Path

from engine.game.game import Game

SCENE = """
[scene]
seed = 11
gravity = [0.0, -3.0]
size = [20.0, 20.0]
[input]
left = ["A"]
right = ["D"]
[[trigger]]
name = "middle"
shape = { circle = 3.0 }
position = [10.0, 10.0]
[prefab.spark]
tag = "Spark"
velocity = [0.0, 0.0]
rotation = 0.3
collider = { box = [0.2, 0.1] }
body = { kind = "dynamic" }
script = "spark.rhai"
[[entity]]
tag = "Ground"
position = [10.0, 0.0]
collider = { box = [20.0, 1.0] }
[[entity]]
tag = "Walker"
position = [2.0, 2.0]
count = 20
spread = { box = [15.0, 15.0] }
collider = { circle = 0.5 }
velocity = [0.0, 0.0]
body = { kind = "dynamic", gravity_scale = 0.5 }
text = { content = "" }
script = "walker.rhai"
"""
WALKER = """
let met = #{};
let path = [];
let heading = (random() - 0.5, random() - 0.5);
fn on_update() {
    if tick % 7 == entity_id % 7 {
        heading += (random() - 0.5, 0.1);
        path.push(get_position(entity_id));
    }
    if path.len() > 5 { path.remove(0); }
    set_velocity(entity_id, heading * 3.0);
    if is_action_down("left") { heading -= (delta_time, 0.0); }
}
fn on_collision(other) {
    met[`${other}`] = (met[`${other}`] ?? 0) + 1;
    set_text(entity_id, `met ${met.len()}`);
    if random(0, 3) == 0 { spawn_entity("spark", get_position(entity_id)); }
}
fn on_trigger(name, other) { play_sound(name); heading = -heading; }
"""
SPARK = """
let left = 40;
let tell = || left;
fn on_update() { left -= 1; if left < 0 { destroy_entity(entity_id); } }
"""
TALKS = """
[scene]
seed = 5
[[entity]]
count = 5
spread = { box = [5.0, 5.0] }
script = "talker.rhai"
"""
TALKER = """
let said = [];
let list = [#{ n: entity_id }];
fn say(word) { wait(random() / 10.0); said.push(`${word} ${tick}`); word.len }
fn grow(by) { this.n += by; wait(0.04); this.n += by; this.n }
fn down(n) { wait(0); if n == 0 { return 0; } 1 + down(n - 1) }
fn talk(words) {
    let total = 0;
    let add = |x| total += x;
    for word in words { add.call(say(word)); }
    for letter in "nö€" { wait(0); said.push(letter); }
    for part in (1.0, 2.0) { wait(0); said.push(part); }
    wait_until(|| tick > 20);
    try { said[1000 + total]; } catch (e) { wait(0); said.push(e.index); }
    said.push(list[0].grow(down(7)));
}
fn more() { for i in 0..10 { start(|x| { wait(0.05); said.push(x); }, [i]); wait(0.03); } }
fn on_spawn() { start(Fn("talk"), [["hot", "bright"]]); start(Fn("more")); }
fn on_update() { if tick == 25 { said = []; } if tick == 40 && entity_id == 2 { [][0] } }
"""
"""Functions that wait, in every place where they can."""


def play(scene: Path, ticks: int) -> list[str]:
    """Return the state hash of each tick, and a line for each error of a script."""
    game = Game.load(scene)
    game.particles.is_shown = True
    hashes = []
    for _ in range(ticks):
        game.step()
        hashes.append(f"{game.state_hash():016x}")
    return hashes + [failure.message for failure in game.error_reports]


if __name__ == "__main__":
    for name in sys.argv[2:]:
        print(*play(Path(name), int(sys.argv[1])), sep="\n")
