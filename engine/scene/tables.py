"""The tables of a scene file, key by key. What is not declared here is an unknown key."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from engine.scene.animation import Animation
from engine.scene.components import Body, Collider, Health, Shape, Sound, Sprite, Text, Volume
from engine.scene.effects import Emitter
from engine.scene.values import Color, Integer, Name, NotNegative, Number, Position, Positive, Size, Vector
from lang.limits import ENTITY_LIMITS
from lang.limits import Limits as ScriptLimits

MOST_COPIES = 1_000_000
CALLBACKS_IN_A_TICK = 200
"""So many may use all that they may, unless the scene says otherwise."""
Stage = Literal["perception", "ai_planning", "simulation", "physics", "events", "commands", "animation"]
Pixels = Annotated[int, Meta(ge=1, le=16_384)]
Count = Annotated[int, Meta(ge=1, le=2**53)]


class SceneTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[scene]``: the scene as a whole."""

    name: str = ""
    """Shown as the title of the window."""
    game: str = ""
    """The game that the scene belongs to; scenes of one game share a player's keys. `name` when absent."""
    size: Size = (40.0, 24.0)
    """Width and height in metres; the lower left corner is (0, 0)."""
    seed: Integer = 0
    """Where all random numbers of a run begin."""
    background: Color = Color(0x10141CFF)
    """Colour behind everything."""
    pixels_per_metre: Positive = 32.0
    """How large a metre is in the window, before the zoom."""
    gravity: Vector = (0.0, -9.81)
    """Metres per second, each second."""
    filter: Literal["linear", "nearest"] = "linear"
    """How images are enlarged: smoothly, or so that their pixels stay squares."""


