"""Every kind of bad argument of every function of the API: the registry says what there is to refuse.

One game for all of it. Each case is a function of one script, called for one entity.
"""

import re

import numpy as np
import pytest

from engine.ecs.components import Component, Field, FieldKind
from engine.scripting.declaration import Category
from engine.scripting.refusals import Refusal
from engine.scripting.registry import FUNCTIONS
from lang.layout import M
from tests.engine.scripting.api_world import api_game, call
from tests.engine.scripting.bad_values import (
    BAD_COMPONENTS,
    BODILESS,
    ENTITIES,
    GONE,
    cases,
    extreme_calls,
    form_of,
    good_arguments,
)

pytestmark = pytest.mark.integration

SCENE = """
[[entity]]
prefab = "actor"
tag = "Player"
position = [1.0, 2.0, 3.0]
script = "cases.rhai"
[[entity]]
position = [4.0, 3.5]
"""
SCRIPT = """
fn nothing_much() { }
fn long_text(length) { let text = "x"; text.pad(length, "x"); text }
fn brought(state) {
    let e = spawn_entity("actor", (1, 1));
    switch state {
        "dead" => set_health(e, 0),
        "doomed" => destroy_entity(e),
    }
    e
}
"""
CALLS = """
fn good_{name}_{count}() {{ {name}({good}); }}
fn bad_{name}_{count}(at, which) {{
    let a = [{good}];
    a[at] = bad(which);
    try {{ {name}({taken}); }} catch (error) {{ print(`${{error.error}} ${{error.message}}`); }}
}}
"""
OF_A_STATE = """
fn of_{name}_{count}(state) {{
    let a = [{good}];
    a[{at}] = brought(state);
    {name}({taken});
    throw "back";
}}
"""
CAUGHT = "fn component_{}() {{ try {{ {}; }} catch (error) {{ print(error.message); }} }}\n"
TOO_MUCH = {
    Refusal.TOO_MANY_ENTITIES: 'for i in 0..3001 { spawn_entity("coin", (1, 1)); }',
    Refusal.TOO_MANY_SEQUENCES: 'for i in 0..65 { start(Fn("nothing_much")); }',
    Refusal.TOO_MANY_TIMERS: "for i in 0..65 { start_timer(`t${i}`, 1); }",
    Refusal.TOO_MANY_KINDS: "for i in 0..257 { add_to_inventory(entity_id, `thing ${i}`); }",
    Refusal.NOT_IN_SEQUENCE: "wait(1);",
    Refusal.TOO_MANY_EFFECTS: "for i in 0..1025 { pause(); }",
}
ELSEWHERE = {
    Refusal.NO_MAP,  # tests/engine/tilemap/test_maps.py
    Refusal.CANNOT_WAIT,  # tests/engine/scripting/test_sequences.py
    Refusal.NO_SPACE,  # of worlds without physics
    Refusal.WRONG_COUNT,  # the compiler's, and for calls through pointers below
    Refusal.WRITES_REFUSED,  # below
    Refusal.HOLDS_MOST,  # tests/hostile/test_others.py
    Refusal.USED_UP,  # tests/hostile/test_others.py
}
CASES = [(function, *case) for function in FUNCTIONS for case in cases(function)]
VALUES = list(dict.fromkeys(bad for _, _, _, bad, _ in CASES))
FORMS = [(f, form_of(f, count)[:count]) for f in FUNCTIONS for count in sorted(f.counts)]


def script():
    """Return a script with a function for each number of arguments of each function of the API."""
    arms = "".join(f"        {i} => {value},\n" for i, value in enumerate(VALUES))
    text = SCRIPT + f"fn bad(which) {{\n    switch which {{\n{arms}    }}\n}}\n"
    for function, form in FORMS:
        good = ", ".join(good_arguments(form))
        names = {"name": function.name, "count": len(form), "good": good}
        names["taken"] = ", ".join(f"a[{i}]" for i in range(len(form)))
        text += CALLS.format(**names) if form else f"fn good_{function.name}_0() {{ {function.name}(); }}\n"
        if any(one.type in ENTITIES for one in form):
            text += OF_A_STATE.format(at=[one.type in ENTITIES for one in form].index(True), **names)
    text += "".join(CAUGHT.format(int(one), made) for one, made in BAD_COMPONENTS.items())
    text += "".join(f"fn much_{int(one)}() {{ {body} }}\n" for one, body in TOO_MUCH.items())
    return text.replace(BODILESS, "4").replace(GONE, "5")


@pytest.fixture(scope="module")
def game(tmp_path_factory):
    """A game with that script, and the entities that it speaks of."""
    made = api_game(tmp_path_factory.mktemp("bad"), SCENE, cases=script())
    assert [failure.diagnostic for failure in made.error_reports] == []
    assert made.world.spawn({Component.HEALTH}, {Field.HEALTH_VALUE: 1.0}) == 4  # after the map's own
    made.world.despawn(made.world.spawn({Component.TRANSFORM}))
    assert made.world.spawn({Component.TRANSFORM}) == 5 + 2**32
    made.step()
    yield made
    made.close()


def template(refusal):
    """Return what the message of a reason looks like, whatever its fields are."""
    return re.sub(r"\\{\w+\\}", ".*", re.escape(refusal.message))


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_every_bad_argument_is_refused_and_changes_nothing(game, function):
    before = game.state_hash()
    for form, number, bad, refusal in cases(function):
        name = f"bad_{function.name}_{len(form)}"
        assert call(game, "cases.rhai", name, number, VALUES.index(bad)) == []
        (line,) = game.drain_log() or [f"{bad} is not refused"]
        start = f"ErrorRuntime {function.name}: "
        assert line.startswith(start), bad
        assert re.fullmatch(template(refusal), line.removeprefix(start)), (bad, line)
        assert "{parameter}" not in refusal.message or f"`{form[number].name}`" in line, (bad, line)
        assert game.state_hash() == before, bad


