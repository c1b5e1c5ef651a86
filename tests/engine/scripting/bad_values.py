"""Arguments that each reason to refuse is about, and arguments that are good: by type, for all functions."""

from engine.scripting.declaration import ArgumentType as T
from engine.scripting.refusals import Refusal as R  # noqa: N817 - a table of them follows

NAN, INFINITY = "(0.0 / 0.0)", "(1.0 / 0.0)"
PLAIN = "3"
"""An entity that has a position and nothing else."""
BODILESS = "BODILESS"
"""An entity without a position, which only Python can make."""
GONE = "GONE"
"""The id of an entity that was removed; its index has a new owner."""
ENTITIES = {one for one in T if R.NOT_AN_ENTITY in one.refusals}
GOOD = dict.fromkeys(ENTITIES, "entity_id") | {
    T.POSITION: "(5, 3)",
    T.VECTOR: "[1, 0.5]",
    T.DIRECTION: "(1, 0, 0)",
    T.PLACE: "(5, 3)",
    T.SOUND_PLACE: "()",
    T.SCALE: "2",
    T.NUMBER: "1",
    T.NOT_NEGATIVE: "0.5",
    T.POSITIVE: "2",
    T.SECONDS: "1",
    T.INT: "3",
    T.COUNT: "1",
    T.FUNCTION: 'Fn("nothing_much")',
    T.ARRAY: "[]",
    T.BOOL: "true",
    T.SETTING: "1.5",
    T.NAME: '"Coin"',
    T.TEXT: '"text"',
    T.SOUND: '"coin"',
    T.PREFAB: '"coin"',
    T.ACTION: '"left"',
    T.EFFECT: '"sparks"',
    T.STATUS: '"burning"',
    T.CLIP: '"walk"',
    T.ANIMATOR_PARAMETER: '"speed"',
    T.BUS: '"music"',
    T.SCREEN: '"paused"',
    T.COMPONENT: '"health"',
    T.COMPONENT_VALUE: "#{ value: 50 }",
    T.OVERRIDES: '#{ tag: "Brute" }',
    T.VALUE: "[1, #{ a: 2 }]",
}
NO_VECTORS = ("[]", "[1]", "[1, 2, 3, 4]", '[1, "2"]', "#{ x: 1, y: 2 }", '"here"', "'c'", "true")
UNKNOWN = ('"nothing"', '""', '"Coin"')
BAD = {
    R.NOT_AN_ENTITY: ('"Player"', "1.0", "()", "[entity_id]", "(1, 2)"),
    R.STALE_ENTITY: ("999", "0", "-5", "entity_id + 4294967296", GONE),
    R.NO_TRANSFORM: (BODILESS,),
    R.NOT_FINITE: (NAN, INFINITY, f"-{INFINITY}"),
    R.VECTOR_NOT_FINITE: (f"({NAN}, 0.0)", f"(0.0, {INFINITY})", f"(0.0, 0.0, -{INFINITY})", f"[1, {NAN}]"),
    R.NOT_A_VECTOR: NO_VECTORS,
    R.NOT_A_PLACE: (*NO_VECTORS, "1.5", "()"),
    R.NOT_A_NUMBER: ('"1"', "()", "true", "[1]", "'1'"),
    R.NEGATIVE: ("-1",),
    R.NOT_POSITIVE: ("0", "-1.5"),
    R.NOT_A_TIME: ("-0.001", "1e10"),
    R.NOT_AN_INT: ("1.5", '"1"', "()"),
    R.NOT_A_FUNCTION: ("5", "()", '"nothing_much"'),
    R.NOT_TO_START: ('Fn("long_text")', 'Fn("nobody")'),
    R.NOT_AN_ARRAY: ("5", "()", "#{}"),
    R.NOT_A_BOOL: ("1", '"true"', "()"),
    R.NOT_A_SETTING: ('"x"', "()"),
    R.NOT_A_STRING: ("3", "'c'", "()", "[]"),
    R.NOT_A_SOUND: ("1.5", "()", "'c'"),
    R.NOT_OVERRIDES: ("5", "()", '"tag"'),
    R.TEXT_TOO_LONG: ("long_text(16385)",),
    R.CANNOT_CROSS: ('[Fn("long_text").curry(1)]',),
    R.TOO_LARGE: ("1000000001", "(-1e10, 1)", "[1, 1e308]"),
    R.NO_DIRECTION: ("(0, 0)", "(0.0, 0.0, 1.0)"),
    R.EMPTY_INTERVAL: ("2",),
    R.TOO_STRONG: ("(1.7e308, 0)",),
    R.TOO_MANY_ITEMS: ("9007199254740993",),
    R.TOO_MUCH_DATA: ("long_text(70000)",),
    R.UNKNOWN_COMPONENT: ("#{ nothing: 1 }",),
    R.LACKS_COMPONENT: ("#{ health: 5 }",),
    R.NOT_A_MAP_OF: ("#{ transform: 5 }",),
    R.UNKNOWN_PROPERTY: ("#{ transform: #{ w: 1 } }",),
    R.BAD_PROPERTY: ("#{ transform: #{ x: true } }", f"#{{ transform: #{{ x: {NAN} }} }}"),
}
"""By reason; those of names and of what an entity lacks follow below."""
BAD_COMPONENTS = {
    R.LACKS_COMPONENT: f'set_component({PLAIN}, "health", #{{ value: 5 }})',
    R.NOT_A_MAP_OF: 'set_component(entity_id, "health", 5)',
    R.UNKNOWN_PROPERTY: 'set_component(entity_id, "health", #{ value: 5, valu: 5 })',
    R.BAD_PROPERTY: f'set_component(entity_id, "health", #{{ armor: {NAN}, value: 5 }})',
}
"""Whole calls: what is wrong depends on the component."""
MISSING = {
    R.NO_COLLIDER,
    R.NO_VELOCITY,
    R.NO_DYNAMIC_BODY,
    R.NO_HEALTH,
    R.NO_TEAM,
    R.NO_TEXT,
    R.NO_EMITTER,
    R.NO_ANIMATION,
    R.NO_ANIMATOR,
}
NAMES = {
    R.UNKNOWN_PREFAB,
    R.UNKNOWN_ACTION,
    R.UNKNOWN_EFFECT,
    R.UNKNOWN_STATUS,
    R.UNKNOWN_ANIMATION,
    R.UNKNOWN_PARAMETER,
    R.UNKNOWN_BUS,
    R.UNKNOWN_SCREEN,
}


