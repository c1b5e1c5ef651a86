"""``docs/bytecode.md``, made from the opcode table: ``python -m lang.bytecode.reference``."""

from __future__ import annotations

import sys

from lang.bytecode.ops import OPERAND_KINDS, Op

FAMILIES = (
    "Moves",
    "Arithmetic",
    "Bits, logic, comparison",
    "Jumps",
    "Comparisons that jump",
    "Calls",
    "Containers",
    "Iteration",
    "Faults, locks, constants",
    "Several instructions at once",
)
KINDS = {
    "register": "a register of the running function; register 0 is `this`, and takes the result",
    "constant": "a constant by its number",
    "name": "a constant that is a string",
    "state": "a slot of the instance's state",
    "function": "a function of the program",
    "native": "a row of the table of natives",
    "jump": "a signed distance from the next instruction",
    "number": "a plain number",
    "arguments": "a count of arguments and, from bit 8 on, the number of the file whose functions are meant",
    "context": "a constant of the context: `entity_id`, `delta_time`, `tick`",
    "fault": "a `lang.faults.Fault`",
    "packed": "a count and, from bit 8 on, the window whose registers are the arguments",
}
HEAD = """# The instructions of the virtual machine

This page is made from the one table of opcodes (`lang/bytecode/ops.py`) by
`python -m lang.bytecode.reference > docs/bytecode.md`; a test compares the two.

An instruction is a 64-bit word: the opcode in bits 0 to 7, up to three operands of 16 bits from the
bits 8, 24 and 40 on, and its cost in operations from bit 56 on. The high digit of an opcode is its
family. `astraweave disasm FILE` lists the instructions of a script.

A *window* is a row of neighbouring registers that a call works on: `this` (later the result) first, then
the arguments; they are the first registers of the called function. A name that ends in `_K` takes its
right operand from the constants, and costs what it replaces.

## Kinds of operands

| kind | what it is | operands |
|---|---|---|
"""


def reference_page() -> str:
    """Return the page."""
    parts = [HEAD]
    for kind, meaning in KINDS.items():
        names = ", ".join(f"`{name}`" for name, its in OPERAND_KINDS.items() if its == kind)
        parts.append(f"| {kind} | {meaning} | {names} |\n")
    family = -1
    for op in sorted(Op):
        if op >> 4 != family:
            family = op >> 4
            parts.append(
                f"\n## {FAMILIES[family]}\n\n| code | instruction | cost | effect |\n|---|---|---|---|\n"
            )
        operands = " ".join((op.name.lower(), *op.operands))
        parts.append(f"| 0x{op:02X} | `{operands}` | {op.cost} | {op.meaning} |\n")
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.write(reference_page())
