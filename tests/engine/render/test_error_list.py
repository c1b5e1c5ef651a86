"""The panel of errors without a window: what is chosen, dismissed and asked for, and what its lines say."""

import itertools
from pathlib import Path

import pytest

from engine.render.error_list import ErrorAction, ErrorList
from engine.render.error_text import LineRole, cells, error_lines, title_of
from engine.render.view import Fault, Place

pytestmark = pytest.mark.unit

TEXT = """{name}:12:5: Function not found: get_positon
   12 |     get_positon(entity_id);
      |     ^
  in think() at 20:9
  in on_update() at 30:1
hint: did you mean `get_position`?"""


def fault(name="a.rhai", text=TEXT, *, entities=1, others=0):
    place = Place(Path("/game") / name, 12, 5)
    return Fault(name, text.format(name=name), others, entities, place, is_script=True)


@pytest.fixture
def errors():
    """A list that has the keys, and what it asked for."""
    made = ErrorList()
    made.asked = []
    made.on_action = lambda action, fault: made.asked.append((action, fault.name))
    made.update([fault("a.rhai"), fault("b.rhai"), fault("c.rhai")])
    made.toggle()
    return made


def names(errors):
    return [one.name for one in errors.faults]


class TestKeys:
    def test_the_newest_is_on_top_and_chosen(self, errors):
        assert names(errors) == ["c.rhai", "b.rhai", "a.rhai"]
        assert errors.chosen.name == "c.rhai"

    @pytest.mark.parametrize(
        ("keys", "name"),
        [
            (["DOWN"], "b.rhai"),
            (["DOWN", "DOWN", "DOWN"], "a.rhai"),
            (["END", "UP"], "b.rhai"),
            (["PAGEDOWN"], "a.rhai"),
            (["END", "HOME"], "c.rhai"),
            (["UP"], "c.rhai"),
        ],
    )
    def test_the_selection_moves_and_stops_at_the_ends(self, errors, keys, name):
        assert [errors.press(key) for key in keys] == [True] * len(keys)
        assert errors.chosen.name == name

    def test_opening_and_trying_again_are_asked_for(self, errors):
        errors.press("DOWN")
        assert errors.press("ENTER")
        assert errors.press("R")
        assert errors.asked == [(ErrorAction.OPEN, "b.rhai"), (ErrorAction.RETRY, "b.rhai")]

    def test_without_the_keys_the_game_has_them_all(self, errors):
        assert errors.press("ESCAPE")
        assert errors.is_shown
        assert not any(errors.press(key) for key in ("UP", "ENTER", "R", "DELETE", "ESCAPE"))
        assert errors.asked == []

    def test_other_keys_are_the_games(self, errors):
        assert not errors.press("A")
        assert not errors.press("F3")

    def test_the_key_of_the_window_gives_keys_hides_and_shows(self):
        errors = ErrorList()
        errors.update([fault()])
        assert (errors.is_shown, errors.has_keys) == (True, False)
        errors.toggle()
        assert (errors.is_shown, errors.has_keys) == (True, True)
        errors.toggle()
        assert (errors.is_shown, errors.has_keys) == (False, False)
        errors.toggle()
        assert (errors.is_shown, errors.has_keys) == (True, True)

    def test_without_faults_there_are_no_keys_to_have(self):
        errors = ErrorList()
        errors.toggle()
        errors.toggle()
        assert not errors.has_keys
        assert not errors.press("UP")
        assert errors.chosen is None


class TestChanges:
    def test_a_dismissed_one_is_gone_until_it_fails_in_another_way(self, errors):
        errors.press("DELETE")
        assert names(errors) == ["b.rhai", "a.rhai"]
        errors.update([fault("a.rhai"), fault("b.rhai"), fault("c.rhai")])
        assert names(errors) == ["b.rhai", "a.rhai"]
        other = TEXT.replace("get_positon", "fly")
        errors.update([fault("a.rhai"), fault("b.rhai"), fault("c.rhai", other)])
        assert names(errors) == ["c.rhai", "b.rhai", "a.rhai"]

    def test_a_dismissed_one_that_was_mended_and_breaks_again_is_news(self, errors):
        errors.press("DELETE")
        errors.update([fault("a.rhai")])
        errors.update([fault("a.rhai"), fault("c.rhai")])
        assert names(errors) == ["c.rhai", "a.rhai"]

    def test_dismissing_the_last_gives_the_keys_back_and_the_window_s_key_brings_all_again(self, errors):
        for _ in range(3):
            errors.press("DELETE")
        assert not errors.has_keys
        assert errors.faults == ()
        errors.toggle()  # hides what is empty
        errors.toggle()
        assert len(errors.faults) == 3

    def test_who_reads_keeps_his_place_when_another_one_fails(self, errors):
        errors.press("DOWN")
        errors.update([fault("a.rhai"), fault("b.rhai"), fault("c.rhai"), fault("d.rhai")])
        assert errors.chosen.name == "b.rhai"
        errors.update([fault("a.rhai"), fault("d.rhai")])
        assert errors.chosen.name in {"a.rhai", "d.rhai"}

    def test_who_plays_sees_the_newest(self):
        errors = ErrorList()
        errors.update([fault("a.rhai")])
        errors.update([fault("a.rhai"), fault("b.rhai")])
        assert errors.chosen.name == "b.rhai"

    def test_something_new_shows_a_hidden_list_and_leaves_the_keys_to_the_game(self, errors):
        errors.toggle()
        errors.update([fault("a.rhai")])
        assert not errors.is_shown
        errors.update([fault("a.rhai"), fault("new.rhai")])
        assert (errors.is_shown, errors.has_keys) == (True, False)

    def test_the_next_game_keeps_it_hidden(self, errors):
        errors.toggle()
        after = ErrorList()
        after.follow(errors)
        assert not after.is_shown


