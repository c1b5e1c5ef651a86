"""Quoted and numeric literals: what the scanner's pattern cannot say."""

from __future__ import annotations

import re

from lang.syntax import ast
from lang.syntax.tokens import Flaw, Token

_INT_MAX = 2**63 - 1
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}
_HEX_LENGTHS = {"x": 2, "u": 4, "U": 8}
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
_PLAIN = re.compile(r'[^"\\\r\n]+')
_LINE_END = re.compile(r"\r?\n")
_UNTERMINATED = Flaw("BadInput", "Open string is not terminated")


def number(text: str, at: int) -> Token:
    """Return the token of a numeric literal, sign included.

    A decimal integer beyond 64 bits is a float; other radices use all 64 bits as two's complement.
    """
    digits = text.replace("_", "")
    negative = digits[0] == "-"
    prefix = digits[1:3].lower() if negative else digits[:2].lower()
    if prefix in ("0x", "0o", "0b"):
        return _radix_number(digits.lstrip("-")[2:], prefix, negative, at)
    if digits[-1] in "+-":
        return Token("ERROR", Flaw("BadInput", f"Invalid number: '{text}'"), at)
    if "." in digits or "e" in digits or "E" in digits:
        return Token("LITERAL", ast.Float(at, float(digits)), at)
    if len(digits) > 4000:
        return Token("LITERAL", ast.Float(at, float(digits)), at)
    value = int(digits)
    if -_INT_MAX - 1 <= value <= _INT_MAX:
        return Token("LITERAL", ast.Int(at, value), at)
    return Token("LITERAL", ast.Float(at, float(digits)), at)


def _radix_number(digits: str, prefix: str, negative: bool, at: int) -> Token:
    radix = {"0x": 16, "0o": 8, "0b": 2}[prefix]
    significant = digits.lstrip("0")
    if not digits or len(significant) > 64 or int(significant or "0", radix) >= 2**64:
        return Token("ERROR", Flaw("BadInput", f"Invalid number: '{digits}'"), at)
    value = int(significant or "0", radix)
    value -= 2**64 if value > _INT_MAX else 0
    if negative and value != -_INT_MAX - 1:
        value = -value
    return Token("LITERAL", ast.Int(at, value), at)


def string(text: str, at: int, column: int) -> tuple[Token, int]:
    """Read the double-quoted string at `at`, whose quote stands in `column` (from 1).

    Returns the token and the offset behind it. A doubled quote is one quote; a backslash at a line's
    end joins the next line, less the blanks up to the quote's column.
    """
    parts: list[str] = []
    position = at + 1
    while True:
        plain = _PLAIN.match(text, position)
        if plain:
            parts.append(plain.group())
            position = plain.end()
        if text.startswith('""', position):
            parts.append('"')
            position += 2
        elif text.startswith('"', position):
            return Token("STRING", ast.Str(at, "".join(parts)), at), position + 1
        elif text.startswith("\\", position):
            piece, position = _escape_or_join(text, position + 1, column, at)
            if isinstance(piece, Token):
                return piece, position
            parts.append(piece)
        elif text.startswith("\r", position) and not text.startswith("\r\n", position):
            parts.append("\r")
            position += 1
        else:
            return Token("ERROR", _UNTERMINATED, at), position


def _escape_or_join(text: str, position: int, column: int, at: int) -> tuple[str | Token, int]:
    line_end = _LINE_END.match(text, position)
    if line_end is None:
        return _escape(text, position, '"', at)
    position = line_end.end()
    limit = position + column
    while position < limit and text.startswith((" ", "\t"), position):
        position += 1
    return "", position


def _escape(text: str, position: int, quote: str, at: int) -> tuple[str | Token, int]:
    """Read what follows a backslash: the character, or an ERROR token at the first wrong character."""
    letter = text[position : position + 1]
    if not letter or letter == "\n":
        return Token("ERROR", _UNTERMINATED, at), position
    if letter in _SIMPLE_ESCAPES:
        return _SIMPLE_ESCAPES[letter], position + 1
    if letter == quote:
        return quote, position + 1
    length = _HEX_LENGTHS.get(letter)
    if length is None:
        return _bad_escape(letter, position), position
    digits = text[position + 1 : position + 1 + length]
    for index, digit in enumerate(digits):
        if digit not in _HEX_DIGITS:
            return _bad_escape(letter + digits[: index + 1], position + 1 + index), position
    if len(digits) < length:
        return Token("ERROR", _UNTERMINATED, at), position
    code = int(digits, 16)
    if code > 0x10FFFF or 0xD800 <= code < 0xE000:
        return _bad_escape(letter + digits, position + length), position
    return chr(code), position + 1 + length


def _bad_escape(sequence: str, at: int) -> Token:
    hint = 'the escapes are \\\\ \\" \\n \\r \\t \\xHH \\uHHHH \\UHHHHHHHH'
    return Token("ERROR", Flaw("BadInput", f"Invalid escape sequence: '\\{sequence}'", hint), at)


def char(text: str, at: int) -> tuple[Token, int]:
    """Read the character literal at `at`; return its token and the offset behind it."""
    parts: list[str] = []
    position = at + 1
    while True:
        letter = text[position : position + 1]
        if not letter or letter == "\n":
            return Token("ERROR", _UNTERMINATED, at), position
        if letter == "'":
            break
        if letter == "\\":
            piece, position = _escape(text, position + 1, "'", at)
            if isinstance(piece, Token):
                return piece, position
            parts.append(piece)
        else:
            parts.append(letter)
            position += 1
    value = "".join(parts)
    if len(value) != 1:
        hint = 'text of more than one character needs double quotes: "…"' if value else None
        return Token("ERROR", Flaw("BadInput", f"Invalid character: '{value}'", hint), at), position + 1
    return Token("LITERAL", ast.Char(at, value), at), position + 1


def raw_string(text: str, at: int, hashes: int) -> tuple[Token, int]:
    """Read `#"…"#` with any number of hashes; return its token and the offset behind it."""
    start = at + hashes + 1
    end = text.find('"' + "#" * hashes, start)
    if end < 0:
        return Token("ERROR", _UNTERMINATED, at), len(text)
    return Token("STRING", ast.Str(at, text[start:end]), at), end + 1 + hashes


_TEMPLATE_TEXT = re.compile(r"[^`$]*+(?:``[^`$]*+|(?:\$(?!\{)|(?<=\\)\$)[^`$]*+)*+")


def template_text(text: str, at: int) -> tuple[str, int, bool] | None:
    """Read a back-quoted string's text from `at` to its end or to `${`, unless a backslash is before it.

    Returns the text, the offset behind the end mark, and whether the mark is `${`; None if there is no end.
    """
    match = _TEMPLATE_TEXT.match(text, at)
    assert match is not None, "the pattern matches the empty text"
    end = match.end()
    if end >= len(text):
        return None
    value = match.group().replace("``", "`").replace("\r\n", "\n").replace("\\${", "${")
    opens = text[end] == "$"
    return value, end + (2 if opens else 1), opens