class Limits(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[limits]``: what scripts may use."""

    operations: Count = 10_000
    """A callback."""
    tick_operations: Count | None = None
    """All callbacks of a tick; the game and its mods share them. Who finds none is first in the next tick.
    When absent, two hundred times what a callback may take: 2_000_000."""
    call_depth: Annotated[int, Meta(ge=1, le=1_000)] = 64
    """Functions in each other."""
    memory: Count = 1_048_576
    """Bytes of live values of one script of one entity."""
    seconds: Positive = 1.0
    """A callback; the last resort, which stops the run."""
    all_memory: Count = 67_108_864
    """Bytes of the heaps of all scripts, with what they keep free; the game and its mods share them, as all
    that follows."""
    entities: Annotated[int, Meta(ge=1, le=10_000_000)] = 1_000_000
    """Alive at once."""
    commands: Count = 65_536
    """Entities that scripts let be born or destroy, and components that they add, in a tick."""
    events: Annotated[int, Meta(ge=1, le=131_072)] = 65_536
    """Messages, damage and deaths that scripts cause in a tick."""
    messages: Annotated[int, Meta(ge=1, le=8_388_608)] = 8_388_608
    """Bytes of values that messages and shared values carry in a tick."""
    texts: Count = 8_388_608
    """Bytes of texts, tags and names in a tick that were not known before."""
    particles: Annotated[int, Meta(ge=0, le=10_000_000)] = 100_000
    """Of all effects, alive at once; those that would be more are not born."""
    voices: Annotated[int, Meta(ge=1, le=256)] | None = None
    """Sounds at once, the music among them; those of the game never give way to those of a mod. `voices` of
    `[sound]` when absent, and never more than these."""

    @property
    def operations_of_a_tick(self) -> int:
        """Those that the game and its mods share."""
        return self.tick_operations or CALLBACKS_IN_A_TICK * self.operations

    @property
    def of_callbacks(self) -> ScriptLimits:
        """The limits that scripts run under."""
        return replace(
            ENTITY_LIMITS,
            operations=self.operations,
            call_depth=self.call_depth,
            memory=self.memory,
            seconds=self.seconds,
        )


class Camera(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[camera]``: what the window shows."""

    follow: str | None = None
    """The tag of the entity to keep in sight; without it and `position` the whole scene is shown."""
    zoom: Positive = 1.0
    """2 shows everything twice as large."""
    position: Vector | None = None
    """Where it looks in metres when it follows nobody."""
    bounds: tuple[Vector, Vector] | None = None
    """Lower left and upper right corner of what it never looks out of, in metres; the scene when absent."""
    smooth: NotNegative = 0.0
    """Seconds in which it makes half of the way to its target; 0 is at once."""
    dead_zone: tuple[NotNegative, NotNegative] = (0.0, 0.0)
    """Width and height in metres around the middle in which its target moves without it."""
    offset: Vector = (0.0, 0.0)
    """Metres from its target to where it looks."""

    def __post_init__(self) -> None:
        """Refuse a box whose corners are the wrong way around."""
        if self.bounds is not None:
            (left, bottom), (right, top) = self.bounds
            if left >= right or bottom >= top:
                raise ValueError("Expected the lower left corner of `bounds` first, then the upper right one")


class Window(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[window]``: the window, and how the picture lies in it."""

    title: str = ""
    """Its title; the name of the scene when empty."""
    size: tuple[Pixels, Pixels] | None = None
    """Width and height in pixels; fits the scene, or the virtual resolution, when absent."""
    virtual: tuple[Pixels, Pixels] | None = None
    """A resolution that the picture keeps in a window of any size; sizes in pixels mean pixels of it."""
    scaling: Literal["fit", "integer", "stretch"] = "fit"
    """How a virtual resolution is enlarged: as far as it goes, by whole numbers only, or so that it fills the
    window. What remains is black."""
    fullscreen: bool = False
    """Whether it fills the screen at the start."""
    resizable: bool = True
    """Whether its size can be changed."""
    vsync: bool = True
    """Whether pictures wait for the screen."""
    rewind: bool = True
    """Whether Backspace or F10 takes back up to ten seconds while it is held."""


class SoundTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[sound]``: where sounds lie, and how they are mixed."""

    folders: tuple[Name, ...] = ("sounds",)
    """Where sound files are looked for, with the folders inside; of one name the first counts."""
    music: str = ""
    """The sound that goes round and round from the start."""
    button: str = ""
    """The sound of a pressed button of a screen."""
    master: Volume = 1.0
    """Volume of everything."""
    music_volume: Volume = 1.0
    """Volume of the music."""
    effects_volume: Volume = 1.0
    """Volume of all other sounds."""
    voices: Annotated[int, Meta(ge=1, le=256)] = 64
    """Sounds at once; beyond them the least important gives way."""
    reference: Positive = 4.0
    """Metres around the listener within which a sound with a place has its full volume."""


class Teams(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[teams]``: how teams stand to each other. Different teams are hostile unless it is said here."""

    neutral: tuple[Name, ...] = ("neutral",)
    """Teams without enemies. Who is in no team is neutral as well."""
    allied: tuple[tuple[Name, Name], ...] = ()
    """Pairs of teams that help each other."""
    hostile: tuple[tuple[Name, Name], ...] = ()
    """Pairs of teams that fight although one of them is neutral."""

    def __post_init__(self) -> None:
        """Refuse pairs that say two things of two teams."""
        pairs = [frozenset(pair) for pair in (*self.allied, *self.hostile)]
        if any(len(pair) < 2 for pair in pairs):
            raise ValueError("Expected two different teams in each pair")
        if len(set(pairs)) != len(pairs):
            raise ValueError("Expected each pair of teams once in `allied` and `hostile`")


class StatusEffect(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[status.NAME]``: what a status effect does to whom it is applied, at magnitude 1."""

    damage: NotNegative = 0.0
    """Hit points lost a second, whatever the armor."""
    healing: NotNegative = 0.0
    """Hit points won a second."""
    slow: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.0
    """The part of the steps of `move_towards` that is lost."""
    stun: bool = False
    """`move_towards` does not move it at all."""
    stacking: Literal["refresh", "stack"] = "refresh"
    """Applied again: the longer time and the larger magnitude, or the magnitudes added."""


class Prefab(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[prefab.NAME]``: the components an entity is born with, and its children."""

    prefab: Name | None = None
    """The prefab whose keys it takes; each may be given anew."""
    tag: str = ""
    """What scripts find it by; several entities may share one."""
    team: str = ""
    """Different teams are hostile to each other, unless `[teams]` says otherwise."""
    position: Position = (0.0, 0.0)
    """Metres; a third number is the drawing depth z."""
    rotation: Number = 0.0
    """Radians counter-clockwise."""
    scale: Vector = (1.0, 1.0)
    """Factors of width and height."""
    velocity: Vector | None = None
    """Metres a second."""
    angular_velocity: Number | None = None
    """Radians a second."""
    sprite: Sprite | None = None
    """How it looks."""
    collider: Collider | None = None
    """What touches."""
    body: Body | None = None
    """How physics moves it; without one, a collider without velocity is an immovable solid."""
    health: Health | None = None
    """Hit points."""
    text: Text | None = None
    """Drawn text."""
    emitter: Emitter | None = None
    """Particles that it makes."""
    sound: Sound | None = None
    """What is heard from it."""
    animation: Animation | None = None
    """What moves its picture and itself."""
    script: Name | None = None
    """A `.rhai` file."""
    scripts: tuple[Name, ...] | None = None
    """Several scripts, instead of `script`."""
    child: dict[Name, Prefab] = field(default_factory=dict)
    """Entities that follow it, by name; their positions, rotations and scales count from it."""

    def __post_init__(self) -> None:
        """Refuse two ways to say one thing, and one script twice."""
        if self.script is not None and self.scripts is not None:
            raise ValueError("Expected one of `script` and `scripts`, not both")
        if self.scripts is not None and len(set(self.scripts)) != len(self.scripts):
            raise ValueError("Expected each script once in `scripts`")

    @property
    def script_names(self) -> tuple[str, ...]:
        """The scripts, in their order, relative to the scene's folder."""
        if self.script is not None:
            return (self.script,)
        return self.scripts or ()

    @property
    def place(self) -> tuple[float, float, float]:
        """The position as (x, y, z)."""
        x, y, *z = self.position
        return (x, y, z[0] if z else 0.0)


class Entity(Prefab, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[entity]]``: a prefab's keys, and where it stands how often."""

    count: Annotated[int, Meta(ge=1, le=MOST_COPIES)] = 1
    """How many copies."""
    spread: Shape | None = None
    """Where copies stand: a box whose lower left corner is `position`, or a circle around it."""


class System(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[system]]``: a script that runs once a tick over a query."""

    script: Name
    """A `.rhai` file."""
    stage: Stage = "simulation"
    """When in the tick it runs."""
    with_components: tuple[Name, ...] = field(default=(), name="with")
    """Only entities that have all of these components, built-in or declared."""
    without_components: tuple[Name, ...] = field(default=(), name="without")
    """Only entities that have none of these components."""
