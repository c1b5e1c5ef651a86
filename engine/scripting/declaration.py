"""What an API function is to those who call it: one declaration each, beside its kernel.

The compiler's table, the messages about refused calls, the reference and the tests are made from these.
`engine.scripting.registry` gathers them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, unique
from typing import NamedTuple

from engine.scripting.refusals import Refusal
from engine.space.layout import Part
from lang.jit import Native
from lang.stdlib.registry import HostFunction, NativeEntry

_ENTITY = (Refusal.NOT_AN_ENTITY, Refusal.STALE_ENTITY)
_NUMBER = (Refusal.NOT_A_NUMBER, Refusal.NOT_FINITE)
_VECTOR = (Refusal.NOT_A_VECTOR, Refusal.VECTOR_NOT_FINITE)
_STRING = (Refusal.NOT_A_STRING,)
_PROPERTIES = (
    Refusal.LACKS_COMPONENT,
    Refusal.NOT_A_MAP_OF,
    Refusal.UNKNOWN_PROPERTY,
    Refusal.BAD_PROPERTY,
)


@unique
class Category(Enum):
    """Groups of functions in the order of the reference: title, what holds for all of a group."""

    MOVEMENT = "Movement", "Metres with y up, radians counter-clockwise."
    TACTICS = (
        "Near and far, friend and foe",
        (
            "Until stage `physics` all of these see where things were in stage `perception`, after it "
            "where physics has left them: what a script finds does not depend on which scripts ran before"
            " it. Who is spawned is found from the next stage `perception` on, who is destroyed until it "
            "is removed. Teams are as they are now: different teams are enemies unless `[teams]` of the "
            "scene says otherwise; who is in no team has neither enemies nor allies."
        ),
    )
    ENTITIES = (
        "Entities",
        "What is asked for is there at once, births and removals apart: these come at the end of the tick.",
    )
    COMBAT = "Combat", "Hit points are floats: no fraction is lost."
    INVENTORY = "Inventory", "Any entity can carry things, counted by name."
    MESSAGES = (
        "Messages, timers, shared values",
        (
            "Values cross from one script to another as copies. A closure, or a function pointer that "
            "carries values, cannot cross."
        ),
    )
    SEQUENCES = (
        "Sequences",
        (
            "A function that was started as a sequence may wait, and goes on in a later tick with all that "
            "it had. Sequences go on in stage `simulation`, after `on_update`: by script, entity and order "
            "of start. They end with their entity, when a callback of their script fails, and when a new "
            "version of the script has changed a function that they are in."
        ),
    )
    ANIMATION = "Animation", "Clips and animators are declared in the scene."
    WAYS = "Ways over the tile map", "For scenes with a `[tilemap]`."
    PICTURE = (
        "Picture",
        "What is seen is no part of the state: nothing tells a script what a player sees.",
    )
    SOUND = (
        "Sound",
        (
            "A name of a sound is a file (`.wav`, `.ogg`) below the scene's sound folders (`[sound]`, "
            "`sounds` unless it says otherwise), with or without its suffix. A name that nobody knows is "
            "a warning, once, and no error: what a script does must not depend on who has the files."
        ),
    )
    CHANCE = "Chance", "The same seed gives the same numbers in every run."
    INPUT = (
        "Input",
        (
            "Actions are named in the scene's `[input]` table. For movement, ask in `on_update`: "
            "`on_input` comes with the events, after physics."
        ),
    )
    SESSION = (
        "Scenes, pause and screens",
        (
            "What is asked for here happens after the tick, in the order in which it was asked for; of "
            "several changes of the scene the last counts."
        ),
    )

    def __init__(self, title: str, text: str) -> None:
        self.title = title
        self.text = text


@unique
class ArgumentType(Enum):
    """What a parameter accepts: its name in the reference, and why an argument may be refused."""

    ENTITY = "entity", _ENTITY
    ANY_ENTITY = "entity, gone or not", (Refusal.NOT_AN_ENTITY,)
    PLACED = "entity with a position", (*_ENTITY, Refusal.NO_TRANSFORM)
    WITH_COLLIDER = "entity with a collider", (*_ENTITY, Refusal.NO_COLLIDER)
    WITH_VELOCITY = "entity with a velocity or a moving body", (*_ENTITY, Refusal.NO_VELOCITY)
    WITH_DYNAMIC_BODY = "entity with a dynamic body", (*_ENTITY, Refusal.NO_DYNAMIC_BODY)
    WITH_HEALTH = "entity with health", (*_ENTITY, Refusal.NO_HEALTH)
    WITH_TEAM = "entity with a team", (*_ENTITY, Refusal.NO_TEAM)
    WITH_TEXT = "entity with a text", (*_ENTITY, Refusal.NO_TEXT)
    WITH_EMITTER = "entity with an emitter", (*_ENTITY, Refusal.NO_EMITTER)
    WITH_ANIMATION = "entity with an animation", (*_ENTITY, Refusal.NO_ANIMATION)
    WITH_ANIMATOR = "entity with an animator", (*_ENTITY, Refusal.NO_ANIMATOR)
    POSITION = "position", _VECTOR
    VECTOR = "vector", _VECTOR
    DIRECTION = "vector of any length but 0", (*_VECTOR, Refusal.NO_DIRECTION)
    PLACE = (
        "entity or position",
        (Refusal.NOT_A_PLACE, Refusal.VECTOR_NOT_FINITE, Refusal.STALE_ENTITY, Refusal.NO_TRANSFORM),
    )
    SOUND_PLACE = "position or `()`", _VECTOR
    SCALE = "number or vector", (*_VECTOR, Refusal.NOT_FINITE, Refusal.TOO_LARGE)
    NUMBER = "number", _NUMBER
    NOT_NEGATIVE = "number from 0 on", (*_NUMBER, Refusal.NEGATIVE)
    POSITIVE = "number above 0", (*_NUMBER, Refusal.NOT_POSITIVE)
    SECONDS = "number from 0 to a billion", (*_NUMBER, Refusal.NOT_A_TIME)
    INT = "int", (Refusal.NOT_AN_INT,)
    COUNT = "int from 0 on", (Refusal.NOT_AN_INT, Refusal.NEGATIVE)
    BOOL = "bool", (Refusal.NOT_A_BOOL,)
    FUNCTION = "function pointer", (Refusal.NOT_A_FUNCTION,)
    ARRAY = "array", (Refusal.NOT_AN_ARRAY,)
    SETTING = "number or bool", (Refusal.NOT_A_SETTING, Refusal.NOT_FINITE)
    NAME = "string", _STRING
    TEXT = "string of at most 16 KiB", (*_STRING, Refusal.TEXT_TOO_LONG)
    SOUND = "name or handle of a sound", (Refusal.NOT_A_SOUND, Refusal.TEXT_TOO_LONG)
    PREFAB = "name of a prefab", (*_STRING, Refusal.UNKNOWN_PREFAB)
    ACTION = "name of an action", (*_STRING, Refusal.UNKNOWN_ACTION)
    EFFECT = "name of an effect", (*_STRING, Refusal.UNKNOWN_EFFECT)
    STATUS = "name of a status effect", (*_STRING, Refusal.UNKNOWN_STATUS)
    CLIP = "name of a clip or state", (*_STRING, Refusal.UNKNOWN_ANIMATION)
    ANIMATOR_PARAMETER = "name of a parameter or trigger", (*_STRING, Refusal.UNKNOWN_PARAMETER)
    BUS = 'name of a bus: `"master"`, `"music"`, `"effects"`', (*_STRING, Refusal.UNKNOWN_BUS)
    SCREEN = "name of a screen", (*_STRING, Refusal.UNKNOWN_SCREEN)
    COMPONENT = "name of a component", (*_STRING, Refusal.UNKNOWN_COMPONENT)
    COMPONENT_VALUE = "value or map of properties", _PROPERTIES
    OVERRIDES = "map of components", (Refusal.NOT_OVERRIDES, Refusal.UNKNOWN_COMPONENT, *_PROPERTIES)
    VALUE = "any value that can cross", (Refusal.CANNOT_CROSS,)

    def __init__(self, label: str, refusals: tuple[Refusal, ...]) -> None:
        self.label = label
        self.refusals = refusals


class Parameter(NamedTuple):
    """One parameter.

    Attributes:
        unit: of its numbers: m, m/s, s, rad, hit points, …
        default: what it is when it is left out; None for one that a call must give.
        errors: why an argument may be refused beside the reasons of its type.
    """

    name: str
    type: ArgumentType
    unit: str = ""
    default: str | None = None
    errors: tuple[Refusal, ...] = ()

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Return why an argument may be refused."""
        return (*self.type.refusals, *self.errors)


