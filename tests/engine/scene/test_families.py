"""Prefabs that take each other's keys and hold children; files of prefabs; declared components."""

import pytest

from engine.errors import SceneError

pytestmark = pytest.mark.unit

TANKS = """
[component.leaf]
mass = 1.5
way = [0.0, 2.0]
owner = "entity"
kind = { type = "string", default = "oak" }
turned = "vec3"

[prefab.turret]
sprite = { shape = "box", size = [1.0, 0.5], color = "#00f" }
health = { value = 10, armor = 3 }
[prefab.turret.child.barrel]
position = [0.5, 0.0]
sprite = { size = [0.8, 0.2], color = "#fff" }

[prefab.tank]
tag = "Tank"
sprite = { shape = "box", size = [2.0, 1.0] }
child.gun = { prefab = "turret", position = [0.25, 0.0], health.value = 20 }
child.flag = { tag = "Flag", position = [-1.0, 0.5, 2.0] }

[prefab.heavy]
prefab = "tank"
tag = "Heavy"
child.gun.child.barrel.sprite.color = "#f00"
[prefab.heavy.child.second_gun]
prefab = "turret"
leaf = { mass = 7.0 }
"""


def test_a_prefab_takes_the_keys_and_the_children_of_another(folder):
    scene = folder.load(TANKS)
    tank, heavy = scene.prefabs["tank"], scene.prefabs["heavy"]
    assert (tank.parts.tag, list(tank.children)) == ("Tank", ["gun", "flag"])
    gun = tank.children["gun"]
    assert (gun.parts.health.value, gun.parts.health.armor, gun.parts.position) == (20.0, 3.0, (0.25, 0.0))
    assert gun.parts.sprite.color == 0x0000FFFF
    assert list(gun.children) == ["barrel"]
    assert (heavy.parts.tag, list(heavy.children)) == ("Heavy", ["gun", "flag", "second_gun"])
    assert heavy.children["gun"].children["barrel"].parts.sprite.color == 0xFF0000FF
    assert gun.children["barrel"].parts.sprite.color == 0xFFFFFFFF
    assert heavy.children["gun"].parts.health.value == 20.0
    assert heavy.children["second_gun"].declared["leaf"]["mass"] == 7.0


def test_an_entity_overrides_keys_of_children(folder):
    scene = folder.load(
        TANKS
        + """
    [[entity]]
    prefab = "heavy"
    position = [4, 5]
    count = 2
    child.gun.prefab = "flagless"
    child.flag.tag = "White"
    [prefab.flagless]
    tag = "Gun"
    """
    )
    assert [one.prefab for one in scene.entities] == ["heavy", "heavy"]
    children = scene.entities[0].blueprint.children
    assert (children["gun"].parts.tag, children["gun"].parts.position) == ("Gun", (0.25, 0.0))
    assert children["gun"].parts.health is None or children["gun"].parts.health.value == 20.0
    assert children["flag"].parts.tag == "White"
    assert sum(1 for _ in scene.entities[0].blueprint.family()) == 6


def test_the_number_of_entities_counts_children(folder):
    with pytest.raises(SceneError, match="more than 9 entities"):
        folder.load(TANKS + "[limits]\nentities = 9\n[[entity]]\nprefab = 'heavy'\ncount = 2")


def test_declared_fields_have_types_and_defaults(folder):
    leaf = folder.load(TANKS).components["leaf"]
    assert [(field.name, field.type, field.default) for field in leaf.fields] == [
        ("mass", "float", 1.5),
        ("way", "vec2", (0.0, 2.0)),
        ("owner", "entity", ""),
        ("kind", "string", "oak"),
        ("turned", "vec3", (0.0, 0.0, 0.0)),
    ]


def test_declared_values_are_laid_over_those_of_the_prefab(folder):
    scene = folder.load(
        TANKS
        + """
    [prefab.oak]
    leaf = { mass = 4, kind = "big" }
    [[entity]]
    prefab = "oak"
    tag = "Tree"
    leaf.owner = "Tree"
    [[system]]
    script = "wind.rhai"
    with = ["leaf", "tag"]
    """
        if folder.script("wind.rhai")
        else ""
    )
    values = scene.entities[0].blueprint.declared["leaf"]
    assert (values["mass"], values["kind"], values["owner"], values["way"]) == (
        4.0,
        "big",
        "Tree",
        (0.0, 2.0),
    )
    assert scene.systems[0].with_components == ("leaf", "tag")


