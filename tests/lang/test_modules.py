"""Imports: what a module shows, whose functions it calls, where its errors are, and what is refused."""

from __future__ import annotations

import os

import pytest

from lang.bytecode.verify import verify
from lang.compile.compiler import compile_source
from lang.compile.frame import Options
from lang.errors import CompileError, ScriptError
from lang.interpreter import Interpreter
from lang.machine import Machine
from lang.modules import LARGEST_FILE, FolderResolver, ImportRefused, MappingResolver
from lang.prelude import prelude_program
from lang.source import Source
from lang.stdlib.table import standard_natives

UTIL = """
const SCALE = 10;
let hidden = 5;
export const LIMIT = 7;
export let total = 1;
export hidden as shown;
fn scaled(x) { x * global::SCALE }
fn twice(x) { scaled(x) * 2 }
private fn secret() { 1 }
fn all_scaled(list) { list.map(scaled) }
fn by_name(list) { list.map(Fn("scaled")) }
fn by_method() { 5.more() }
fn more() { this + 1 }
fn has(name, count) { is_def_fn(name, count) }
fn fails() { throw "no"; }
total += 41;
print("util");
"""
TEXTS = {
    "util": UTIL,
    "outer": 'import "util" as u; fn run(x) { u::twice(x) } export let more = u::LIMIT + 1;',
    "renamed": 'import "util" as u; export u as tools;',
    "inner": '{ import "util" as u; } fn f() { 1 }',
    "broken": "let x = ;",
    "fails": "let a = [1];\na[5]",
    "early": "export let a = 1; if a == 1 { return; } export let b = 2;",
    "one": 'import "two" as t;',
    "two": 'import "one" as o;',
    "itself": 'import "itself" as me;',
}


class Printing(Interpreter):
    """Keeps what scripts print."""

    def __init__(self, texts=None, **options):
        self.printed = []
        super().__init__(
            resolver=MappingResolver(TEXTS if texts is None else texts),
            on_print=self.printed.append,
            **options,
        )


@pytest.fixture(scope="module")
def interpreter():
    return Printing()


pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ('import "util" as u; [u::LIMIT, u::total, u::shown]', [7, 42, 5]),
        ('import "util" as u; u::twice(1)', 20),
        ('import "util" as u; fn f() { u::twice(u::LIMIT) } f()', 140),
        ('import "util" as u; let f = |x| u::twice(x); f.call(3)', 60),
        ('let f = (); { import "util" as u; f = || u::LIMIT; } f.call()', 7),
        ('fn f() { import "util" as u; u::LIMIT } [f(), f()]', [7, 7]),
        ('import "util" as u; import "util" as v; u::LIMIT + v::LIMIT', 14),
        ('import "ut" + "il" as u; u::LIMIT', 7),
        ('import "outer" as o; [o::run(2), o::more, o::u::LIMIT, o::u::twice(1)]', [40, 8, 7, 20]),
        ('import "renamed" as r; r::tools::LIMIT', 7),
        ('import "early" as e; e::a', 1),
        ('import "util" as u; let u = 3; u + u::LIMIT', 10),
        ('import "util" as u; is_def_fn("twice", 1)', False),
        ('import "util" as u; [u::has("secret", 0), u::has("mine", 0)]', [True, False]),
        ('fn more() { this * 100 } import "util" as u; [u::by_method(), 5.more()]', [6, 500]),
        ('import "util" as u; [u::all_scaled([1, 2]), u::by_name([3])]', [[10, 20], [30]]),
        ('fn scaled(x) { 0 } import "util" as u; u::twice(1)', 20),
        ('try { import "nowhere" as n; } catch (e) { return e.error; }', "ErrorModuleNotFound"),
        ('try { import "fails" as f; } catch (e) { return [e.error, e.line]; }', ["ErrorInModule", 1]),
    ],
)
def test_a_module_gives_what_it_exports(interpreter, script, value):
    assert interpreter.run(script) == value


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ('import "util" as u; u::secret()', "ErrorFunctionNotFound"),
        ('import "util" as u; u::scaled(1, 2)', "ErrorFunctionNotFound"),
        ('import "util" as u; u::hidden', "ErrorVariableNotFound"),
        ('import "util" as u; u::SCALE', "ErrorVariableNotFound"),
        ('import "early" as e; e::b', "ErrorVariableNotFound"),
        ('import "util" as u; twice(1)', "ErrorFunctionNotFound"),
        ('import "util" as u; 5.more()', "ErrorFunctionNotFound"),
        ('import "util" as u; u::LIMIT = 1;', "ErrorAssignmentToConstant"),
        ('{ import "util" as u; } u::LIMIT', "ErrorModuleNotFound"),
        ('if true { import "util" as u; } u::twice(1)', "ErrorModuleNotFound"),
        ('import "inner" as i; i::u::LIMIT', "ErrorModuleNotFound"),
        ('fn f() { u::LIMIT } { import "util" as u; f() }', "ErrorModuleNotFound"),
        ('import "nowhere" as n;', "ErrorModuleNotFound"),
        ('import "util"; util::twice(1)', "ErrorModuleNotFound"),
        ("nowhere::x = 1;", "ErrorModuleNotFound"),
    ],
)
def test_what_is_not_exported_is_not_there(interpreter, script, kind):
    with pytest.raises(ScriptError) as caught:
        interpreter.run(script)
    assert caught.value.kind == kind


