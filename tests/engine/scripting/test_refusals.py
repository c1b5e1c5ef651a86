"""Every kind of bad argument is an error of the script with a place, and changes nothing."""

import pytest

from engine.ecs.components import Field

pytestmark = pytest.mark.integration

NAN, INFINITY = "(0.0 / 0.0)", "(1.0 / 0.0)"
ENTITY_TAKERS = {
    "get_position": "",
    "set_position": ", (1, 2)",
    "move_towards": ", (1, 2), 1",
    "get_velocity": "",
    "set_velocity": ", (1, 2)",
    "get_rotation": "",
    "get_tag": "",
    "destroy_entity": "",
    "set_text": ', "x"',
    "teleport": ", (1, 2)",
    "face_direction": ", (1, 2)",
    "set_rotation": ", 1",
    "set_scale": ", 1",
    "set_tag": ', "x"',
    "camera_follow": "",
}
POSITION_TAKERS = {
    "set_position": ("entity_id, ", ""),
    "move_towards": ("entity_id, ", ", 1.0"),
    "set_velocity": ("entity_id, ", ""),
    "teleport": ("entity_id, ", ""),
    "face_direction": ("entity_id, ", ""),
    "spawn_entity": ('"coin", ', ""),
    "distance": ("entity_id, ", ""),
}
BAD_POSITIONS = [
    ('"here"', "2 or 3 numbers"),
    ("()", "2 or 3 numbers"),
    ("[]", "2 or 3 numbers"),
    ("[1]", "2 or 3 numbers"),
    ("[1, 2, 3, 4]", "2 or 3 numbers"),
    ('[1, "2"]', "2 or 3 numbers"),
    ("#{x: 1, y: 2}", "2 or 3 numbers"),
    (f"({NAN}, 0.0)", "NaN or infinite"),
    (f"(0.0, {INFINITY})", "NaN or infinite"),
    (f"(0.0, 0.0, -{INFINITY})", "NaN or infinite"),
    (f"[1, {NAN}]", "NaN or infinite"),
]
OTHERS = [
    (f"move_towards(entity_id, (1, 2), {NAN})", "NaN or infinite"),
    (f"move_towards(entity_id, (1, 2), {INFINITY})", "NaN or infinite"),
    ("move_towards(entity_id, (1, 2), -0.5)", "must not be negative"),
    ('move_towards(entity_id, (1, 2), "1")', "a number is expected"),
    ("move_towards(entity_id, (1, 2), ())", "a number is expected"),
    ("distance(999, (1, 2))", "entity 999 does not exist"),
    ("distance((1, 2), 1.5)", "2 or 3 numbers is expected"),
    ("is_alive(1.0)", "an entity id (an int) is expected as `e`"),
    ("find_entity_by_tag(3)", "a string is expected"),
    ("find_entity_by_tag('c')", "a string is expected"),
    ('spawn_entity("nothing", (1, 2))', 'no prefab is called "nothing"'),
    ('spawn_entity("", (1, 2))', 'no prefab is called ""'),
    ("spawn_entity((), (1, 2))", "a string is expected"),
    ('is_action_down("fly")', 'no action is called "fly"'),
    ("is_action_down(1)", "a string is expected"),
    ("face_direction(entity_id, (0, 0))", "`dir` has no direction"),
    ("face_direction(entity_id, (0.0, 0.0, 1.0))", "`dir` has no direction"),
    ("set_rotation(entity_id, (1, 2))", "a number is expected"),
    (f"set_rotation(entity_id, {NAN})", "NaN or infinite"),
    ('set_scale(entity_id, "big")', "2 or 3 numbers, is expected"),
    (f"set_scale(entity_id, {INFINITY})", "NaN or infinite"),
    (f"set_scale(entity_id, (1.0, {NAN}))", "NaN or infinite"),
    ('set_text(2, "x")', "entity 2 has no text"),
    ("set_text(entity_id, 5)", "a string is expected"),
    ("set_velocity(2, (1, 1))", "entity 2 has neither a velocity nor a body"),
    ("play_sound(1)", "a string is expected"),
    ('screen_shake("a")', "a number is expected"),
    (f"screen_shake({NAN})", "NaN or infinite"),
    ("screen_shake(1, -0.5)", "`seconds` must not be negative"),
    ("screen_shake(-1)", "`intensity` must not be negative"),
    ("camera_zoom(0)", "must be above 0"),
    ("camera_zoom(-1.5)", "must be above 0"),
    (f"camera_zoom({INFINITY})", "NaN or infinite"),
    ('play_sound("a", "b")', "2 or 3 numbers, is expected as `at`"),
    (f'play_sound("a", {NAN})', "NaN or infinite"),
    ('play_sound("a", -0.5)', "must not be negative"),
    ('play_sound("a", entity_id, 1.0)', "2 or 3 numbers, is expected"),
    ('play_sound("a", (), 1.0, -1.0)', "`pitch` must not be negative"),
    ("stop_sound(1.5)", "a handle (an int) or a name is expected as `what`, not f64"),
    (f'stop_sound("a", {NAN})', "NaN or infinite"),
    ("play_music(())", "a string is expected"),
    ('play_music("a", -1)', "must not be negative"),
    ("stop_music(true)", "a number is expected"),
    ('set_bus_volume("masters", 1)', 'no bus is called "masters": there are master, music and effects'),
    ('set_bus_volume("", 1)', "no bus is called"),
    ('set_bus_volume("music", "loud")', "a number is expected"),
    ("random(3, 2)", "`b` must not be below"),
    ("random(1.0, 2.0)", "an int is expected as `a`"),
]


