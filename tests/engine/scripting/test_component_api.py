"""Components by name, tags, births with overrides: effects, refusals, and being taken back."""

import pytest

from engine.ecs.components import Component, Field
from engine.scripting.reflection import Reflection
from tests.engine.conftest import find

pytestmark = pytest.mark.integration

SCENE = """
[scene]
gravity = [0.0, 0.0]
[component.mood]
anger = 0.5
level = 3
calm = true
name = "string"
home = "vec2"
sky = [1.0, 2.0, 3.0]
friend = "entity"
[component.fuel]
amount = 1.5
[component.marker]
[teams]
hostile = [["a", "b"]]
[prefab.grunt]
tag = "Grunt"
team = "a"
health = { value = 50, armor = 10 }
sprite = { shape = "circle", radius = 0.5, color = "#ff0000" }
mood = { anger = 0.25 }
[prefab.parent]
tag = "Parent"
child.one = { prefab = "grunt", position = [1.0, 0.0] }
[[entity]]
tag = "Probe"
team = "b"
position = [1.0, 2.0, 3.0]
velocity = [4.0, 5.0]
health = { value = 80, max = 100, armor = 5 }
text = { content = "old" }
sprite = { shape = "circle", radius = 0.5 }
mood = { anger = 0.75, name = "grim", home = [7.0, 8.0] }
script = "probe.rhai"
[[entity]]
position = [9.0, 9.0]
"""
PROBE, OTHER = 1, 2


def run(folder, body, ticks=0, before=""):
    return folder.game(SCENE, probe=f"{before}fn on_spawn() {{\n{body}\n}}", ticks=ticks)


def printed(folder, body, ticks=0, before=""):
    game = run(folder, body, ticks, before)
    assert [failure.diagnostic for failure in game.error_reports] == []
    return game.drain_log()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('get_component(entity_id, "tag")', "Probe"),
        ('get_component(entity_id, "team")', "b"),
        ('get_component(entity_id, "health")', '#{"armor": 5.0, "max": 100.0, "value": 80.0}'),
        ('get_component(entity_id, "velocity")', '#{"angular": 0.0, "vx": 4.0, "vy": 5.0}'),
        ('get_component(entity_id, "text").content', "old"),
        ('get_component(entity_id, "sprite").color == 0xffffffff', "true"),
        ('get_component(entity_id, "sprite").flip_x', "false"),
        ('get_component(entity_id, "body") == ()', "true"),
        (f'get_component({OTHER}, "tag") == ()', "true"),
        ('get_component(entity_id, "transform").x', "1.0"),
        ('get_component(entity_id, "mood").name', "grim"),
        ('get_component(entity_id, "mood").home', "(7.0, 8.0)"),
        ('get_component(entity_id, "mood").sky', "(1.0, 2.0, 3.0)"),
        ('get_component(entity_id, "mood").friend == ()', "true"),
        ('get_component(entity_id, "mood").level', "3"),
        (
            'get_component(entity_id, "mood").keys()',
            '["anger", "calm", "friend", "home", "level", "name", "sky"]',
        ),
        ('get_component(entity_id, "fuel") == ()', "true"),
        ('get_component(entity_id, "parent") == ()', "true"),
    ],
)
def test_reading(folder, expression, expected):
    assert printed(folder, f"print({expression});") == [expected]


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("tag", '"New"', "tag.name", "New"),
        ("team", '"a"', "team.name", "a"),
        ("health", "#{armor: 7}", "health.armor", 7.0),
        ("health", "#{value: 30.5}", "health.value", 30.5),
        ("health", "#{value: 500}", "health.value", 100.0),  # no more than the maximum
        ("health", "#{max: 60}", "health.value", 60.0),
        ("health", "#{value: 150, max: 200}", "health.value", 150.0),
        ("velocity", "#{vx: -1}", "velocity.vx", -1.0),
        ("transform", "#{scale_x: 2, rotation: 0.5}", "transform.rotation", 0.5),
        ("sprite", "#{color: 0x11223344, flip_x: true}", "sprite.color", 0x11223344),
        ("sprite", "#{visible: false}", "sprite.visible", False),
        ("text", '#{content: "Grüße"}', "text.content", "Grüße"),
        ("mood", "#{anger: 1}", "mood.anger", 1.0),
        ("mood", '#{name: "glad", level: -4}', "mood.name", "glad"),
        ("mood", "#{calm: false}", "mood.calm", False),
        ("mood", "#{home: [1, 2.5]}", "mood.home.y", 2.5),
        ("mood", "#{sky: (7.0, 8.0, 9.0)}", "mood.sky.z", 9.0),
        ("mood", f"#{{friend: {OTHER}}}", "mood.friend", OTHER),
        ("mood", "#{friend: ()}", "mood.friend", 0),
        ("mood", 'get_component(entity_id, "mood")', "mood.home.x", 7.0),
        ("mood", "#{}", "mood.anger", 0.75),
    ],
)
def test_writing_changes_what_the_map_names(folder, name, value, field, expected):
    game = run(folder, f'set_component(entity_id, "{name}", {value});')
    assert [failure.diagnostic for failure in game.error_reports] == []
    assert game.world.get(PROBE, field) == expected
    if name == "mood" and "name" not in value:
        assert game.world.get(PROBE, "mood.name") == "grim"