def listed(*faults, keys=False, down=0):
    errors = ErrorList()
    errors.update(faults)
    if keys:
        errors.toggle()
        for _ in range(down):
            errors.press("DOWN")
    return errors


def texts(errors, rows=30, columns=100):
    return [line.text for line in error_lines(errors, rows, columns, "F2")]


class TestLines:
    def test_one_error_is_shown_whole(self):
        lines = error_lines(listed(fault()), 20, 80, "F2")
        body, keys = LineRole.BODY, LineRole.KEYS
        assert [line.role for line in lines] == [
            *(LineRole.HEADLINE, body, LineRole.CARET, body, body, LineRole.HINT, body, keys),
        ]
        assert lines[0].text == "a.rhai:12:5: Function not found: get_positon"
        assert "F2" in lines[-1].text

    def test_several_are_listed_with_line_count_and_message(self):
        lines = texts(listed(fault("a.rhai", entities=40), fault("b.rhai"), keys=True, down=1))
        assert lines[0] == "  b.rhai:12  Function not found: get_positon"
        assert lines[1] == "> a.rhai:12  ×40  Function not found: get_positon"
        assert lines[3] == "a.rhai:12:5: Function not found: get_positon"
        assert any("R retry" in line for line in lines)

    def test_the_title_counts(self):
        assert title_of(listed(fault(entities=1))) == "1 script fails  ·  1 entity waits"
        broken = Fault("effects.toml", "effects.toml: wrong")
        assert title_of(listed(fault(), fault("b", entities=4), broken)) == (
            "2 scripts fail  ·  1 file is at fault  ·  5 entities wait"
        )
        assert title_of(listed(broken)) == "1 file is at fault"

    def test_a_long_list_shows_what_is_around_the_chosen_one_and_counts_the_rest(self):
        errors = listed(*(fault(f"s{number}.rhai") for number in range(30)), keys=True, down=15)
        lines = texts(errors, rows=24)
        rows = lines[: lines.index("")]
        assert any(row.startswith("> s14.rhai") for row in rows)
        above, below = (int(row.split()[1]) for row in (rows[0], rows[-1]))
        assert above + below + len(rows) - 2 == 30

    @pytest.mark.parametrize("down", [0, 1, 28, 29])
    def test_the_ends_of_a_long_list(self, down):
        errors = listed(*(fault(f"s{number}.rhai") for number in range(30)), keys=True, down=down)
        rows = texts(errors, rows=24)
        assert any(row.startswith(f"> s{29 - down}.rhai") for row in rows)

    @pytest.mark.parametrize("count", [1, 2, 3, 30])
    @pytest.mark.parametrize("keys", [False, True])
    def test_lines_never_exceed_the_panel(self, count, keys):
        long = TEXT.replace("get_positon(", "get_positon(" + "名前, " * 40)
        faults = [fault(f"folder/größe/{number}/{'x' * 70}.rhai", long) for number in range(count)]
        errors = listed(*faults, keys=keys)
        for rows, columns in itertools.product(range(2, 40), (20, 33, 120)):
            lines = error_lines(errors, rows, columns, "F2")
            assert len(lines) <= rows
            assert all(cells(line.text) <= columns for line in lines)

    def test_a_small_panel_shows_message_line_and_caret_first(self):
        lines = texts(listed(fault(), fault("b.rhai")), rows=3, columns=60)
        assert [line.strip() for line in lines] == [
            "b.rhai:12:5: Function not found: get_positon",
            "12 |     get_positon(entity_id);",
            "|     ^",
        ]

    def test_the_caret_stays_under_its_place_however_long_the_line(self):
        code = "let a = " + "one + " * 30 + "HERE;"
        text = f"a.rhai:1:189: wrong\n    1 | {code}\n      | {' ' * code.index('HERE')}^"
        for columns in (30, 60, 100, 300):
            _, line, caret, *_ = texts(listed(fault(text=text)), columns=columns)
            assert line[caret.index("^") :].startswith("HERE")

    def test_wide_letters_take_two_columns(self):
        text = "a.rhai:1:9: wrong\n    1 | 世界 + HERE\n      |      ^"
        _, line, caret, *_ = texts(listed(fault(text=text)))
        assert caret.index("^") == cells(line[: line.index("HERE")])

    def test_a_long_message_goes_on_in_the_next_line(self):
        text = TEXT.replace("get_positon\n", "get_positon " + "of somebody " * 4 + "\n")
        lines = error_lines(listed(fault(text=text)), 20, 60, "F2")
        assert [line.role for line in lines[:3]] == [LineRole.HEADLINE] * 2 + [LineRole.BODY]

    def test_other_errors_of_the_script_are_counted(self):
        assert "  (and 2 other errors of this script)" in texts(listed(fault(others=2)))

    def test_nothing_wrong_has_no_lines(self):
        assert error_lines(ErrorList(), 10, 80, "F2") == []
