"""A slow twin of the animation kernels: one entity, plain Python, straight from the scene's structs."""

import itertools
import math
from dataclasses import dataclass, field

EARLY = 1e-9
REST = {"position": (0.0, 0.0), "rotation": 0.0, "scale": (1.0, 1.0), "color": (255, 255, 255, 255)}


def curve(family, t):
    match family:
        case "quad":
            return t**2
        case "cubic":
            return t**3
        case "sine":
            return 1 - math.cos(t * math.pi / 2)
        case "back":
            return 2.70158 * t**3 - 1.70158 * t**2
        case "bounce":
            return 1 - bounce_out(1 - t)
        case "elastic":
            if t in {0, 1}:
                return t
            return -(2 ** (10 * t - 10)) * math.sin((10 * t - 10.75) * 2 * math.pi / 3)


def bounce_out(t):
    for end, middle, height in ((1, 0, 0), (2, 1.5, 0.75), (2.5, 2.25, 0.9375), (9, 2.625, 0.984375)):
        if t < end / 2.75:
            return 7.5625 * (t - middle / 2.75) ** 2 + height
    return None


def eased(name, t):
    if name == "linear":
        return t
    if name == "step":
        return float(t >= 1)
    way, _, family = name.rpartition("_")
    if way == "in":
        return curve(family, t)
    if way == "out":
        return 1 - curve(family, 1 - t)
    return curve(family, 2 * t) / 2 if t < 0.5 else 1 - curve(family, 2 - 2 * t) / 2


def value_of(kind, key):
    if kind == "color":
        return tuple(key.value)
    return key.value[0] if kind == "rotation" else key.value.numbers


def mix(a, b, part):
    if isinstance(a, tuple):
        return tuple(mix(x, y, part) for x, y in zip(a, b, strict=True))
    return a + (b - a) * part


def track_value(track, time):
    keys = track.keys
    if time <= keys[0].time:
        return value_of(track.property, keys[0])
    for before, after in itertools.pairwise(keys):
        if time < after.time:
            part = eased(before.ease, (time - before.time) / (after.time - before.time))
            value = mix(value_of(track.property, before), value_of(track.property, after), part)
            return clamped(value) if track.property == "color" else value
    return value_of(track.property, keys[-1])


def clamped(channels):
    return tuple(int(min(max(channel + 0.5, 0), 255)) for channel in channels)


def pose_of(clip, time):
    """Return what a clip adds to the rest at a time, by property; no pivot."""
    return REST | {track.property: track_value(track, time) for track in clip.tracks}


@dataclass
class Player:
    """One entity with a clip that repeats; `seen` is what `on_animation_event` and `_end` were told."""

    clip: object
    time: float = 0.0
    fresh: bool = True
    over: bool = False
    seen: list = field(default_factory=list)

    def tick(self, seconds):
        """Let the time go on by walking over every instant at which something happens."""
        if self.fresh:
            self.fresh = False
            self.seen += [event.name for event in self.clip.events if event.time <= EARLY]
            return
        if self.over:
            return
        length = self.clip.length
        period = length * (2 if self.clip.play == "pingpong" else 1)
        end = self.time + seconds
        marks = [(event.time, event.name) for event in self.clip.events]
        if self.clip.play == "pingpong":
            marks += [(2 * length - at, name) for at, name in marks if EARLY < at < length - EARLY]
        marks = [(at - EARLY, name) for at, name in marks]
        if self.clip.play == "once":
            self.seen += [name for at, name in marks if self.time < at <= end]
            self.time = end
            if end >= length - EARLY:
                self.time = length
                self.over = True
                self.seen.append("END")
            return
        rounds = 0 if end < period - EARLY else 1
        until = max(end - period * ((end + EARLY) // period), 0.0) if rounds else end
        for name in dict.fromkeys(name for _, name in marks):  # an event at most once in a tick
            times = [at for at, other in marks if other == name]
            if any((at > self.time or at <= until) if rounds else self.time < at <= until for at in times):
                self.seen.append(name)
        self.time = until

    def place(self):
        length = self.clip.length
        if self.clip.play == "pingpong" and self.time > length:
            return 2 * length - self.time
        return min(self.time, length)

    def frame(self):
        return self.clip.frames[min(int((self.place() + EARLY) * self.clip.fps), len(self.clip.frames) - 1)]