def entity_cases():
    for name, rest in ENTITY_TAKERS.items():
        for bad, message in [
            ("999", "entity 999 does not exist"),
            ("0", "entity 0 does not exist"),
            ("-5", "entity -5 does not exist"),
            ("4294967297 + 4294967296", "entity 8589934593 does not exist"),  # a later life of index 0
            ('"Probe"', "an entity id (an int) is expected as `e`"),
            ("1.0", "an entity id (an int) is expected as `e`"),
            ("()", "an entity id (an int) is expected as `e`"),
        ]:
            yield f"{name}({bad}{rest})", message


def position_cases():
    for name, (before, after) in POSITION_TAKERS.items():
        for bad, message in BAD_POSITIONS:
            yield f"{name}({before}{bad}{after})", message


ALL_CASES = [*entity_cases(), *position_cases(), *OTHERS]


def test_every_bad_argument_is_refused_at_its_place(folder):
    """One game with a script for each case: a world for each would only be slower."""
    lines = ['[input]\nleft = ["A"]\n[prefab.coin]\ntag = "Coin"\n']
    scripts = {}
    for number, (call, _) in enumerate(ALL_CASES):
        scripts[f"case{number:03}"] = (
            f"fn on_update() {{\n    let e = 1;\n    let r = {call};\n    print(r);\n}}\n"
        )
    subject = (
        '[[entity]]\nposition = [1, 2]\nvelocity = [0, 0]\ntext = {{ content = "old" }}\nscript = "{}.rhai"\n'
    )
    names = list(scripts)
    lines += ["[[entity]]\n[[entity]]\n", *(subject.format(name) for name in names)]
    game = folder.game("".join(lines), **scripts, ticks=3)
    assert game.drain_log() == [], "nothing runs on behind a refused call"
    found = {failure.file: failure for failure in game.error_reports}
    assert len(found) == len(game.error_reports) == len(ALL_CASES), "each is reported once"
    for name, (call, message) in zip(names, ALL_CASES, strict=True):
        failure = found[f"{name}.rhai"]
        assert (failure.line, failure.column) == (3, 13), (call, failure.diagnostic)
        assert message in failure.message, call
        assert failure.kind == "ErrorRuntime", call
        shown = failure.diagnostic.splitlines()
        assert shown[0].startswith(f"{name}.rhai:3:13: ")
        assert call in shown[1]
        assert shown[2].index("^") == shown[1].index(call)
        assert failure.tick == 0
    assert game.entity_count == len(ALL_CASES) + 2
    for entity in range(3, 3 + len(ALL_CASES)):
        place = (game.world.get(entity, Field.TRANSFORM_X), game.world.get(entity, Field.TRANSFORM_Y))
        assert (place, game.world.get(entity, Field.TEXT_CONTENT)) == ((1.0, 2.0), "old")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("get_position()", "`get_position(e)` takes 1 argument, not 0"),
        ("set_position(entity_id)", "`set_position(e, pos)` takes 2 arguments, not 1"),
        ("move_towards(entity_id, (1, 2))", "`move_towards(e, target, max_step)` takes 3 arguments, not 2"),
        ("random(1, 2, 3)", "`random()` or `random(a, b)` takes 0 or 2 arguments, not 3"),
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


def test_a_refusal_can_be_caught(folder):
    assert folder.printed(
        'try { get_position(99); } catch (error) { print(error.message); } print("on");'
    ) == ["get_position: `e`: entity 99 does not exist (any more)", "on"]


def test_the_call_stack_is_told(folder):
    game = folder.game(
        probe="fn on_spawn() {\n    outer(5);\n}\n"
        "fn outer(n) {\n    inner(n)\n}\nfn inner(n) {\n    get_tag(n)\n}"
    )
    (failure,) = game.error_reports
    lines = failure.diagnostic.splitlines()
    assert lines[0] == "probe.rhai:8:5: get_tag: `e`: entity 5 does not exist (any more)"
    assert [line.strip() for line in lines[3:]] == ["in inner() at 5:5", "in outer() at 2:5"]
