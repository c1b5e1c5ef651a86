"""The kept tables: made anew when absent, damaged or unwritable."""

import pytest

from lang.syntax import tables

pytestmark = pytest.mark.unit

GRAMMAR = "%declare A\nscript: A -> one\n"


@pytest.fixture
def made():
    return tables.make(GRAMMAR)


def test_tables_survive_a_file(tmp_path, made):
    path = tmp_path / "new" / "tables"
    tables.write(path, made)
    assert tables.read(path) == made
    assert [file.name for file in path.parent.iterdir()] == ["tables"]


def test_an_absent_file_is_no_table(tmp_path):
    assert tables.read(tmp_path / "none") is None


@pytest.mark.parametrize("position", [0, 40, -1])
def test_a_damaged_file_is_no_table(tmp_path, made, position):
    path = tmp_path / "tables"
    tables.write(path, made)
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(data)
    assert tables.read(path) is None
    path.write_bytes(data[:20])
    assert tables.read(path) is None


def test_a_folder_that_cannot_be_made_does_not_matter(tmp_path, made):
    (tmp_path / "file").write_text("")
    tables.write(tmp_path / "file" / "tables", made)


def test_productions_that_only_pass_a_value_need_no_callback(made):
    assert [production.callback for production in made.productions] == ["one"]
    passing = tables.make("%declare A\n?script: A\n")
    assert [production.callback for production in passing.productions] == [""]