def test_a_written_value_is_read_at_once_and_a_written_friend_is_an_id(folder):
    body = f'set_component(entity_id, "mood", #{{friend: {OTHER}}});'
    body += 'print(get_component(entity_id, "mood").friend);'
    assert printed(folder, body) == [str(OTHER)]


def test_a_friend_who_is_gone_is_nobody(folder):
    game = folder.game(
        SCENE,
        probe=f"""fn on_update() {{
            if tick == 0 {{
                set_component(entity_id, "mood", #{{friend: {OTHER}}});
                destroy_entity({OTHER});
            }}
            else {{ print(get_component(entity_id, "mood").friend == ()); }} }}""",
        ticks=2,
    )
    assert game.drain_log() == ["true"]


def test_a_declared_component_is_added_with_its_values_and_defaults(folder):
    body = f"""
    set_component({OTHER}, "mood", #{{anger: 9, name: "new"}});
    set_component({OTHER}, "mood", #{{level: 8}});
    set_component({OTHER}, "fuel", 2);
    set_component({OTHER}, "marker", #{{}});
    print(get_component({OTHER}, "mood") == ());
    """
    game = run(folder, body, ticks=1)
    assert [failure.diagnostic for failure in game.error_reports] == []
    assert game.drain_log() == ["true"]
    values = {
        name: game.world.get(OTHER, f"mood.{name}") for name in ("anger", "name", "level", "calm", "sky.y")
    }
    assert values == {"anger": 9.0, "name": "new", "level": 8, "calm": True, "sky.y": 2.0}
    assert game.world.get(OTHER, "fuel.amount") == 2.0
    assert game.world.has_component(OTHER, "marker")


def test_values_go_over_those_that_python_queued(folder):
    game = folder.game(SCENE, probe=f'fn on_update() {{ set_component({OTHER}, "mood", #{{level: 8}}); }}')
    game.world.queue_add(OTHER, "mood", {"mood.anger": 4.0, "mood.level": 1})
    game.step()
    assert (game.world.get(OTHER, "mood.anger"), game.world.get(OTHER, "mood.level")) == (4.0, 8)


def test_who_has_no_tag_gets_one_at_the_end_of_the_tick(folder):
    game = run(folder, f'set_tag({OTHER}, "First"); set_tag({OTHER}, "Second"); print(get_tag({OTHER}));')
    assert game.drain_log() == [""]
    game.step()
    assert game.world.get(OTHER, Field.TAG_NAME) == "Second"


def test_a_tag_is_changed_at_once(folder):
    assert printed(folder, 'set_tag(entity_id, "Boss"); print(find_entity_by_tag("Boss") == entity_id);') == [
        "true"
    ]


def test_death_by_component_is_told(folder):
    game = run(
        folder,
        'set_component(entity_id, "health", #{value: 0});',
        ticks=1,
        before="fn on_death(source) { print(source); }\n",
    )
    assert game.drain_log() == [str(PROBE)]


