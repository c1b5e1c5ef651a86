"""Function pointers: making them by name, what they carry, what they are called."""

from __future__ import annotations

from lang.stdlib.overloads import Library
from lang.syntax.tokens import KEYWORDS, RESERVED

LIBRARY = Library()
NOT_NAMES = RESERVED | frozenset(KEYWORDS) | {"true", "false", "!in", "global"}
