"""One scene that provokes every callback, and the whole order in which they come; chains of events."""

import pytest

from engine.input.row import InputWord, held_row, mouse_of
from engine.scripting.compiling import CALLBACKS, check_script
from engine.scripting.event_dispatch import MOST_ROUNDS

pytestmark = pytest.mark.integration

SCENE = """
[scene]
gravity = [0.0, 0.0]
[input]
jump = ["SPACE"]
[clip.blink]
tracks = [{ property = "rotation", keys = [{ time = 0, value = 0 }, { time = 0.03, value = 90 }] }]
events = [{ time = 0.02, name = "half" }]
[[trigger]]
name = "zone"
shape = { box = [4.0, 4.0] }
position = [0.0, 0.0]
[[screen]]
name = "menu"
item = [{ button = "Buy", on_click = "call buy" }]
[[entity]]
tag = "One"
position = [0.0, 0.0]
collider = { circle = 0.5 }
velocity = [0.0, 0.0]
health = { value = 20 }
sprite = { shape = "circle", radius = 0.5 }
animation = { clip = "blink" }
scripts = ["a.rhai", "b.rhai"]
[[entity]]
tag = "Two"
position = [0.9, 0.0]
collider = { circle = 0.5 }
velocity = [0.0, 0.0]
health = { value = 20 }
sprite = { shape = "circle", radius = 0.5 }
animation = { clip = "blink" }
scripts = ["a.rhai", "b.rhai"]
"""
TELLS = """
let told = 0;
fn tell(what, other) { print(`${tick} ${what} NAME${entity_id} ${other}`); }
fn on_spawn() { tell("spawn", ""); }
fn on_update() {
    tell("update", "");
    DOES
}
fn on_collision(other) { tell("collision", other); }
fn on_collision_end(other) { tell("collision_end", other); }
fn on_trigger(name, other) { tell("trigger", name); }
fn on_trigger_exit(name, other) { tell("trigger_exit", name); }
fn on_input(action, pressed) { tell("input", `${action} ${pressed}`); }
fn on_click() { tell("click", ""); }
fn on_damage(amount, source) { tell("damage", source); }
fn on_death(source) { tell("death", source); if "NAME" == "a" { destroy_entity(entity_id); } }
fn on_message(name, data, sender) { tell("message", `${name} ${data} ${sender}`); }
fn on_timer(name) { tell("timer", name); }
fn on_destroy() { tell("destroy", ""); }
fn on_animation_event(name) { tell("animation_event", name); }
fn on_animation_end(name) { tell("animation_end", name); }
fn on_button(name) { tell("button", name); }
fn on_reload() { tell("reload", ""); }
"""
DOES = """
    if entity_id == 1 && tick == 1 {
        start_timer("t", 0.0);
        send_message(2, "m", 7);
        send_message(1, "m", 8);
        apply_damage(2, 5);
        apply_damage(1, 5);
    }
    if entity_id == 1 && tick == 3 { set_position(2, (30.0, 0.0)); }
    if entity_id == 1 && tick == 5 { set_health(2, 0); }
"""


def row_with(before, action, clicks):
    """The row of input after another: `jump` held or not, the mouse over the first entity."""
    row = held_row(before, [int(action)])
    row[InputWord.CLICK] = int(clicks)
    mouse_of(row)[:] = (-0.2, 0.0)
    return row


def both(tick, callback, *others):
    """What both scripts of both entities say, in their order."""
    others = others or ("", "")
    return [f"{tick} {callback} {name}{entity} {others[entity - 1]}" for name in "ab" for entity in (1, 2)]


def test_every_callback_in_its_place(folder):
    a = TELLS.replace("DOES", DOES).replace("NAME", "a")
    b = TELLS.replace("DOES", "").replace("NAME", "b")
    game = folder.game(SCENE, a=a, b=b)
    log = [game.drain_log()]

    def step(action=False, clicks=False):
        game.set_input(row_with(game.input.row, action, clicks))
        game.step()
        log.append(game.drain_log())

    step()
    step(action=True, clicks=True)
    step()
    folder.write("b.rhai", b + "\n")
    game.reload("b.rhai")
    game.flow.open("menu")
    game.press_button(1)
    for _ in range(3):
        step()
    assert [failure.diagnostic for failure in game.error_reports] == []
    assert log[0] == both(0, "spawn")
    touch = [*both(0, "collision", 2, 1), *both(0, "trigger", "zone", "zone")]
    assert log[1] == [*both(0, "update"), *touch]
    assert log[2] == [
        *both(1, "update"),
        *both(1, "input", "jump true", "jump true"),
        *("1 click a1 ", "1 click b1 "),
        *both(1, "damage", 1, 1),
        *both(1, "message", "m 8 1", "m 7 1"),
    ]
    assert log[3] == [
        *both(2, "update"),
        *both(2, "input", "jump false", "jump false"),
        "2 timer a1 t",
        *both(2, "animation_event", "half", "half"),
        *both(2, "animation_end", "blink", "blink"),
    ]
    reloaded = [f"2 reload b{entity} " for entity in (1, 2)]
    assert log[4] == [
        *reloaded,
        *both(2, "button", "buy", "buy"),
        *both(3, "update"),
        *both(3, "collision_end", 2, 1),
        *(f"3 trigger_exit {name}2 zone" for name in "ab"),
    ]
    assert log[5] == both(4, "update")
    assert log[6] == [
        *both(5, "update"),
        "5 death a2 1",  # which destroys it, so that `b` is told of its removal alone
        *(f"5 destroy {name}2 " for name in "ab"),
    ]
    said = {line.split()[1] for lines in log for line in lines}
    assert {f"on_{name}" for name in said} == set(CALLBACKS)