@pytest.mark.parametrize("refusal", BAD_COMPONENTS, ids=lambda refusal: refusal.name)
def test_a_component_takes_all_of_a_value_or_nothing(game, refusal):
    before = game.state_hash()
    assert call(game, "cases.rhai", f"component_{int(refusal)}") == []
    (line,) = game.drain_log()
    assert re.fullmatch("set_component: " + template(refusal), line)
    assert game.state_hash() == before


def test_there_are_cases_for_every_reason():
    tested = {refusal for *_, refusal in CASES} | {*BAD_COMPONENTS} | {*TOO_MUCH}
    assert tested == {*Refusal} - ELSEWHERE


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_who_writes_is_refused_where_nothing_may_change(game, function):
    """As in the run of a new version's top level; the others are not, and good arguments are good."""
    before = game.state_hash()
    waits = Refusal.NOT_IN_SEQUENCE in function.errors
    reason = Refusal.NOT_IN_SEQUENCE if waits else Refusal.WRITES_REFUSED
    refused = [f"{function.name}: {reason.message}"] if function.writes else []
    game.scripts.machine.words[M.REFUSES_WRITES] = 1
    try:
        for count in function.counts:
            errors = call(game, "cases.rhai", f"good_{function.name}_{count}")
            assert [error.message for error in errors] == refused, count
    finally:
        game.scripts.machine.words[M.REFUSES_WRITES] = 0
    assert game.state_hash() == before or function.name == "random"


@pytest.mark.parametrize("refusal", TOO_MUCH, ids=lambda refusal: refusal.name)
def test_a_call_that_asks_for_too_much_fails_and_is_undone(game, refusal):
    before = game.state_hash()
    (error,) = call(game, "cases.rhai", f"much_{int(refusal)}")
    assert re.search(template(refusal) + "$", error.message)
    assert game.state_hash() == before


@pytest.mark.parametrize("state", ["unborn", "dead", "doomed"])
def test_an_id_is_valid_from_the_call_that_spawns_until_the_removal(game, state):
    before = game.state_hash()
    for function, form in FORMS:
        if any(one.type in ENTITIES for one in form):
            (error,) = call(game, "cases.rhai", f"of_{function.name}_{len(form)}", state)
            assert error.message == "Runtime error: back", (function.name, error.message)
    assert game.state_hash() == before


def test_the_ends_of_the_numbers_leave_a_world_of_numbers(tmp_path):
    """Whether they are refused or taken: physics goes on with what was written, and no NaN comes of it."""
    functions = [function for function in FUNCTIONS if function.category is not Category.SESSION]
    made = [one for function in functions for one in extreme_calls(function)]
    entity = '[[entity]]\nprefab = "actor"\nposition = [{}, -3.0]\nscript = "ends.rhai"\n'
    scene = "".join(entity.format(0.3 * i) for i in range(len(made)))
    game = api_game(
        tmp_path, scene, ends="".join(f"fn end_{i}() {{ {one}; }}\n" for i, one in enumerate(made))
    )
    for number in range(len(made)):
        call(game, "ends.rhai", f"end_{number}", first=number)
    for _ in range(4):
        game.step()
    columns = {field.label: game.world.column(field) for field in Field if field.kind is FieldKind.FLOAT}
    assert [label for label, column in columns.items() if not np.isfinite(column).all()] == []
    game.close()


def test_a_refused_call_has_a_place_and_a_stack(folder):
    game = folder.game(
        probe="fn on_spawn() {\n    outer(5);\n}\n"
        "fn outer(n) {\n    inner(n)\n}\nfn inner(n) {\n    get_tag(n)\n}"
    )
    (failure,) = game.error_reports
    lines = failure.diagnostic.splitlines()
    assert lines[0] == "probe.rhai:8:5: get_tag: `e`: entity 5 does not exist (any more)"
    assert [line.strip() for line in lines[3:]] == ["in inner() at 5:5", "in outer() at 2:5"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("get_position()", "`get_position(e)` takes 1 argument, not 0"),
        ("set_position(entity_id)", "`set_position(e, pos)` takes 2 arguments, not 1"),
        ("move_towards(entity_id, (1, 2))", "`move_towards(e, target, max_step)` takes 3 arguments, not 2"),
        ("random(1)", "`random()` or `random(a, b)` takes 0 or 2 arguments, not 1"),
        ("play_sound()", "` takes 1 to 4 arguments, not 0"),
        ("get_postion(entity_id)", "did you mean `get_position`?"),
        ("entity_id = 5", "entity_id"),
        ("tick += 1", "tick"),
    ],
)
def test_what_the_compiler_refuses(folder, call, message):
    game = folder.probe(f"    {call};")
    (failure,) = game.error_reports
    assert failure.kind == "Parsing"
    assert message in failure.diagnostic
    assert failure.diagnostic.startswith("probe.rhai:2:5: ")


def test_only_calls_in_function_style_are_checked_by_the_compiler(folder):
    body = "let m = #{ heal: |x| x + 1 }; print(m.heal(2));"
    body += 'try { Fn("random").call(1); } catch (error) { print(error.error); }'
    body += "try { entity_id.heal(); } catch (error) { print(error.error); }"
    assert folder.printed(body)[0] == "3"
