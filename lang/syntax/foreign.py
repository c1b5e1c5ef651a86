"""What other languages call things, and what they are called here: for hints."""

from __future__ import annotations

_CLASSES = "there are no classes: an object map holds values and functions, `#{ hp: 10, hurt: |n| … }`"
_NO_THREADS = "scripts run in one thread, one statement after another"
_DECLARED = "`let` declares a variable, `const` a constant"

WORDS = {
    "var": _DECLARED,
    "local": _DECLARED,
    "static": _DECLARED,
    "auto": _DECLARED,
    "null": "`()` stands for no value",
    "nil": "`()` stands for no value",
    "void": "`()` stands for no value",
    **dict.fromkeys(("function", "func", "def", "fun", "sub", "proc"), "a function begins with `fn`"),
    **dict.fromkeys(("elif", "elseif", "elsif"), "write `else if`"),
    **dict.fromkeys(("class", "struct", "enum", "interface", "impl"), _CLASSES),
    "new": "`#{ … }` makes an object map, a function can return one",
    "and": "write `&&`",
    "or": "write `||`",
    "not": "write `!`",
    "match": "write `switch x { 1 => …, _ => … }`",
    "case": "cases of a `switch` are written `1 => …,` and the last one `_ => …`",
    "default": "the last case of a `switch` is written `_ => …`",
    "foreach": "write `for x in list { … }`",
    "unless": "write `if !x { … }`",
    "repeat": "write `do { … } until x`, or `for i in 0..10 { … }`",
    "then": "a block stands in braces: `if x { … }`",
    "end": "a block ends with `}`",
    "use": 'write `import "file" as name`',
    "require": 'write `import "file" as name`',
    "from": 'write `import "file" as name`',
    "finally": "there is no `finally`: what must be done stands behind the `try … catch`",
    "except": "write `catch (e) { … }`",
    "raise": "write `throw`",
    "public": "functions are public unless they are `private`",
    "is": 'compare with `==`, types with `type_of(x) == "i64"`',
    "super": _CLASSES,
    "goto": "`break` and `continue` leave and go on with a loop",
    **dict.fromkeys(("async", "await", "yield", "thread", "spawn", "go", "sync"), _NO_THREADS),
}
"""Words that begin or join statements elsewhere: what to write."""

SYMBOLS = {
    "++": "write `x += 1`",
    "--": "write `x -= 1`",
    "?": "write `if a { b } else { c }`, which has a value",
    "->": "functions have no types: `fn f(a) { … }`",
    "$": "a value goes into a string between back quotes: `speed: ${x}`",
    "~": "there is no complement: write `x ^ -1`",
    "...": "ranges are written `a..b`, or `a..=b` with the last one",
    "|>": "write `f(x)` or `x.f()`",
    "===": "write `==`, which never converts",
    "!==": "write `!=`, which never converts",
}
"""Symbols that mean something elsewhere."""

VALUES = {
    "True": "true",
    "False": "false",
    "TRUE": "true",
    "FALSE": "false",
    **dict.fromkeys(("None", "undefined", "Null", "NULL", "Nil"), "()"),
    "self": "this",
    "PI": "PI()",
    "pi": "PI()",
    "Infinity": "1.0 / 0.0",
}
"""Names of values elsewhere: what to write."""

FUNCTIONS = {
    **dict.fromkeys(("println", "printf", "puts", "echo", "log_message", "console_log", "writeln"), "print"),
    **dict.fromkeys(("length", "size", "count", "strlen"), "len"),
    **dict.fromkeys(("str", "toString", "tostring", "String"), "to_string"),
    **dict.fromkeys(("toInt", "Int", "as_int"), "to_int"),
    **dict.fromkeys(("float", "toFloat", "Float", "as_float"), "to_float"),
    **dict.fromkeys(("parseInt", "atoi"), "parse_int"),
    **dict.fromkeys(("parseFloat", "atof"), "parse_float"),
    **dict.fromkeys(("indexOf", "find_index", "findIndex"), "index_of"),
    **dict.fromkeys(("substring", "substr", "slice"), "sub_string"),
    **dict.fromkeys(("includes", "has", "has_key", "contains_key"), "contains"),
    **dict.fromkeys(("upper", "toUpperCase", "to_uppercase"), "to_upper"),
    **dict.fromkeys(("lower", "toLowerCase", "to_lowercase"), "to_lower"),
    **dict.fromkeys(("startsWith", "startswith"), "starts_with"),
    **dict.fromkeys(("endsWith", "endswith"), "ends_with"),
    **dict.fromkeys(("forEach", "foreach", "each"), "for_each"),
    **dict.fromkeys(("push_back", "add", "append_item"), "push"),
    **dict.fromkeys(("pop_front", "dequeue"), "shift"),
    **dict.fromkeys(("typeof", "type", "typeOf"), "type_of"),
    **dict.fromkeys(("ceil",), "ceiling"),
    "strip": "trim",
    "reversed": "reverse",
    "sorted": "sort",
    "rand": "random",
    "isNaN": "is_nan",
    "isnan": "is_nan",
}
"""Names of functions elsewhere: the name here."""