# (scene text, table, key, words that the message has); a key of None may be any
FAULTS = {
    "prefab of itself": (
        "[prefab.a]\nprefab = 'b'\n[prefab.b]\nprefab = 'a'",
        "prefab.b",
        "prefab",
        ["take each other's keys: a → b → a"],
    ),
    "prefab inside itself": (
        "[prefab.a]\nchild.x.prefab = 'b'\n[prefab.b]\nchild.y.prefab = 'a'",
        "prefab.a",
        "child.x.prefab",
        ["contain each other without an end: a → b → a"],
    ),
    "too large a family": (
        "[prefab.p0]\n"
        + "".join(
            f"[prefab.p{i}.child]\n" + "".join(f"c{j}.prefab = 'p{i - 1}'\n" for j in range(10))
            for i in range(1, 9)
        ),
        "prefab.p3",
        None,
        ["a family of more than 1_000 entities"],
    ),
    "dynamic child": (
        "[prefab.ball]\nbody = {}\n[prefab.a.child.b]\nprefab = 'ball'",
        "prefab.a",
        "child.b.body.kind",
        ["a dynamic body cannot be a child", '"kinematic"'],
    ),
    "unknown key of a child": (
        "[prefab.a.child.b]\ncolour = 3",
        "prefab.a",
        "child.b.colour",
        ["unknown key", "`collider`"],
    ),
    "overridden key of a child": (
        "[prefab.a.child.b.health]\nvalue = 3\n[[entity]]\nprefab = 'a'\nchild.b.health.value = -1",
        "entity 1",
        "child.b.health.value",
        ["from 0"],
    ),
    "child is a value": ("[[entity]]\nchild = 3", "entity 1", "child", ["child.NAME"]),
    "child of a value": ("[[entity]]\nchild.a = 3", "entity 1", "child.a", ["expected a table"]),
    "copies of a child": ("[[entity]]\nchild.a.count = 3", "entity 1", "child.a.count", ["unknown key"]),
    "unknown type": (
        "[component.leaf]\nmass = 'flaot'",
        "component.leaf",
        "mass",
        ['unknown type "flaot"', "did you mean `float`?", "`vec2`"],
    ),
    "unknown type in long": (
        "[component.leaf]\nmass = { type = 'flaot' }",
        "component.leaf",
        "mass.type",
        ["did you mean `float`?"],
    ),
    "default of another type": (
        "[component.leaf]\nmass = { type = 'float', default = 'a' }",
        "component.leaf",
        "mass.default",
        ["expected a number"],
    ),
    "default of an entity": (
        "[component.leaf]\nowner = { type = 'entity', default = 'A' }",
        "component.leaf",
        "owner.default",
        ["no default"],
    ),
    "vector of text": ("[component.leaf]\nway = [1, 'a']", "component.leaf", "way[1]", ["a number"]),
    "vector of four": ("[component.leaf]\nway = [1, 2, 3, 4]", "component.leaf", "way", ["a type"]),
    "component named like a key": ("[component.sprite]\na = 1", "component.sprite", "", ["take another"]),
    "component without a name": ("[component.'a b']\na = 1", "component.a b", "", ["letters"]),
    "field without a name": ("[component.a]\n'1' = 1", "component.a", "1", ["letters"]),
    "component is a value": ("[component]\nleaf = 3", "component.leaf", "", ["expected a table"]),
    "component is a list": ("[[component]]\nleaf = 3", "component", "", ["[component.NAME]"]),
    "unknown field": (
        "[component.leaf]\nmass = 1.0\n[[entity]]\nleaf = { mas = 1 }",
        "entity 1",
        "leaf.mas",
        ["unknown key", "did you mean `mass`?"],
    ),
    "field of another type": (
        "[component.leaf]\nmass = 1\n[prefab.a.child.b]\nleaf = { mass = 1.5 }",
        "prefab.a",
        "child.b.leaf.mass",
        ["a whole number"],
    ),
    "component that is no table": (
        "[component.leaf]\nmass = 1\n[[entity]]\nleaf = 3",
        "entity 1",
        "leaf",
        ["expected a table", "`mass`"],
    ),
    "unknown component of an entity": (
        "[component.leaf]\nmass = 1\n[[entity]]\nlaef = {}",
        "entity 1",
        "laef",
        ["unknown key", "did you mean `leaf`?"],
    ),
    "nobody has the tag": (
        "[component.leaf]\nowner = 'entity'\n[[entity]]\ntag = 'Tree'\n[[entity]]\nleaf = { owner = 'Tere' }",
        "entity 2",
        "leaf.owner",
        ['no entity has the tag "Tere"', "did you mean `Tree`?"],
    ),
    "unknown included file": ("include = ['prefbas.toml']", "", "include[0]", ["no such file"]),
    "included from elsewhere": ("include = ['../prefabs.toml']", "", "include[0]", ["leads out"]),
    "included by name alone": ("include = 'prefabs.toml'", "", "include", ["a list"]),
    "includes itself": (
        "include = ['scene.toml']",
        "",
        "include[0]",
        ["each other: scene.toml → scene.toml"],
    ),
    "includes no TOML": ("include = ['good.rhai']", "", "include[0]", ["end in .toml"]),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_names_table_and_key(folder, case):
    text, table, key, words = FAULTS[case]
    folder.script("good.rhai")
    with pytest.raises(SceneError) as caught:
        folder.load(text)
    error = caught.value
    assert (error.table, error.key) == (table, error.key if key is None else key), str(error)
    for word in [*words, error.file]:
        assert word in str(error)


# --- files ------------------------------------------------------------------------------------------


def include(folder, name, text):
    file = folder.path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_included_files_declare_prefabs_and_components(folder):
    folder.script("scripts/a.rhai")
    include(
        folder, "prefabs/all.toml", "include = ['prefabs/base.toml']\n[prefab.b]\nprefab = 'a'\nleaf = {}"
    )
    include(
        folder, "prefabs/base.toml", "[component.leaf]\nmass = 1.0\n[prefab.a]\nscript = 'scripts/a.rhai'"
    )
    scene = folder.load(
        "include = ['prefabs/all.toml', 'prefabs/base.toml']\n"
        "[prefab.c]\nprefab = 'b'\n[[entity]]\nprefab = 'c'"
    )
    assert list(scene.prefabs) == ["a", "b", "c"]
    assert scene.entities[0].blueprint.declared == {"leaf": {"mass": 1.0}}
    assert scene.script_names() == ("scripts/a.rhai",)


@pytest.mark.parametrize(
    ("included", "place", "words"),
    [
        ("[prefab.a]\ntagg = 'x'", "prefabs.toml:2: [prefab.a]: tagg", ["unknown key", "`tag`"]),
        ("[prefab.a]\nscript = 'x.rhai'", "prefabs.toml:2: [prefab.a]: script", ["no such file"]),
        ("[component.leaf]\nmass = 'flaot'", "prefabs.toml:2: [component.leaf]: mass", ["`float`"]),
        ("[prefab.coin]", "prefabs.toml:1: [prefab.coin]", ["declared in", "scene.toml"]),
        ("[scenes]\nname = 'x'", "prefabs.toml:1: [scenes]", ["no such table", "`prefab`"]),
        ("[tilemap]\nfile = 'x.tmj'", "prefabs.toml:2: [tilemap]: file", ["no such file"]),
        ("[[joint]]\nkind = 'rope'\nfirst = 'x'", "prefabs.toml:2: [joint 1]: kind", ["weld"]),
        ("[[screen]]\nname = 'a'\nitem = [{ text = 3 }]", "prefabs.toml:3: [screen 1]: item[0].text", []),
        ("[[hud]]\nimage = 'x.png'", "prefabs.toml:2: [hud 1]: image", ["no such file"]),
        ("[input]\nup = ['NOKEY']", "prefabs.toml:2: [input]: up", ["NOKEY"]),
        ("[style]\nfocus = 'red'", "prefabs.toml:2: [style]: focus", ["#rgb"]),
        ("[prefab.a", "prefabs.toml:1", ["not TOML"]),
        (
            "include = ['scene.toml']",
            "prefabs.toml:1: include[0]",
            ["scene.toml → prefabs.toml → scene.toml"],
        ),
    ],
)
def test_a_fault_of_an_included_file_names_that_file(folder, included, place, words):
    file = include(folder, "prefabs.toml", included)
    if "coin" in included:  # two files declare it: the later one is at fault
        place, included = "scene.toml:2: [prefab.coin]", ""
        words = ["declared in", str(file)]
    with pytest.raises(SceneError) as caught:
        folder.load("include = ['prefabs.toml']\n[prefab.coin]\n[[entity]]\nprefab = 'coin'")
    for word in [f"{folder.path}/{place}", *words]:
        assert word in str(caught.value)


def test_scenes_share_actions_screens_and_style(folder):
    include(
        folder,
        "shared.toml",
        "[input]\nmenu = ['ESCAPE']\n[style]\ntext_size = 20\n"
        "[[screen]]\nname = 'paused'\nopens_on = 'menu'\n[[hud]]\ntext = 'hello'",
    )
    scene = folder.load("include = ['shared.toml']\n[scene]\nname = 'second level'")
    assert list(scene.actions) == ["menu"]
    assert [screen.name for screen in scene.screens] == ["paused"]
    assert (scene.style.text_size, scene.hud[0].text) == (20.0, "hello")


def test_a_scene_goes_on_with_a_whole_one(folder):
    folder.script("a.rhai")
    include(
        folder,
        "plain.toml",
        "[scene]\nname = 'Plain'\nseed = 4\n[[entity]]\ntag = 'A'\n[[system]]\nscript = 'a.rhai'\n"
        "[[trigger]]\nname = 'gate'\nshape = { circle = 1.0 }\nposition = [1, 1]",
    )
    scene = folder.load("include = ['plain.toml']\n[[entity]]\ntag = 'B'")
    assert (scene.scene.name, scene.seed, scene.triggers[0].name) == ("Plain", 4, "gate")
    assert [one.blueprint.parts.tag for one in scene.entities] == ["A", "B"]
    with pytest.raises(SceneError, match=r"scene.toml:2: \[scene\]: scene stands in .*plain.toml as well"):
        folder.load("include = ['plain.toml']\n[scene]\nname = 'other'")


def test_screens_of_a_scene_follow_those_that_it_includes(folder):
    screens = "[[screen]]\nname = '{}'\n[[screen]]\nname = '{}'\nitem = [{{ {} = 'x' }}]"
    file = include(folder, "shared.toml", screens.format("a", "b", "text"))
    own = "include = ['shared.toml']\n"
    scene = folder.load(own + screens.format("c", "d", "text"))
    assert [screen.name for screen in scene.screens] == ["a", "b", "c", "d"]
    with pytest.raises(SceneError, match=r"scene.toml:6: \[screen 2\]: item\[0\].buton"):
        folder.load(own + screens.format("c", "d", "buton"))
    include(folder, "shared.toml", screens.format("a", "b", "buton"))
    with pytest.raises(SceneError, match=r"shared.toml:5: \[screen 2\]: item\[0\].buton"):
        folder.load(own + screens.format("c", "d", "text"))
    file.write_text("[screen]\nname = 'a'")
    with pytest.raises(SceneError, match=r"shared.toml.*expected a list of tables"):
        folder.load(own)


def test_what_is_shared_stands_in_one_file(folder):
    file = include(folder, "shared.toml", "[input]\nmenu = ['ESCAPE']")
    with pytest.raises(SceneError) as caught:
        folder.load("include = ['shared.toml']\n[input]\njump = ['SPACE']")
    message = str(caught.value)
    assert f"{folder.path}/scene.toml:2: [input]: input stands in {file} as well" in message
    assert "keep all of it in one file" in message


def test_a_link_out_of_the_folder_is_refused(folder):
    outside = folder.path.parent / "outside.toml"
    outside.write_text("[prefab.a]")
    (folder.path / "prefabs.toml").symlink_to(outside)
    with pytest.raises(SceneError, match="leads out of the scene's folder"):
        folder.load("include = ['prefabs.toml']")