def test_a_file_runs_once_in_each_run():
    interpreter = Printing()
    interpreter.run(
        'import "util"; import "util" as u; import "outer" as o; for i in 0..3 { import "util" as v; }'
    )
    assert interpreter.printed == ["util"]
    interpreter.run('import "util" as u; if false { import "outer" as o; }')
    assert interpreter.printed == ["util"] * 2


def test_an_error_names_the_file_that_it_is_in(interpreter):
    with pytest.raises(ScriptError) as caught:
        interpreter.run('import "util" as u;\nu::fails()')
    assert caught.value.diagnostic().startswith("util:15:14: Runtime error: no\n")
    assert "in fails() at script:2:4" in caught.value.diagnostic()
    with pytest.raises(CompileError) as refused:
        interpreter.run('import "broken" as b;')
    assert refused.value.diagnostic().startswith("broken:1:9: ")


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ('import "one" as o;', "one → two → one"),
        ('import "itself" as i;', "itself → itself"),
        ("let p = 1; import p as m;", "known when the script is compiled"),
    ],
)
def test_what_cannot_be_imported_says_why(interpreter, script, message):
    with pytest.raises(CompileError, match=message):
        interpreter.compile(script)


def test_a_program_lists_its_files_and_is_compiled_again_when_one_changes():
    texts = dict(TEXTS)
    interpreter = Printing(texts)
    script = 'import "outer" as o; o::more'
    assert interpreter.compile(script).files == ("script", "outer", "util")
    assert interpreter.run(script) == 8
    texts["util"] = "export const LIMIT = 1; fn twice(x) { x }"
    assert interpreter.run(script) == 2


def test_a_program_of_several_files_passes_the_verifier():
    natives = standard_natives()
    options = Options(natives, resolver=MappingResolver(TEXTS))
    text = 'import "outer" as o; 5.more(); o::run(1)'
    verify(compile_source(Source(text), options, prelude_program(natives)), len(natives.entries))


def test_without_a_resolver_nothing_can_be_imported():
    with pytest.raises(ScriptError, match="Module not found: util"):
        Interpreter().run('import "util" as u;')


def test_variables_of_a_module_are_state_of_each_instance():
    natives = standard_natives()
    counter = MappingResolver({"counter": "export let count = 0; fn up() { count += 1; count } up();"})
    options = Options(natives, entity=True, resolver=counter)
    text = 'import "counter" as c; let mine = c::count; fn step() { c::up(); mine = c::count; mine }'
    program = compile_source(Source(text), options, prelude_program(natives))
    machine = Machine(natives)
    first, second = machine.create(program), machine.create(program)
    machine.run_top_level(first)
    machine.run_top_level(second)
    step = program.callbacks["step"]
    assert [machine.call(first, step), machine.call(first, step), machine.call(second, step)] == [2, 3, 2]
    assert machine.state(first)["counter::count"] == 3
    with pytest.raises(CompileError, match="Function not found: c::nothing"):
        compile_source(Source('import "counter" as c; c::nothing()'), options, prelude_program(natives))
    with pytest.raises(CompileError, match="Module not found: nowhere"):
        compile_source(Source('import "nowhere" as n;'), options, prelude_program(natives))