REFUSED = [
    ('set_component(99, "mood", 1)', "entity 99 does not exist"),
    ('get_component(99, "mood")', "entity 99 does not exist"),
    ('get_component("x", "mood")', "an entity id"),
    ("get_component(entity_id, 5)", "a string is expected as `name`"),
    ('get_component(entity_id, "moods")', 'scripts see no component "moods"; there are: body, '),
    ('get_component(entity_id, "script")', 'no component "script"'),
    ('set_component(entity_id, "unborn", 1)', 'no component "unborn"'),
    ('set_component(entity_id, "parent", 2)', "the entity has no parent"),
    ('set_component(entity_id, "mood", 1)', "mood expects a map of some of its properties: anger, calm"),
    ('set_component(entity_id, "mood", #{anger: 1, angry: 2})', 'mood has no property "angry"'),
    ('set_component(entity_id, "sprite", #{columns: 1})', 'sprite has no property "columns"'),
    ('set_component(entity_id, "mood", #{anger: "x"})', "mood.anger must be a number"),
    ('set_component(entity_id, "mood", #{level: 1.5})', "mood.level must be an int"),
    ('set_component(entity_id, "mood", #{calm: 1})', "mood.calm must be a bool"),
    ('set_component(entity_id, "mood", #{name: 1})', "mood.name must be a string"),
    ('set_component(entity_id, "mood", #{home: 1})', "mood.home must be a vector of 2"),
    ('set_component(entity_id, "mood", #{home: (1.0, 2.0, 3.0)})', "mood.home must be a vector of 2"),
    ('set_component(entity_id, "mood", #{sky: [1, 2, 0.0/0.0]})', "mood.sky must be a vector of 3"),
    ('set_component(entity_id, "mood", #{friend: 99})', "mood.friend must be an entity or ()"),
    ('set_component(entity_id, "mood", #{anger: 1.0/0.0})', "mood.anger must be a number"),
    ('set_component(entity_id, "health", #{armor: -1})', "health.armor must be a number, not below 0"),
    ('set_component(entity_id, "health", #{max: 0})', "health.max must be a number above 0"),
    ('set_component(entity_id, "sprite", #{color: -1})', "sprite.color must be an int from 0 to"),
    ('set_component(entity_id, "sprite", #{frame: 1})', "sprite.frame must be the number of one of"),
    ('set_component(entity_id, "sprite", #{layer: 2000})', "sprite.layer must be an int from -1000 to 1000"),
    (f'set_component({OTHER}, "health", #{{value: 5}})', "the entity has no health"),
    ('set_component(entity_id, "tag", |x| x)', "tag.name must be a string"),
    ("set_tag(entity_id, 5)", "a string is expected"),
    ('set_tag(99, "x")', "entity 99 does not exist"),
    ('spawn_entity("grunt", (0, 0), 5)', "a map of components is expected as `overrides`, not i64"),
    ('spawn_entity("grunt", (0, 0), #{moods: 1})', 'scripts see no component "moods"'),
    ('spawn_entity("grunt", (0, 0), #{mood: #{angry: 1}})', 'mood has no property "angry"'),
    ('spawn_entity("grunt", (0, 0), #{mood: #{anger: true}})', "mood.anger must be a number"),
    ('spawn_entity("grunt", (0, 0), #{velocity: #{vx: 1}})', "the entity has no velocity"),
    ('spawn_entity("grunt", (0, 0), #{sprite: #{frame: 3}})', "sprite.frame must be"),
]


def test_what_is_refused_changes_nothing(folder):
    scene = SCENE
    scripts = {}
    for number, (call, _) in enumerate(REFUSED):
        scene += f'[[entity]]\nscript = "case{number:02}.rhai"\n'
        body = call.replace("entity_id", str(PROBE))
        scripts[f"case{number:02}"] = f"fn on_update() {{ {body}; }}"
    game = folder.game(scene, probe="", **scripts)
    names = [f"{one.name}.{field.name}" for one in game.world.registry.components for field in one.fields]
    names = [name for name in names if game.world.has_component(PROBE, name.split(".")[0])]
    names = [name for name in names if not name.startswith("transform.")]  # it moves
    before = [game.world.get(PROBE, name) for name in names]
    count = game.entity_count
    game.step()
    messages = {failure.file: failure.message for failure in game.error_reports}
    for number, (call, expected) in enumerate(REFUSED):
        assert expected in messages.get(f"case{number:02}.rhai", ""), (
            call,
            messages.get(f"case{number:02}.rhai"),
        )
    assert game.entity_count == count
    after = [game.world.get(PROBE, name) for name in names]
    assert [name for name, a, b in zip(names, before, after, strict=True) if a != b and a == a] == []  # noqa: PLR0124


def test_one_wrong_key_writes_none_even_when_the_error_is_caught(folder):
    body = """
    try { set_component(entity_id, "mood", #{anger: 3, name: "x", sky: 1}); } catch { }
    try { spawn_entity("grunt", (0, 0), #{health: #{value: 1}, mood: 5}); } catch { }
    print(get_component(entity_id, "mood").anger);
    """
    game = run(folder, body, ticks=1)
    assert game.drain_log() == ["0.75"]
    assert game.entity_count == 2