@dataclass(frozen=True, kw_only=True)
class ApiFunction:
    """One function that scripts can call.

    Attributes:
        implementation: its kernel, or a host function.
        brief: what it does or gives, in a line. details: what there is to know beside that.
        result: type and meaning of what it returns; empty for ``()``.
        also: the parameters of another way to call it, where they are not the first ones of `parameters`.
        errors: why a call may be refused that is about no parameter.
        pitfalls: what users get wrong. example: a script, or statements of a callback.
        writes: whether it changes the world, which is refused where a new version of a script is tried out.
        needs: the parts of the space that are taken each tick while a script calls it by its name.
    """

    name: str
    implementation: Native | HostFunction
    category: Category
    parameters: tuple[Parameter, ...] = ()
    brief: str
    example: str
    result: str = ""
    details: str = ""
    also: tuple[Parameter, ...] | None = None
    errors: tuple[Refusal, ...] = ()
    pitfalls: tuple[str, ...] = ()
    writes: bool = False
    needs: Part = Part.NOTHING

    @property
    def forms(self) -> tuple[tuple[Parameter, ...], ...]:
        """Return the parameters of each way to call it, the ones that may be left out included."""
        return (self.parameters,) if self.also is None else (self.parameters, self.also)

    @property
    def counts(self) -> frozenset[int]:
        """Return how many arguments a call may have."""
        return frozenset(
            count
            for form in self.forms
            for count in range(sum(one.default is None for one in form), len(form) + 1)
        )

    def signatures(self) -> tuple[str, ...]:
        """Return how calls look, what may be left out in brackets: ``heal(e, amount)``."""
        return tuple(f"{self.name}({_listed(form)})" for form in self.forms)

    def entry(self) -> NativeEntry:
        """Return its row in the compiler's table."""
        counts = self.counts
        return NativeEntry(
            self.name,
            self.implementation,
            (min(counts), max(counts)),
            api=True,
            counts=counts,
            signatures=self.signatures(),
        )


def _listed(form: tuple[Parameter, ...]) -> str:
    text = ""
    for number, one in enumerate(form):
        part = f", {one.name}" if number else one.name
        text += part if one.default is None else f"[{part}]"
    return text
