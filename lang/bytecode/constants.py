"""A program's constants as text, for listings and for whoever checks them."""

from __future__ import annotations

from lang.bytecode.program import Program
from lang.values import TAG_MASK, Tag
from lang.words import payload_float

BYTES_MASK = 0xFFFFFFFF


def pool_string(program: Program, reference: int) -> str:
    """Return the text of a string on the constant heap (`reference` is ``~offset``)."""
    at = ~reference
    length = int(program.pool[at + 1]) & BYTES_MASK
    words = program.pool[at + 2 : at + 2 + (length + 7) // 8]
    return words.tobytes()[:length].decode("utf-8", "replace")


def constant_text(program: Program, number: int) -> str:
    """Return a constant as a script would write it, in ASCII."""
    tag = int(program.constants[2 * number]) & TAG_MASK
    payload = int(program.constants[2 * number + 1])
    if tag == Tag.UNIT:
        return "()"
    if tag == Tag.BOOL:
        return "true" if payload else "false"
    if tag == Tag.INT:
        return str(payload)
    if tag == Tag.FLOAT:
        return repr(payload_float(payload))
    if tag == Tag.CHAR:
        return ascii(chr(payload))
    if tag == Tag.STRING:
        return quoted(pool_string(program, payload))
    if tag in {Tag.RANGE, Tag.RANGE_INCLUSIVE}:
        start, end = program.pool[~payload + 1 : ~payload + 3].tolist()
        return f"{start}{'..' if tag == Tag.RANGE else '..='}{end}"
    if tag == Tag.FN:
        return f"Fn({quoted(pool_string(program, int(program.pool[~payload + 2])))})"
    return f"tag {tag}"


def quoted(text: str) -> str:
    """Return a text in double quotes, everything but printable ASCII escaped."""
    inner = text.encode("unicode_escape").decode("ascii").replace('"', '\\"')
    return f'"{inner}"'