def test_a_newborn_has_its_overrides_at_once(folder):
    body = """
    let e = spawn_entity("grunt", (3, 4), #{
        health: #{value: 20, max: 30}, tag: "Chief", team: "b", sprite: #{color: 0x00ff00ff},
        mood: #{anger: 8, friend: entity_id}, fuel: 6, transform: #{rotation: 1.5} });
    print(get_component(e, "health"));
    print(`${get_tag(e)} ${get_team(e)} ${get_component(e, "mood").anger} ${get_position(e)}`);
    """
    game = run(folder, body, ticks=1)
    assert [failure.diagnostic for failure in game.error_reports] == []
    assert game.drain_log() == ['#{"armor": 10.0, "max": 30.0, "value": 20.0}', "Chief b 8.0 (3.0, 4.0, 0.0)"]
    chief = find(game, "Chief")
    assert (game.world.get(chief, "fuel.amount"), game.world.get(chief, "mood.friend")) == (6.0, PROBE)
    assert game.world.get(chief, Field.TRANSFORM_PREVIOUS_ROTATION) == 1.5
    assert game.world.get(chief, Field.SPRITE_COLOR) == 0x00FF00FF


def test_children_stand_where_the_overridden_parent_does(folder):
    game = run(folder, 'spawn_entity("parent", (10, 0), #{transform: #{scale_x: 2}});', ticks=1)
    assert game.error_reports == []
    assert game.world.get(find(game, "Grunt"), Field.TRANSFORM_X) == 12.0


def test_a_parent_can_be_read_and_not_written(folder):
    script = """
    fn on_update() {
        if tick == 0 { spawn_entity("parent", (0, 0)); return; }
        let child = find_entity_by_tag("Grunt");
        print(get_component(child, "parent") == find_entity_by_tag("Parent"));
        set_component(child, "parent", entity_id);
    }"""
    game = folder.game(SCENE, probe=script, ticks=2)
    assert game.drain_log() == ["true"]
    assert "parent.entity must be left as it is" in game.error_reports[0].message
    assert game.world.get(find(game, "Grunt"), Field.PARENT_ENTITY) == find(game, "Parent")


@pytest.mark.security
def test_a_callback_that_fails_has_set_nothing(folder):
    body = f"""
    set_component(entity_id, "mood", #{{anger: 3, name: "x", sky: [9, 9, 9]}});
    set_component(entity_id, "health", #{{value: 0}});
    set_component(entity_id, "tag", "y");
    set_component({OTHER}, "mood", #{{anger: 1}});
    set_tag({OTHER}, "z");
    spawn_entity("grunt", (0, 0), #{{health: #{{value: 1}}, fuel: 5}});
    throw 1;
    """
    game = folder.game(SCENE, probe=f"fn on_update() {{ if tick == 0 {{ {body} }} }}")
    hashed = [game.world.get(PROBE, f"mood.{n}") for n in ("anger", "name", "sky.x")]
    game.scripts.dispatch_all("on_update")
    assert len(game.error_reports) == 1
    assert [game.world.get(PROBE, f"mood.{n}") for n in ("anger", "name", "sky.x")] == hashed
    assert game.world.get(PROBE, Field.HEALTH_VALUE) == 80.0
    assert game.world.get(PROBE, Field.TAG_NAME) == "Probe"
    assert len(game.world.commands) == 0
    assert len(game.scripts.events) == 0
    game.step()
    assert not game.world.has_component(OTHER, "mood")
    assert not game.world.has_component(OTHER, Component.TAG)
    assert game.entity_count == 2


def test_many_in_one_callback(folder):
    body = """
    for i in 0..200 { set_component(entity_id, "mood", #{anger: i, name: `n${i}`, sky: [i, i, i]}); }
    for i in 0..200 { spawn_entity("grunt", (i, 0), #{fuel: i, health: #{value: i}}); }
    """
    game = run(folder, body, ticks=1)
    assert [failure.diagnostic for failure in game.error_reports] == []
    assert game.world.get(PROBE, "mood.name") == "n199"
    assert game.entity_count == 202


def test_every_property_says_what_it_expects(folder):
    reflection = Reflection(folder.game(SCENE, probe="").world)
    texts = {
        f"{one.name}.{known.label}": known.expected
        for one in reflection.components
        for known in one.properties
    }
    assert texts["sound.volume"] == "a number from 0 to 8"
    assert texts["transform.x"] == "a number"
    assert texts["mood.level"] == "an int"
    assert all(texts.values())
