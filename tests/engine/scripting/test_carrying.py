"""Items and status effects: counts, all or nothing, what an effect does each tick, and when it ends."""

import pytest

from engine.ecs.components import Field
from engine.errors import SaveError
from engine.game import Game
from engine.game.saves import game_bytes, restore_game

pytestmark = pytest.mark.integration

SCENE = """
[scene]
gravity = [0.0, 0.0]
[status.poison]
damage = 6.0
[status.regrowth]
healing = 3.0
[status.mud]
slow = 0.5
stacking = "stack"
[status.shock]
stun = true
[prefab.late]
tag = "Late"
[[entity]]
tag = "A"
position = [0.0, 0.0]
health = { value = 100, armor = 300 }
script = "a.rhai"
[[entity]]
tag = "B"
"""


@pytest.fixture
def played(folder):
    """Play a script of entity 1 for some ticks; return the game and what was printed."""

    def played(body, ticks=1, rest=""):
        text = f"fn on_update() {{ if tick == 0 {{ {body} }} }}\n{rest}"
        game = folder.game(SCENE, a=text, ticks=ticks)
        assert game.error_reports == [], game.error_reports
        return game, game.drain_log()

    return played


class TestItems:
    def test_are_counted_by_name_and_entity(self, played):
        body = """
            print(add_to_inventory(2, "Coin", 3)); print(add_to_inventory(2, "Coin"));
            print(add_to_inventory(2, "Key", 1));
            print(get_item_count(2, "Coin")); print(get_item_count(1, "Coin")); print(has_item(2, "Coin", 4));
            print(has_item(2, "Coin", 5)); print(has_item(2, "Key")); print(has_item(2, "Sword"));
        """
        assert played(body)[1] == ["3", "4", "1", "4", "0", "true", "false", "true", "false"]

    def test_are_removed_all_or_not_at_all(self, played):
        body = """
            add_to_inventory(1, "Coin", 3);
            print(remove_from_inventory(1, "Coin", 4)); print(get_item_count(1, "Coin"));
            print(remove_from_inventory(1, "Coin", 2)); print(remove_from_inventory(1, "Coin"));
            print(get_item_count(1, "Coin")); print(remove_from_inventory(1, "Coin"));
            print(add_to_inventory(1, "Coin", 0));
        """
        assert played(body)[1] == ["false", "3", "true", "true", "0", "false", "0"]

    def test_the_unborn_carry_and_who_is_gone_leaves_nothing(self, played):
        body = 'let e = spawn_entity("late", (1, 1)); add_to_inventory(e, "Coin", 2);'
        rest = 'fn on_timer() { let e = spawn_entity("late", (1, 1)); print(get_item_count(e, "Coin")); }'
        body += 'print(get_item_count(e, "Coin")); destroy_entity(e); start_timer("t", 0.05);'
        assert played(body, 6, rest)[1] == ["2", "0"]

    def test_rows_are_given_back(self, folder):
        change = "add_to_inventory(2, `i${i}`); remove_from_inventory(2, `i${i}`);"
        text = f"fn on_update() {{ for i in 0..300 {{ {change} }} }}"
        game = folder.game("[limits]\noperations = 100_000\n" + SCENE, a=text, ticks=100)
        assert game.error_reports == []
        assert game.scripts.items._rows.size < 60_000


class TestStatusEffects:
    def test_damage_a_second_whatever_the_armor_until_it_ends(self, played):
        game, _ = played('apply_status_effect(1, "poison", 0.5, 2.0);', 120)
        assert game.world.get(1, Field.HEALTH_VALUE) == pytest.approx(100 - 6)

    def test_applied_again_it_refreshes_or_stacks(self, played):
        body = 'apply_status_effect(1, "poison", 1); apply_status_effect(1, "poison", 0.5);'
        game, _ = played(body, 90)
        assert game.world.get(1, Field.HEALTH_VALUE) == pytest.approx(94)
        body = """
            apply_status_effect(1, "mud", 1, 0.5); apply_status_effect(1, "mud", 1, 0.5);
            move_towards(1, (10, 0), 2); print(get_position(1).x);
        """
        assert played(body)[1] == ["1.0"]

    def test_healing_stops_at_the_maximum(self, played):
        game, _ = played('set_health(1, 99); apply_status_effect(1, "regrowth", 2);', 150)
        assert game.world.get(1, Field.HEALTH_VALUE) == 100

    def test_stun_holds_and_ends(self, played):
        body = 'apply_status_effect(1, "shock", 0.05); print(has_status_effect(1, "shock"));'
        rest = "fn on_timer() { print(move_towards(1, (1, 0), 0.25)); print(get_position(1).x); }"
        body += 'print(move_towards(1, (1, 0), 0.25)); print(get_position(1).x); start_timer("t", 0.1);'
        assert played(body, 8, rest)[1] == ["true", "false", "0.0", "false", "0.25"]

    def test_cleared_they_do_nothing_more(self, played):
        body = 'apply_status_effect(1, "poison", 9); clear_status_effects(1);'
        body += 'print(has_status_effect(1, "poison"));'
        game, log = played(body, 10)
        assert log == ["false"]
        assert game.world.get(1, Field.HEALTH_VALUE) == 100

    def test_death_is_told_once_with_who_did_it(self, played):
        rest = "fn on_death(source) { print(`dead by ${source} at ${tick}`); }"
        _, log = played('set_health(1, 1); apply_status_effect(1, "poison", 9);', 60, rest)
        assert log == ["dead by 1 at 11"], "a float short of 0 after ten ticks"


@pytest.mark.security
def test_a_failed_callback_gave_and_took_nothing(folder):
    text = """
        fn on_spawn() {
            add_to_inventory(1, "a", 5); add_to_inventory(1, "b", 1); apply_status_effect(1, "mud", 5);
        }
        fn on_update() {
            add_to_inventory(1, "a", 1); add_to_inventory(1, "c", 1); add_to_inventory(2, "d", 1);
            remove_from_inventory(1, "b", 1); apply_status_effect(1, "mud", 9);
            apply_status_effect(2, "shock", 1);
            clear_status_effects(1);
            throw 1;
        }
    """
    game = folder.game(SCENE, a=text)
    lists = (game.scripts.items, game.scripts.statuses.lists)
    before = [one.entries().tolist() for one in lists]
    game.scripts.begin_tick(0, 1 / 60)
    game.scripts.dispatch_all("on_update")
    assert len(game.error_reports) == 1
    assert [one.entries().tolist() for one in lists] == before


BUSY = """
fn on_update() {
    add_to_inventory(entity_id, `i${random(0, 9)}`, random(1, 3));
    remove_from_inventory(entity_id, "i3", 1);
    if tick % 7 == 0 { apply_status_effect(entity_id, "poison", random(), random()); }
    if tick % 20 == 0 { apply_status_effect(entity_id, "mud", 0.5, 0.2); }
}
"""


def test_a_game_goes_on_from_a_save_as_if_it_had_not_stopped(folder):
    game = folder.game(SCENE, a=BUSY, ticks=45)
    saved = game_bytes(game)
    other = Game(game.scene)
    restore_game(other, saved)
    assert other.state_hash() == game.state_hash()
    for _ in range(40):
        game.step()
        other.step()
        assert other.state_hash() == game.state_hash()


def test_a_save_with_effects_that_the_scene_has_not_is_refused(folder):
    game = folder.game(SCENE, a=BUSY, ticks=9)
    saved = game_bytes(game)
    game.scripts.statuses.names = ()
    before = game.state_hash()
    with pytest.raises(SaveError, match="status effect"):
        restore_game(game, saved)
    assert game.state_hash() == before