def test_a_callback_never_runs_the_top_level_again(folder):
    text = 'print("top"); let n = 0; fn on_update() { n += 1; } fn on_timer(name) { n += 10; }'
    game = folder.game(SCENE, a=text + ' fn on_spawn() { start_timer("x", 0.0, true); }', b="")
    for _ in range(5):
        game.step()
    assert game.drain_log() == ["top", "top"]
    assert game.scripts.state(1, "a.rhai")["n"] == 5 + 10 * 4


CHAIN = """
let depth = 0;
fn on_message(name, data, sender) {
    print(`${tick} ${data}`);
    if data < LAST { send_message(entity_id, name, data + 1); }
}
fn on_update() { if tick == 0 { send_message(entity_id, "chain", 1); } }
"""


class TestChains:
    ALONE = '[scene]\n[[entity]]\nhealth = { value = 10 }\nscript = "a.rhai"'

    @pytest.mark.parametrize("length", [1, MOST_ROUNDS, MOST_ROUNDS + 1, 2 * MOST_ROUNDS + 3])
    def test_a_chain_goes_so_deep_in_a_tick_and_on_in_the_next(self, folder, length):
        game = folder.game(self.ALONE, a=CHAIN.replace("LAST", str(length)), ticks=4)
        assert game.error_reports == []
        assert game.drain_log() == [f"{link // MOST_ROUNDS} {link + 1}" for link in range(length)]
        assert len(game.scripts.events) == 0

    def test_damage_death_and_destruction_are_one_tick(self, folder):
        text = """
            fn on_update() { if tick == 0 { apply_damage(entity_id, 4); } }
            fn on_damage(amount, source) {
                print(`${tick} damage ${amount}`);
                if amount < 10 { apply_damage(entity_id, amount * 2); }
            }
            fn on_death(source) { print(`${tick} death`); send_message(entity_id, "last"); }
            fn on_message(name) { print(`${tick} ${name}`); destroy_entity(entity_id); }
            fn on_destroy() { print(`${tick} destroy`); }
        """
        game = folder.game(self.ALONE, a=text, ticks=2)
        assert game.error_reports == []
        assert game.drain_log() == ["0 damage 4.0", "0 damage 8.0", "0 death", "0 last", "0 destroy"]
        assert game.entity_count == 0

    def test_what_on_destroy_causes_waits_for_the_next_tick(self, folder):
        scene = self.ALONE + '\n[[entity]]\nscript = "b.rhai"'
        a = 'fn on_update() { destroy_entity(entity_id); }\nfn on_destroy() { send_message(2, "bye", tick); }'
        b = "fn on_message(name, data) { print(`${name} ${data} at ${tick}`); }"
        game = folder.game(scene, a=a, b=b, ticks=3)
        assert game.drain_log() == ["bye 0 at 1"]


class TestSignatures:
    @pytest.mark.parametrize(("name", "most"), list(CALLBACKS.items()))
    def test_fewer_are_fine_and_more_is_an_error(self, name, most):
        parameters = [f"p{number}" for number in range(most + 1)]
        for count in range(most + 1):
            text = f"fn {name}({', '.join(parameters[:count])}) {{ }}"
            assert [f for f in check_script(text, "x.rhai") if f.severity == "error"] == []
        (finding,) = check_script(f"fn {name}({', '.join(parameters)}) {{ }}", "x.rhai")
        assert (finding.severity, name in finding.message) == ("error", True)

    @pytest.mark.parametrize("name", ["on_colision", "on_updates", "on_mesage", "on_timers", "on_spwan"])
    def test_a_near_miss_warns(self, name):
        (finding,) = check_script(f"fn {name}() {{ }}", "x.rhai")
        assert finding.severity == "warning"
        assert name in finding.message
        assert "on_" in (finding.hint or finding.message)
