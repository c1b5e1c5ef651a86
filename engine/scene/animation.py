"""Animation as a scene file writes it: clips, animators, and what an entity is born with."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, Struct, field

from engine.animation.layout import MOST_EVENTS, MOST_PARAMETERS
from engine.scene.curves import finite_number
from engine.scene.values import COLOR_FORMS, Color, Name, NotNegative, Number, Positive, Vector

MOST_KEYS, MOST_FRAMES, MOST_TRANSITIONS = 1_000, 10_000, 1_000
ANY = "*"
EaseName = Literal[
    "linear",
    "step",
    "in_quad",
    "out_quad",
    "in_out_quad",
    "in_cubic",
    "out_cubic",
    "in_out_cubic",
    "in_sine",
    "out_sine",
    "in_out_sine",
    "in_back",
    "out_back",
    "in_out_back",
    "in_bounce",
    "out_bounce",
    "in_out_bounce",
    "in_elastic",
    "out_elastic",
    "in_out_elastic",
]
Cells = Annotated[int, Meta(ge=1, le=1_000)]
Frame = Annotated[int, Meta(ge=0, le=999_999)]


class KeyValue(tuple[float, ...]):
    """What a key of a track gives: one number, two, or the four channels of a colour, each 0 to 255."""

    __slots__ = ()
    forms: ClassVar[str] = f"a number, [x, y], or a colour: {COLOR_FORMS}"
    schema: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"type": "number"},
            {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
            Color.schema,
        ]
    }

    @classmethod
    def parse(cls, value: object) -> KeyValue:
        """Read a number, a list of two or a colour; anything else is a ValueError."""
        if isinstance(value, str):
            return cls(Color.parse(value).channels())
        if not isinstance(value, list):
            return cls((finite_number(value),))
        if len(value) != 2:
            raise ValueError(f"expected two numbers, not {len(value)}")
        return cls(finite_number(one) for one in value)

    def toml(self) -> str:
        """Return it as a scene writes it."""
        if self.is_color:
            return self.color.toml()
        return str(self[0]) if len(self) == 1 else str(list(self))

    @property
    def is_color(self) -> bool:
        """Whether it is a colour."""
        return len(self) == 4

    @property
    def color(self) -> Color:
        """The colour that it is."""
        red, green, blue, alpha = (int(channel) for channel in self)
        return Color(red << 24 | green << 16 | blue << 8 | alpha)

    @property
    def numbers(self) -> tuple[float, float]:
        """Its two numbers; a single one stands for both."""
        return (self[0], self[-1])


class Key(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``keys = [{ … }]``: the value of a track at a time."""

    time: NotNegative
    """Seconds from the start of the clip; later than that of the key before."""
    value: KeyValue
    """What the property has then: a number, `[x, y]` or a colour."""
    ease: EaseName = "linear"
    """How it goes on to the next key."""


