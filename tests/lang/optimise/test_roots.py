"""The registers that the collector takes for roots were written on every way that leads there."""

from pathlib import Path

import pytest

from lang.bytecode.ahead import AHEAD
from lang.bytecode.disassemble import instruction_operands
from lang.bytecode.ops import OPCODES, Op
from lang.compile.emit import EFFECTS, LEAVES, RESULT, STATE, STATES
from lang.optimise.passes import ALL_PASSES, NO_PASSES, Pass

pytestmark = pytest.mark.integration

SCRIPTS = sorted((Path(__file__).parents[2] / "scripts").rglob("*.rhai"))
EVERYTHING = -1


def roots_of(program, pc):
    """A bit for each register that holds a value at an instruction."""
    row = int(program.live[pc])
    runs = program.roots[row + 1 : row + 1 + 2 * int(program.roots[row])].reshape(-1, 2).tolist()
    return sum((1 << length) - 1 << first for first, length in runs)


def after(op, operands, held):
    """What holds a value after an instruction, where it does not jump."""
    effect = EFFECTS.get(op)
    if effect is None:
        return held
    if effect == RESULT:
        return held | 1 << operands[0]
    if effect == STATE:
        state, window = STATES[op]
        return held | (1 << state) - 1 << operands[0] | (1 << window) - 1 << (*operands, 0)[1]
    return held & (1 << operands[0]) - 1 | 1 << operands[0]


def written(program, info):
    """The registers that were written before each instruction, on every way: a forward data-flow."""
    entry = (1 << 1 + len(info.parameters)) - (2 if info.built_in else 1)
    states = {info.first: entry}
    todo = [info.first]

    def flow(pc, held):
        merged = states.get(pc, EVERYTHING) & held
        if merged != states.get(pc):
            states[pc] = merged
            todo.append(pc)

    while todo:
        pc = todo.pop()
        held = states[pc]
        op = OPCODES[int(program.code[pc]) & 0xFF]
        values = [value for _, value in instruction_operands(program, pc)]
        for handler in program.handlers:
            if handler.first <= pc < handler.end:
                flow(handler.target, held | 0b11 << handler.register)
        if "jump" in op.operands and op not in AHEAD:
            jumped = held | 1 << values[1] if op == Op.FOR_NEXT else held
            flow(values[op.operands.index("jump")], jumped)
        if op in AHEAD and AHEAD[op].plain == Op.JUMP:
            flow(values[2] - 1, held)  # the test that it looks ahead to stands before that
        op = AHEAD[op].plain if op in AHEAD else op
        if EFFECTS.get(op) != LEAVES:
            flow(pc + 1, after(op, values, held))
    return states


@pytest.mark.parametrize("passes", [NO_PASSES, ALL_PASSES - {Pass.AHEAD}, ALL_PASSES], ids=len)
def test_every_root_was_written(compiled, passes):
    count = 0
    for path in SCRIPTS:
        try:
            program = compiled(path.read_text(encoding="utf-8"), "vectors", passes=passes)
        except Exception:  # noqa: BLE001 - scripts of other modes, and those that do not compile
            continue
        for info in program.infos:
            for pc, held in written(program, info).items():
                assert roots_of(program, pc) & ~held == 0, (path.name, info.name, pc)
                count += 1
    assert count > 1000