# --- folders ------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "mod"
    (root / "lib").mkdir(parents=True)
    (root / "main.rhai").write_text("1")
    (root / "lib" / "a.rhai").write_text("fn f() { 1 }")
    (root / "lib" / "main.rhai").write_text("2")
    (root / "notes.txt").write_text("secret")
    (tmp_path / "outside.rhai").write_text("secret")
    return root


def found(folder, path, importer="main.rhai"):
    source = FolderResolver(folder).resolve(path, Source("", importer))
    return None if source is None else (source.name, source.text)


@pytest.mark.unit
def test_a_folder_gives_its_scripts(folder):
    assert found(folder, "lib/a") == ("lib/a.rhai", "fn f() { 1 }")
    assert found(folder, "lib/a.rhai") == ("lib/a.rhai", "fn f() { 1 }")
    assert found(folder, "a", "lib/main.rhai") == ("lib/a.rhai", "fn f() { 1 }")
    assert found(folder, "main", "lib/other.rhai") == ("lib/main.rhai", "2")
    assert found(folder, "lib/a", "lib/main.rhai") == ("lib/a.rhai", "fn f() { 1 }")
    assert found(folder, "nothing") is None
    assert found(folder, "lib") is None
    assert found(folder, "notes.txt") is None
    assert found(folder / "nowhere", "main") is None


@pytest.mark.security
@pytest.mark.parametrize(
    "path",
    [
        *("", ".", "..", "../outside", "lib/../../outside", "lib/..", "./main", "lib//a", "/etc/passwd"),
        *("\\\\server\\x", "lib\\a", "..\\outside", "C:main", "C:/main", "main.rhai:stream", "lib/a\0"),
        *("~/x", "lib/a ", "lib./a", "lib/a\n", "$HOME/x", "a" + "/a" * 64, "\u2025/outside", "lib/\u202ea"),
    ],
)
def test_no_path_leads_out_of_the_folder(folder, path):
    with pytest.raises(ImportRefused):
        found(folder, path)


@pytest.mark.security
def test_a_link_out_of_the_folder_is_refused_and_one_inside_is_not(folder):
    (folder / "out.rhai").symlink_to(folder.parent / "outside.rhai")
    (folder / "up").symlink_to(folder.parent)
    (folder / "in.rhai").symlink_to(folder / "lib" / "a.rhai")
    (folder / "loop.rhai").symlink_to(folder / "loop.rhai")
    for path in ("out", "up/outside"):
        with pytest.raises(ImportRefused):
            found(folder, path)
    assert found(folder, "in") == ("lib/a.rhai", "fn f() { 1 }")
    assert found(folder, "loop") is None
    link = folder.parent / "linked"
    link.symlink_to(folder)
    assert found(link, "lib/a") == ("lib/a.rhai", "fn f() { 1 }")


@pytest.mark.security
def test_what_is_no_script_is_not_read(folder):
    (folder / "binary.rhai").write_bytes(b"\xff\xfe")
    (folder / "large.rhai").write_bytes(b" " * (LARGEST_FILE + 1))
    os.mkfifo(folder / "pipe.rhai")
    (folder / "folder.rhai").mkdir()
    for path in ("binary", "large"):
        with pytest.raises(ImportRefused):
            found(folder, path)
    assert found(folder, "pipe") is None
    assert found(folder, "folder") is None


@pytest.mark.security
def test_an_importer_with_a_strange_name_changes_nothing(folder):
    for importer in ("../x.rhai", "/etc/x", "lib/../../x", "C:\\x"):
        assert found(folder, "outside", importer) is None