def bad_values(parameter, refusal):
    """Return the arguments for a parameter that are refused for a reason."""
    if refusal is R.UNKNOWN_COMPONENT and parameter.type is T.COMPONENT:
        return UNKNOWN
    if refusal in MISSING:
        return (PLAIN,)
    return UNKNOWN if refusal in NAMES else BAD[refusal]


def form_of(function, count):
    """Return the parameters of a call of so many arguments, the first form that takes them."""
    return next(f for f in function.forms if sum(one.default is None for one in f) <= count <= len(f))


def cases(function):
    """Yield (parameters of the call, number of the bad one, its value, refusal) for all that is refused."""
    for form in function.forms:
        for number, parameter in enumerate(form):
            for refusal in parameter.refusals:
                if refusal is R.NOT_A_NUMBER and form_of(function, len(form)) is not form:
                    continue  # what is no number at all is taken for an argument of the first form
                if parameter.type is not T.COMPONENT_VALUE:
                    yield from ((form, number, bad, refusal) for bad in bad_values(parameter, refusal))


_REAL = {T.NUMBER, T.NOT_NEGATIVE, T.POSITIVE, T.SECONDS, T.SETTING}
_VECTORS = {T.POSITION, T.VECTOR, T.DIRECTION, T.PLACE, T.SCALE, T.SOUND_PLACE}


def extreme_calls(function):
    """Yield calls with the ends of the numbers, one argument after the other."""
    for form in function.forms:
        for number, parameter in enumerate(form):
            values = ()
            if parameter.type in _REAL:
                values = ("1e308", "-1e308", "1e9", "5e-324", "0")
            elif parameter.type in _VECTORS:
                values = ("(1e308, -1e308)", "[1e308, 1e308, 1e308]", "(1e9, 0)", "(5e-324, 0)", "(0, 0)")
            elif parameter.type in {T.INT, T.COUNT}:
                values = ("9223372036854775807", "-9223372036854775807", "0")
            for value in values:
                arguments = good_arguments(form)
                arguments[number] = value
                yield f"{function.name}({', '.join(arguments)})"


def good_arguments(form):
    """Return what a call with these parameters may be given."""
    return [GOOD[one.type] for one in form]
