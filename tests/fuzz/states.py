"""States of scripts and games from elsewhere: snapshots, saves, replays. Most are sealed well, and wrong."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

import numpy as np

import lang
from engine.errors import SaveError, SceneError
from engine.game.game import Game
from engine.game.recording import RecordingSession
from engine.game.replaying import ReplaySession
from engine.game.saves import game_bytes, restore_game
from engine.input.row import held_row
from engine.replay.replay import REPLAY, replay_from
from engine.saves.container import SAVE
from engine.scripting.global_values import Contents
from lang.errors import LangError, SnapshotError
from lang.limits import MIB
from lang.snapshot import _HEAD, MAGIC, State, encode
from tests.engine.saves import test_games
from tests.engine.scripting.test_sequences_kept import VARIED
from tests.fuzz.mutation import array_changed, bytes_changed, sections_changed
from tests.fuzz.target import Bug, Target, Try, told

VALUES = """
let n = 1;
let texts = ["constant", "b" + n, 'c', `${n} é`];
let all = #{a: [1.5, (), true], range: 1..5, step: range(0, 10, 3), v: (1, 2), w: (1, 2, 3), "é": #{}};
let bytes = blob(5, 7);
let counter = make(0);
let curried = Fn("add").curry([1, 2]);
let tagged = 5;
tagged.tag = -3;
fn make(start) { let c = start; let self = #{}; let get = || { c += 1; [c, n] }; get }
fn up() { n += 1; texts.push(`t${n}`); all[`k${n}`] = [n, texts.len()]; bytes.push(n); n }
fn add(list, x) { list.push(x); list }
fn look() { [n, texts, all, bytes, tagged, tagged.tag, curried.call(9)] }
fn count() { counter.call() }
fn walk() { for t in texts { n += 1; } for k in all.keys() { texts.push(k + all[k]); } all == texts }
"""
FUNCTIONS = ("up", "count", "look", "walk", "up")
STEPS = 3
SCENE = (
    test_games.SCENE
    + """
[status.slow]
slow = 0.5
[clip.pulse]
play = "loop"
[[clip.pulse.tracks]]
property = "scale"
keys = [{ time = 0.0, value = 1.0 }, { time = 0.3, value = 1.5 }]
[effect.smoke]
rate = 5
[[screen]]
name = "menu"
[[screen.item]]
button = "On"
on_click = "resume"
[[entity]]
tag = "Waiter"
animation = { clip = "pulse" }
health = { value = 5, max = 9 }
script = "waits.rhai"
[[entity]]
tag = "Chimney"
emitter = { effect = "smoke" }
"""
)
SCRIPTS = {"box": test_games.BOX, "spark": test_games.SPARK, "wind": test_games.WIND, "waits": VARIED}
REPLAYED = '[scene]\nseed = 3\n[input]\ngo = ["D"]\n[[entity]]\nvelocity = [0, 0]\nscript = "probe.rhai"\n'
PROBE = 'let found = []; fn on_update() { if is_action_down("go") { found.push(random()); } }'


def written(folder: Path, scene: str, scripts: dict[str, str]) -> Path:
    """Write a scene and its scripts; returns the scene's file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in scripts.items():
        (folder / f"{name}.rhai").write_text(text, encoding="utf-8")
    file = folder / "scene.toml"
    file.write_text(scene, encoding="utf-8")
    return file


def saved_values() -> Contents:
    """Return values of all kinds as scripts keep them."""
    script = 'fn on_spawn() { save_data("a", 1); save_data("b", [1, #{x: "é", y: (1, 2)}, 2.5, true, ()]); }'
    with tempfile.TemporaryDirectory() as folder:
        game = Game.load(written(Path(folder), '[[entity]]\nscript = "a.rhai"\n', {"a": script}))
        found = game.scripts.saved.contents()
        game.close()
    return found


# --- instances -----------------------------------------------------------------------------------------


@cache
def _interpreter() -> lang.Interpreter:
    limits = lang.Limits(operations=50_000, memory=4 * MIB)
    return lang.Interpreter(vectors=True, limits=limits, on_print=lambda _text: None)


def restoring(_folder: Path) -> Try:
    """Restore snapshots, use what came of them, and take another one."""
    interpreter = _interpreter()

    def attempt(data: bytes) -> None:
        with interpreter.instance(VALUES) as instance:
            before = instance.state_hash
            try:
                instance.restore(data)
            except SnapshotError as error:
                told(error)
                if instance.state_hash != before:
                    raise Bug("a snapshot that was refused has changed the instance") from error
                return
            restored = instance.state_hash
            instance.restore(bytes(instance.snapshot()))
            if instance.state_hash != restored:
                raise Bug("a snapshot of what was restored is another state")
            for name in FUNCTIONS:
                try:
                    instance.call(name)
                except LangError as error:
                    told(error)
            again = instance.snapshot()
            instance.restore(bytes(again))

    return attempt


def snapshots() -> Iterator[bytes]:
    """Yield snapshots of an instance that did more and more."""
    with _interpreter().instance(VALUES) as instance:
        for _ in range(3):
            yield bytes(instance.snapshot())
            for name in FUNCTIONS:
                instance.call(name)


def snapshot_changed(data: bytes, other: bytes, random: Random) -> bytes:
    """Change words of the heap, and seal it anew."""
    program = _interpreter().compile(VALUES, state=True)
    if random.random() < 0.03 or len(data) < _HEAD.size or not data.startswith(MAGIC):
        return bytes_changed(data, other, random)
    numbers = _HEAD.unpack_from(data)
    words = np.frombuffer(data[_HEAD.size :][: (len(data) - _HEAD.size) // 8 * 8], np.int64)
    found = words.copy()
    if found.size and random.random() < 0.6:
        at = random.randrange(found.size)
        near = int(found[random.randrange(found.size)]) + random.choice((0, 0, 1, -1, 2, -2))
        found[at] = (near + 2**63) % 2**64 - 2**63
    else:
        found = array_changed(words, words, random)
    return bytes(encode(program, State(numbers[3], numbers[4], found)))


# --- games ---------------------------------------------------------------------------------------------


def loading(folder: Path) -> Try:
    """Load saves into a game, and go on; what is refused changes nothing."""
    game = Game.load(written(folder, SCENE, SCRIPTS))
    for _ in range(5):
        game.step()
    start = game_bytes(game)

    def attempt(data: bytes) -> None:
        before = game.state_hash()
        try:
            restore_game(game, data)
        except SaveError as error:
            told(error)
            if game.state_hash() != before:
                raise Bug("a save that was refused has changed the game") from error
            return
        game.state_hash()
        for _ in range(STEPS):
            game.step()
        restore_game(game, game_bytes(game))
        restore_game(game, start)

    return attempt


def saves() -> Iterator[bytes]:
    """Yield saves of a game at several ticks."""
    with tempfile.TemporaryDirectory() as folder:
        game = Game.load(written(Path(folder), SCENE, SCRIPTS))
        for ticks in (0, 12, 40):
            for _ in range(ticks):
                game.step()
            yield game_bytes(game)
        game.close()


def reading_replays(_folder: Path) -> Try:
    """Read replays to their ends."""

    def attempt(data: bytes) -> None:
        try:
            replay = replay_from(data)
            for number in range(len(replay.meta.stretches)):
                for _row in replay.rows(number):
                    pass
                for _state in replay.states(number):
                    pass
        except SaveError as error:
            told(error)

    return attempt


def replaying(folder: Path) -> Try:
    """Do again what replays tell."""
    scene = written(folder, REPLAYED, {"probe": PROBE})

    def attempt(data: bytes) -> None:
        try:
            session = ReplaySession(replay_from(data), scene)
        except (SaveError, SceneError) as error:
            told(error)
            return
        try:
            while not session.is_over:
                session.step()
        except SaveError as error:
            told(error)
        finally:
            session.close()

    return attempt


def replays() -> Iterator[bytes]:
    """Yield replays of short runs."""
    with tempfile.TemporaryDirectory() as folder:
        scene = written(Path(folder), REPLAYED, {"probe": PROBE})
        for steps in (0, 8):
            session = RecordingSession(scene)
            for step in range(steps):
                session.step(held_row(session.game.input.row, np.array([step % 3 == 0])))
            yield session.replay(Path(folder) / "a.replay")
            session.close()


TARGETS = (
    Target("snapshot", restoring, snapshots, ("lang.snapshot", "lang.suspended", "lang.instance_state"),
           snapshot_changed),
    Target("save", loading, saves, ("engine.saves", "engine.game.saves", "lang.snapshot", "lang.suspended"),
           sections_changed(SAVE), quick=60),
    Target("replay", reading_replays, replays, ("engine.replay", "engine.saves.container"),
           sections_changed(REPLAY), quick=60),
    Target("replaying", replaying, replays, ("engine.replay", "engine.game.replaying"),
           sections_changed(REPLAY), quick=20),
)  # fmt: skip
