"""Screens of a scene: titles, menus, settings. Each is a column of items over the world."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct, field

from engine.scene.hud import Anchor, Binding, parse_text
from engine.scene.values import Color, Name, Positive, Size, told_of

MOST_ITEMS = 64
Words = Annotated[str, Meta(max_length=10_000)]


class Verb(StrEnum):
    """What a click does."""

    CLOSE = "close"
    RESUME = "resume"
    RESTART = "restart"
    QUIT = "quit"
    RESET_BINDINGS = "reset_bindings"
    OPEN = "open"
    SCENE = "scene"
    CALL = "call"


WITH_TARGET = (Verb.OPEN, Verb.SCENE, Verb.CALL)
ALSO_ALONE = (Verb.SCENE,)
"""Those with a target that mean the present one without it."""
CLICK_FORMS = ", ".join(
    f'"{verb}{" NAME" * has_target}"'
    for verb in Verb
    for has_target in (
        (False,) if verb not in WITH_TARGET else (True, False) if verb in ALSO_ALONE else (True,)
    )
)


class Click(NamedTuple):
    """What a button does, and with which screen, scene or name."""

    verb: Verb
    target: str = ""


def parse_click(text: str) -> Click:
    """Read ``"close"``, ``"open controls"`` and the like.

    Raises:
        ValueError: neither a verb nor a verb with a name.
    """
    word, _, target = text.partition(" ")
    target = target.strip()
    fits = bool(target) == (word in WITH_TARGET) or (not target and word in ALSO_ALONE)
    if word not in set(Verb) or not fits:
        raise ValueError(f'"{text}" is not one of {CLICK_FORMS}')
    return Click(Verb(word), target)


class ScreenItem(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[screen.item]]``: a line: exactly one of `title`, `text`, `image`, `button`, `bind`, `space`."""

    title: Words | None = None
    """A large line."""
    text: Words | None = None
    """Lines of text; in it and in `title` `{Score.text.content}` is a value, as in a `[[hud]]`."""
    image: Name | None = None
    """An image file, found as that of a sprite."""
    button: Words | None = None
    """A button with these words; `on_click` tells what it does."""
    bind: Name | None = None
    """A line with which a player binds an action to other keys; a side of an axis is `move_x.negative`."""
    space: Positive | None = None
    """Free room of so many virtual pixels."""
    on_click: Name | None = None
    """`close`, `resume`, `restart`, `quit`, `reset_bindings`, or `open SCREEN`, `scene FILE`, `call NAME`;
    `scene` alone is this one anew, with its title."""
    label: Words | None = None
    """What a `bind` line calls its action; its name when absent."""
    disabled: bool = False
    """A button that is shown and cannot be pressed."""
    size: Positive | None = None
    """Height of the letters in virtual pixels."""
    color: Color | None = None
    """Colour of the letters; an image is multiplied with it."""
    image_size: Size = (64.0, 64.0)
    """Width and height of the image in virtual pixels; smaller where the column is narrower."""

    def __post_init__(self) -> None:
        """Refuse an item that is none or several things, and a button that does nothing."""
        kinds = (self.title, self.text, self.image, self.button, self.bind, self.space)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("Expected exactly one of `title`, `text`, `image`, `button`, `bind` and `space`")
        if (self.button is None) != (self.on_click is None):
            raise ValueError("Expected `on_click` with `button`, and with nothing else")
        if self.on_click is not None:
            with told_of("on_click"):
                parse_click(self.on_click)
        with told_of("text" if self.title is None else "title"):
            parse_text(self.title or self.text or "")

    @property
    def words(self) -> tuple[str | Binding, ...]:
        """The parts of its title or text."""
        return parse_text(self.title or self.text or "")

    @property
    def bindings(self) -> tuple[tuple[str, Binding], ...]:
        """The values that it shows, each with the key that names it."""
        key = "text" if self.title is None else "title"
        return tuple((key, part) for part in self.words if isinstance(part, Binding))

    @property
    def click(self) -> Click | None:
        """What it does when it is pressed."""
        return None if self.on_click is None else parse_click(self.on_click)


class Screen(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[screen]]``: a column of items over the world; an open one takes all keys but the F keys."""

    name: Name
    """What `open` and `open_screen` call it."""
    at_start: bool = False
    """Whether it is open when the scene begins in a window; not after `restart`."""
    opens_on: Name | None = None
    """An action that opens it when no screen is open."""
    pauses: bool = True
    """Whether no ticks are done while it is open."""
    back: Name | None = None
    """What Escape and the pad's B do, in the words of `on_click`."""
    anchor: Anchor = "center"
    """The part of the window where it stands."""
    width: Positive = 360.0
    """Of the column, in virtual pixels: the window is 540 of them high."""
    items: Annotated[tuple[ScreenItem, ...], Meta(max_length=MOST_ITEMS)] = field(default=(), name="item")
    """Its lines, from the top."""

    def __post_init__(self) -> None:
        """Refuse a senseless `back`."""
        if self.back is not None:
            with told_of("back"):
                parse_click(self.back)

    @property
    def back_click(self) -> Click | None:
        """What going back does."""
        return None if self.back is None else parse_click(self.back)


class ScreenStyle(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[style]``: colours and sizes of screens."""

    dim: Color = Color(0x05070CB0)
    """Laid over the world."""
    panel: Color = Color(0x151B26F2)
    """Behind the column."""
    button: Color = Color(0x263143FF)
    """A button."""
    focus: Color = Color(0x3B82F6FF)
    """The button that has the focus."""
    focus_text: Color = Color(0xFFFFFFFF)
    """Letters of the button that has the focus."""
    text: Color = Color(0xE8EAF0FF)
    """Letters."""
    faint: Color = Color(0x8A93A3FF)
    """Letters of what cannot be pressed."""
    title: Color = Color(0xFFFFFFFF)
    """Letters of titles."""
    warning: Color = Color(0xFFC66DFF)
    """A key that two actions have."""
    text_size: Positive = 18.0
    """Height of letters in virtual pixels."""


class NumberedClick(NamedTuple):
    """A click that a row of input may name by its number, from 1: an item's, or the way back (item -1)."""

    screen: int
    item: int
    click: Click


def numbered_clicks(screens: tuple[Screen, ...]) -> tuple[NumberedClick, ...]:
    """Return all that can be clicked in the order of their numbers: screen by screen, the way back last."""
    return tuple(
        NumberedClick(number, at, click)
        for number, screen in enumerate(screens)
        for at, click in (*((i, item.click) for i, item in enumerate(screen.items)), (-1, screen.back_click))
        if click is not None
    )