class Track(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``tracks = [{ … }]``: how one property goes over the time of a clip."""

    property: Literal["position", "rotation", "scale", "color"]
    """`position`: metres `[x, y]` beside the place at rest; `rotation`: radians added to that at
    rest; `scale`: a factor or `[x, y]` of that at rest; `color`: multiplies the sprite's colour."""
    keys: Annotated[tuple[Key, ...], Meta(min_length=1, max_length=MOST_KEYS)]
    """Its values over time; before the first key that one holds, after the last key the last one."""

    def __post_init__(self) -> None:
        """Refuse values of another kind, and times that do not rise."""
        for number, key in enumerate(self.keys):
            _check_value(self.property, key.value, number)
            if number and key.time <= self.keys[number - 1].time:
                raise ValueError(f"Expected the time of `keys[{number}]` to be above that of the key before")


_EXPECTED = {
    "position": (2, "a list of two numbers"),
    "rotation": (1, "a number of radians"),
    "color": (4, 'a colour such as "#ffd24a"'),
}


def _check_value(name: str, value: KeyValue, number: int) -> None:
    if name == "scale":
        fits, wanted = not value.is_color, "a number or a list of two numbers"
    else:
        count, wanted = _EXPECTED[name]
        fits = len(value) == count
    if not fits:
        raise ValueError(f"Expected the value of `keys[{number}]` to be {wanted} for a track of `{name}`")


class ClipEvent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``events = [{ … }]``: what `on_animation_event` is told at a time of a clip."""

    time: NotNegative
    """Seconds from the start of the clip, at most its duration."""
    name: Name
    """What the callback is told."""


class Clip(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[clip.NAME]``: frames of an image and tracks of properties over time."""

    play: Literal["once", "loop", "pingpong"] = "once"
    """`once` stays at its end and tells `on_animation_end`; `loop` begins again; `pingpong` turns back."""
    frames: Annotated[tuple[Frame, ...], Meta(max_length=MOST_FRAMES)] = ()
    """Frames of the image one after the other; 0 is the upper left one, counted row by row."""
    fps: Annotated[float, Meta(gt=0.0, le=1_000.0)] = 10.0
    """Frames a second."""
    image: Name | None = None
    """The image file of the frames; the sprite's own when absent."""
    grid: tuple[Cells, Cells] | None = None
    """Columns and rows of frames in the image; the sprite's own when absent."""
    tracks: Annotated[tuple[Track, ...], Meta(max_length=4)] = ()
    """Properties that change."""
    pivot: Vector = (0.0, 0.0)
    """The point around which rotation and scale are, in metres from the middle of the unturned entity."""
    events: Annotated[tuple[ClipEvent, ...], Meta(max_length=MOST_EVENTS)] = ()
    """What happens on the way."""
    duration: Positive | None = None
    """Seconds; as long as the frames and the last key need when absent."""

    def __post_init__(self) -> None:
        """Refuse a clip of nothing, a property twice, frames and events beyond the end."""
        properties = [track.property for track in self.tracks]
        if len(set(properties)) != len(properties):
            raise ValueError("Expected at most one track of each property")
        if self.grid is None and self.image is not None:
            raise ValueError("Expected `grid` together with `image`")
        if self.grid is not None and any(one >= self.grid[0] * self.grid[1] for one in self.frames):
            raise ValueError(f"Expected frames below {self.grid[0] * self.grid[1]}, as many as `grid` has")
        if self.length <= 0.0:
            raise ValueError("Expected `frames`, a track with a key after time 0, or a `duration`")
        if any(event.time > self.length for event in self.events):
            raise ValueError(f"Expected events at {self.length:g} seconds at most, the duration")

    @property
    def length(self) -> float:
        """Its duration in seconds."""
        if self.duration is not None:
            return self.duration
        last_keys = [track.keys[-1].time for track in self.tracks]
        return max([len(self.frames) / self.fps, *last_keys])


class State(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``states = [{ … }]``: a state of an animator, in which one clip plays."""

    name: Name
    """What transitions and `play_animation` call it."""
    clip: Name
    """The clip that plays."""
    speed: NotNegative = 1.0
    """Factor of the clip's own pace."""


class When(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``when = { … }``: what a transition waits for; all of it must hold."""

    end: bool = False
    """The clip has come to its end; one that goes round has come round."""
    speed_above: NotNegative | None = None
    """The entity moved faster in this tick, in metres a second."""
    speed_below: NotNegative | None = None
    """The entity moved more slowly in this tick."""
    trigger: Name | None = None
    """A trigger was set; the transition takes it back."""
    parameter: Name | None = None
    """The parameter of which the next three speak."""
    above: Number | None = None
    """It is above this."""
    below: Number | None = None
    """It is below this."""
    equals: Number | None = None
    """It is this."""

    def __post_init__(self) -> None:
        """Refuse nothing, and bounds of no parameter."""
        bounds = (self.above, self.below, self.equals)
        if (self.parameter is None) != all(bound is None for bound in bounds):
            raise ValueError("Expected `parameter` together with `above`, `below` or `equals`")
        others = (self.speed_above, self.speed_below, self.trigger, self.parameter)
        if not self.end and all(other is None for other in others):
            raise ValueError("Expected something to wait for, such as `end = true`")


class Transition(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``transitions = [{ … }]``: a way from one state to another; the first that may be taken is."""

    begin: Name = field(name="from")
    """The state it leads away from; `"*"` for any."""
    to: Name
    """The state it leads to."""
    when: When
    """What it waits for."""
    blend: NotNegative = 0.0
    """Seconds from the old pose to the new one; frames change at once."""


Names = Annotated[tuple[Name, ...], Meta(max_length=MOST_PARAMETERS)]


class Animator(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[animator.NAME]``: a state machine over clips."""

    states: Annotated[tuple[State, ...], Meta(min_length=1, max_length=100)]
    """Its states; it begins in the first."""
    transitions: Annotated[tuple[Transition, ...], Meta(max_length=MOST_TRANSITIONS)] = ()
    """Ways from state to state; the first whose conditions hold is taken, one in a tick."""
    parameters: Names = ()
    """Numbers that scripts set with `set_animation_parameter`; 0 at first."""
    triggers: Names = ()
    """Switches that scripts set and a transition sets back."""

    def __post_init__(self) -> None:
        """Refuse names that are there twice, and more than an entity has room for."""
        states = [state.name for state in self.states]
        if len(set(states)) != len(states) or ANY in states:
            raise ValueError(f"Expected a name of its own for each state, and none of them `{ANY}`")
        if len(set(self.settable)) != len(self.settable):
            raise ValueError("Expected a name of its own for each parameter and trigger")
        if len(self.settable) > MOST_PARAMETERS:
            raise ValueError(f"Expected at most {MOST_PARAMETERS} parameters and triggers together")

    @property
    def settable(self) -> tuple[str, ...]:
        """What scripts may set: parameters, then triggers."""
        return (*self.parameters, *self.triggers)


class Animation(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What it plays from birth on; empty: nothing until `play_animation`."""

    clip: Name | None = None
    """A clip."""
    animator: Name | None = None
    """A state machine that chooses clips."""
    speed: NotNegative = 1.0
    """Factor of the pace of all it plays."""
    start: NotNegative = 0.0
    """Seconds into the first clip at which it begins."""

    def __post_init__(self) -> None:
        """Refuse two masters."""
        if self.clip is not None and self.animator is not None:
            raise ValueError("Expected one of `clip` and `animator`, not both")
