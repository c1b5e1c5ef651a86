"""Values that cross from one instance to another: copied whole, equal words for equal values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lang.jit import entry, words_at
from lang.layout import MACHINE_WORDS, M, Status
from lang.machine import Machine
from lang.vm.parcels import CANNOT_CROSS, NO_ROOM, pack, unpack

pytestmark = pytest.mark.integration

ROOM = 20_000
SCRIPT = "let value = ();\nlet other = ();\nfn get() { value }"


@entry("int64(int64, int64, int64, int64[::1], int64)")
def pack_value(machine, tag, payload, out, first):
    return pack(words_at(machine, MACHINE_WORDS), tag, payload, out, first)


@entry("int64(int64, int64[::1], int64, int64[::1])")
def unpack_value(machine, parcel, words, result):
    status, tag, payload = unpack(words_at(machine, MACHINE_WORDS), parcel, words)
    result[0] = tag
    result[1] = payload
    return status


@pytest.fixture(scope="module")
def post(natives, compiled):
    return Post(Machine(natives), compiled)


class Post:
    """Two instances, and the way from one to the other."""

    def __init__(self, machine, compiled):
        self.machine = machine
        self.compiled = compiled
        self.sender = self.instance(SCRIPT)
        self.receiver = self.instance(SCRIPT)

    def instance(self, text):
        instance = self.machine.create(self.compiled(text, "entity"))
        self.machine.run_top_level(instance)
        return instance

    def pack(self, instance, room=ROOM, first=0):
        self.machine.bind(instance)
        slot = self.machine.program.slots["value"]
        heap = self.machine.memory.heap
        out = np.zeros(room, np.int64)
        words = pack_value(self.machine.address, int(heap[2 * slot]), int(heap[2 * slot + 1]), out, first)
        return words, out[first : first + max(words, 0)]

    def unpack(self, instance, parcel):
        machine = self.machine
        machine.bind(instance)
        result = np.zeros(2, np.int64)
        while unpack_value(machine.address, parcel, parcel.size, result) == Status.NEEDS_MEMORY:
            machine.words[M.PC] = -1
            machine.make_room()
        slot = machine.program.slots["value"]
        machine.memory.heap[2 * slot : 2 * slot + 2] = result
        machine.unbind()

    def send(self, value):
        self.machine.set_state(self.sender, "value", value)
        words, parcel = self.pack(self.sender)
        assert words == parcel.size > 0
        self.unpack(self.receiver, parcel)
        return self.machine.call(self.receiver, self.compiled(SCRIPT, "entity").callbacks["get"])


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(max_size=20),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(st.text(max_size=8), inner, max_size=5),
        st.binary(max_size=20).map(bytearray),
    ),
    max_leaves=30,
)


@settings(max_examples=300, deadline=None)
@given(values)
def test_what_arrives_is_what_was_sent(post, value):
    assert post.send(value) == value


@settings(max_examples=100, deadline=None)
@given(values, st.integers(0, 9))
def test_equal_values_are_equal_words_wherever_they_lie(post, value, first):
    post.machine.set_state(post.sender, "value", value)
    _, parcel = post.pack(post.sender)
    post.unpack(post.receiver, parcel)
    words, again = post.pack(post.receiver, first=first)
    assert words == parcel.size
    assert again.tolist() == parcel.tolist()
    post.machine.set_state(post.sender, "other", value)
    assert post.pack(post.sender)[1].tolist() == parcel.tolist()


@settings(max_examples=60, deadline=None)
@given(values, st.data())
def test_too_little_room_is_told_and_nothing_else_touched(post, value, data):
    post.machine.set_state(post.sender, "value", value)
    words, parcel = post.pack(post.sender)
    room = data.draw(st.integers(0, words - 1))
    assert post.pack(post.sender, room=room)[0] == NO_ROOM
    post.unpack(post.receiver, parcel)


def test_a_copy_is_a_copy(post):
    sender = post.instance(
        "let value = [1, [2, 3], #{a: [4]}];\nfn grow() { value[1].push(9); value[2].a.push(8); }"
    )
    _, parcel = post.pack(sender)
    before = parcel.tolist()
    post.machine.call(sender, post.machine.program.callbacks["grow"])
    assert parcel.tolist() == before
    post.unpack(post.receiver, parcel)
    assert post.machine.state(post.receiver)["value"] == [1, [2, 3], {"a": [4]}]


def test_vectors_ranges_and_named_functions_cross(post):
    text = "let value = [(1.5, 2.0), (1.0, 2.0, 3.0), 1..5, 1..=5, Fn(\"get\"), 'c', blob(3, 7)];"
    _, parcel = post.pack(post.instance(text))
    post.unpack(post.receiver, parcel)
    program = post.compiled(
        "let value = ();\nfn get() { 42 }\nfn ask() { value[4].call() + value[0].x }", "entity"
    )
    other = post.machine.create(program)
    post.machine.run_top_level(other)
    post.unpack(other, parcel)
    assert post.machine.call(other, program.callbacks["ask"]) == 43.5


@pytest.mark.parametrize(
    "text",
    [
        "let n = 1;\nlet value = make();\nfn make() { let k = 2; || k += 1 }",
        "let value = [1, [|x| x]];",
        'let value = #{f: Fn("get").curry(5)};',
        "fn f(n) { if n > 5 { n } }\nlet value = [[], #{a: #{b: |x| x + 1}}];",
    ],
)
def test_what_belongs_to_one_instance_cannot_cross(post, text):
    assert post.pack(post.instance(text))[0] == CANNOT_CROSS


def test_every_nan_is_the_same_words(post):
    one = post.instance("let value = [0.0 / 0.0, (0.0 / 0.0, 1.0)];")
    two = post.instance("let value = [-(0.0 / 0.0), (-(0.0 / 0.0), 1.0)];")
    assert post.pack(one)[1].tolist() == post.pack(two)[1].tolist()
