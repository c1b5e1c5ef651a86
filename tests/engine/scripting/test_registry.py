"""The registry of API functions: complete, the source of the pages, and its examples work."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from engine.scripting.compiling import CALLBACKS, check_script, script_natives
from engine.scripting.declaration import ArgumentType, Category
from engine.scripting.reference import OVERVIEW, REFERENCE, WIDTH, reference, with_lists
from engine.scripting.refusals import Refusal
from engine.scripting.registry import FUNCTIONS, ROOMS, functions_by_name, parameter_name
from tests.engine.scripting.api_world import api_game, call

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
STATED = """
get_position set_position move_towards teleport face_direction get_velocity
apply_damage heal get_health set_health is_alive get_armor apply_status_effect clear_status_effects
get_nearest_enemy get_allies_in_radius raycast line_of_sight cover_score threat_level
get_tag set_tag get_component set_component spawn_entity destroy_entity find_entity_by_tag distance
play_sound stop_sound play_animation spawn_particle screen_shake
add_to_inventory remove_from_inventory has_item get_item_count
"""


def test_nothing_is_missing():
    assert len(STATED.split()) == 37
    assert set(STATED.split()) <= set(functions_by_name())


def test_every_function_of_the_compiler_is_declared_once():
    natives = script_natives()
    assert {entry.name for entry in natives.entries if entry.api} == set(functions_by_name())
    for function in FUNCTIONS:
        _, entry = natives.find(function.name)
        assert entry.implementation is function.implementation
        assert sorted(entry.counts) == sorted(function.counts)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_declaration_says_all_there_is_to_say(function):
    assert function.brief
    assert function.brief[-1] != "."
    assert function.pitfalls
    assert function.example.strip()
    names = [one.name for form in function.forms for one in form]
    assert all(name.isidentifier() for name in names)
    for form in function.forms:
        optional = [one.default is not None for one in form]
        assert optional == sorted(optional), "what may be left out comes last"
    if function.name.startswith(("get_", "has_", "is_", "find_")):
        assert function.result
        assert not function.writes


def test_every_type_and_category_is_used():
    used = {one.type for function in FUNCTIONS for form in function.forms for one in form}
    assert used == set(ArgumentType)
    assert {function.category for function in FUNCTIONS} == set(Category)


def test_a_room_imports_no_other_room():
    """What rooms share has a home of its own: an edit of one recompiles no other."""
    names = {room.__name__ for room in ROOMS}
    for room in ROOMS:
        tree = ast.parse(Path(room.__file__).read_text(encoding="utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not imported & names, room.__name__


def test_arguments_have_the_names_of_the_form_that_is_called():
    assert parameter_name("move_towards", 2, 3, Refusal.NEGATIVE) == "`max_step`"
    assert parameter_name("random", 1, 2, Refusal.NOT_AN_INT) == "`b`"
    assert parameter_name("play_sound", 1, 2, Refusal.NOT_A_VECTOR) == "`at`"
    assert parameter_name("play_sound", 1, 2, Refusal.NEGATIVE) == "`volume`"
    assert parameter_name("play_sound", 3, 4, Refusal.NEGATIVE) == "`pitch`"
    assert parameter_name("nobody", 0, 1, Refusal.NEGATIVE) == "argument 1"


def test_no_function_hides_a_property_of_the_language(tmp_path):
    reads = "fn on_spawn() { let x = 1; x.tag = 3; print([(2..5).start, x.tag, `ab`.len]); }"
    game = api_game(tmp_path, '[[entity]]\nscript = "reads.rhai"', reads=reads)
    assert game.drain_log() == ["[2, 3, 2]"]
    natives = script_natives()
    properties = {entry.name for entry in natives.entries if entry.is_property}
    assert properties == {name for name, at in natives.properties.items() if natives.entries[at].is_property}


class TestPages:
    def test_they_are_fresh(self):
        """When this fails: python -m engine.scripting.reference docs"""
        assert (DOCS / REFERENCE).read_text(encoding="utf-8") == reference()
        page = (DOCS / OVERVIEW).read_text(encoding="utf-8")
        assert with_lists(page) == page

    def test_the_overview_lists_every_function_once(self):
        page = (DOCS / OVERVIEW).read_text(encoding="utf-8")
        listed = Counter(re.findall(r"^- `(\w+)\(", page, re.MULTILINE))
        for function in FUNCTIONS:
            assert listed[function.name] == 1, function.name

    @pytest.mark.parametrize("page", [REFERENCE, OVERVIEW])
    def test_they_fit_a_terminal(self, page):
        for line in (DOCS / page).read_text(encoding="utf-8").splitlines():
            assert len(line) <= WIDTH, line


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_an_example_uses_its_function_and_compiles(function):
    assert re.search(rf"\b{function.name}\(", function.example)
    findings = check_script(function.example, f"{function.name}.rhai")
    assert [finding.text for finding in findings if not finding.kind.startswith("unused")] == []


ARGUMENTS = {
    "on_collision": [(1,)],
    "on_damage": [(5.0, 1)],
    "on_death": [(1,)],
    "on_input": [("menu", True)],
}
"""What callbacks are called with that are not called by a name that the example compares with."""


def test_the_examples_run(tmp_path):
    """All in one game: every callback of every example is called as the example hopes for, and none fails."""
    entity = '[[entity]]\nprefab = "actor"\ntag = "{}"\nposition = [{}, 0.5]\nscript = "{}.rhai"\n'
    names = [function.name for function in FUNCTIONS]
    tags = {"send_message": "Door"}
    scene = "".join(entity.format(tags.get(name, "Player"), i / 20, name) for i, name in enumerate(names))
    game = api_game(tmp_path, scene, **{function.name: function.example for function in FUNCTIONS})
    failed = []
    for function in FUNCTIONS:
        program = game.scripts.files[f"{function.name}.rhai"].program
        wanted = re.findall(r'name == "([^"]+)"', function.example) or ["any"]
        for callback in [name for name in program.callbacks if name in CALLBACKS]:
            named = [(one, 1, 1)[: CALLBACKS[callback]] for one in wanted]
            if function.name == "send_message" and callback == "on_message":
                continue  # a message of its own comes in the events of the tick
            for arguments in ARGUMENTS.get(callback, named if CALLBACKS[callback] else [()]):
                count = program.infos[program.callbacks[callback]].parameters
                failed += call(game, f"{function.name}.rhai", callback, *arguments[: len(count)])
    game.step()
    assert [error.diagnostic() for error in failed] == []
    assert [failure.diagnostic for failure in game.error_reports] == []
    assert "opened by" in "".join(game.drain_log())
    game.close()
