"""Changes of inputs that leave most of them nearly right: what a parser refuses at once teaches nothing.

A mutation takes the bytes of two inputs and a generator, and returns other bytes. The same generator state
gives the same bytes.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from random import Random

import numpy as np

from engine.errors import SaveError
from engine.saves.container import FileFormat, pack, unpack

Mutation = Callable[[bytes, bytes, Random], bytes]

WORD = re.compile(rb'\s+|\w+|"(?:[^"\\\n]|\\.)*"|.', re.DOTALL)
IDENTIFIER = re.compile(rb"[^\W\d]\w*")
ODD_TEXTS = (
    *(b"-1", b"0", b"1", b"9223372036854775807", b"-9223372036854775808", b"1000000", b"3.5", b"1e308"),
    *(b"inf", b"nan", b"-0.0", b'""', b'"x"', b"'c'", b"[]", b"{}", b"true", b"null", b"()", b"#{}", b"0..3"),
    *(b"|x| x", b'"\xf0\x9d\x84\x9e"', b'"..\\u0000"', b'"../x"', b"1979-05-27", b"1_0", b"0x7fff_ffff"),
)
ODD_NUMBERS = (
    *(0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 4095, 65535, 65536, 2**31 - 1, 2**31),
    *(2**32 - 1, 2**32, 2**48, 2**62, 2**63 - 1, -1, -2, -(2**31), -(2**63), 0x7FF0000000000000),
)
LONGEST = 60_000
"""Bytes of an input; what is longer is cut."""
MOST_REPEATS = 600


def bytes_changed(data: bytes, other: bytes, random: Random) -> bytes:
    """Change, drop, repeat and exchange bytes."""
    found = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        _change_bytes(found, other, random)
    return bytes(found[:LONGEST])


def _change_bytes(data: bytearray, other: bytes, random: Random) -> None:
    at = random.randrange(len(data) + 1)
    match random.randrange(8):
        case 0:
            del data[at : at + random.choice((1, 2, 4, 16, 200))]
        case 1:
            data[at:at] = data[at : at + random.randint(1, 40)] * random.choice((1, 1, 2, 20))
        case 2 if at < len(data):
            data[at] ^= 1 << random.randrange(8)
        case 3:
            data.insert(at, random.randrange(256))
        case 4:
            code = random.choice(("<b", "<h", "<i", "<q", ">h", ">i", ">q"))
            size = struct.calcsize(code)
            number = random.choice(ODD_NUMBERS) % 2 ** (8 * size)
            data[at : at + size] = number.to_bytes(size, "little" if code[0] == "<" else "big")
        case 5 if other:
            first = random.randrange(len(other))
            data[at:at] = other[first : first + random.randint(1, 80)]
        case 6:
            del data[at:]
        case _ if at < len(data):
            data[at] = random.randrange(256)


def words_changed(data: bytes, other: bytes, random: Random) -> bytes:
    """Exchange, drop and repeat words of a text; now and then its bytes."""
    if random.random() < 0.2:
        return bytes_changed(data, other, random)
    words, others = WORD.findall(data), WORD.findall(other)
    for _ in range(random.choice((1, 1, 2, 4))):
        _change_words(words, others, random)
    return b"".join(words)[:LONGEST]


def _change_words(words: list[bytes], others: list[bytes], random: Random) -> None:
    at = random.randrange(len(words) + 1)
    first = random.randrange(len(others) + 1)
    match random.randrange(9):
        case 0:
            del words[at : at + random.choice((1, 1, 2, 8))]
        case 1:
            words[at:at] = others[first : first + 1]
        case 2:
            words[at : at + 1] = others[first : first + 1]
        case 3:
            words[at:at] = others[first : first + random.randint(1, 24)]
        case 4:
            words[at : at + 1] = [random.choice(ODD_TEXTS)]
        case 5:
            _replace(words, others, random, lambda word: bool(IDENTIFIER.fullmatch(word)))
        case 6:
            _replace(words, list(ODD_TEXTS), random, lambda word: word[:1].isdigit() or word[:1] == b'"')
        case 7:
            repeats = random.choice((1, 2, 3, 20, MOST_REPEATS))
            words[at:at] = words[at : at + random.randint(1, 6)] * repeats
        case _ if words:
            end = random.randrange(len(words))
            words[at - 1], words[end] = words[end], words[at - 1]


def _replace(words: list[bytes], others: list[bytes], random: Random, fits: Callable[[bytes], bool]) -> None:
    """Put another word of a kind in the place of one."""
    places = [at for at, word in enumerate(words) if fits(word)]
    known = [word for word in (*words, *others) if fits(word)] or list(ODD_TEXTS)
    if places:
        words[random.choice(places)] = random.choice(known)


def array_changed(array: np.ndarray, other: np.ndarray, random: Random) -> np.ndarray:
    """Change, drop, repeat or exchange elements of an array of int64, float64 or uint8."""
    found = array.copy()
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        if not found.size:
            break
        at = random.randrange(found.size)
        match random.randrange(7):
            case 0:
                found = np.delete(found, at)
            case 1:
                found = np.insert(found, at, found[random.randrange(found.size)])
            case 2:
                found[at] = found[random.randrange(found.size)]
            case 3 if other.size and other.dtype == found.dtype:
                found[at] = other[random.randrange(other.size)]
            case 4 if found.dtype != np.float64:
                found[at] ^= found.dtype.type(1 << random.randrange(8 * found.itemsize - 1))
            case _:
                found[at] = _odd(found.dtype, random)
    return found


def _odd(kind: np.dtype, random: Random) -> float:
    if kind == np.float64:
        return random.choice((0.0, -0.0, 1.0, -1.0, 0.5, 1e300, -1e300, 5e-324, float("inf"), float("nan")))
    return random.choice(ODD_NUMBERS) & 255 if kind == np.uint8 else random.choice(ODD_NUMBERS)


def sections_changed(kind: FileFormat) -> Mutation:
    """Return a mutation of sealed files: their sections are changed, and the file is sealed anew."""

    def changed(data: bytes, other: bytes, random: Random) -> bytes:
        try:
            sections, others = dict(unpack(data, kind)), dict(unpack(other, kind))
        except SaveError:
            return bytes_changed(data, other, random)
        if not sections or random.random() < 0.03:
            return bytes_changed(data, other, random)
        name = random.choice(list(sections))
        array = sections[name]
        match random.randrange(20):
            case 0:
                del sections[name]
            case 1:
                sections[name] = random.choice(list(sections.values()))
            case 2:
                sections[name] = np.zeros(array.size, random.choice((np.int64, np.float64, np.uint8)))
            case 3 | 4 if name in others:
                sections[name] = others[name]
            case _ if _is_text(array):
                text = words_changed(array.tobytes(), others.get(name, array).tobytes(), random)
                sections[name] = np.frombuffer(text, np.uint8)
            case _:
                sections[name] = array_changed(array, others.get(name, array), random)
        return pack(sections, kind)

    return changed


def _is_text(array: np.ndarray) -> bool:
    return array.dtype == np.uint8 and array.tobytes()[:1] in {b"{", b"["}


def files_changed(data: bytes, other: bytes, random: Random) -> bytes:
    """Change the files of a zip archive, or their names."""
    try:
        files, others = _files_of(data), _files_of(other)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        return bytes_changed(data, other, random)
    if not files or random.random() < 0.3:
        return bytes_changed(data, other, random)
    name = random.choice(list(files))
    if random.random() < 0.5:
        text = words_changed(
            name.encode("utf-8", "replace"), b"../ a/b C: con . .. \\ /x \x00 \xc3\xa9", random
        )
        files[text.decode("utf-8", "replace")] = files.pop(name)
    else:
        files[name] = words_changed(files[name], random.choice([*others.values(), b""]), random)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path or "x")
            entry.external_attr = random.choice((0o644, 0o644, 0o644, 0o120777, 0o040755)) << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def _files_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > LONGEST:
            raise ValueError("too large to be changed file by file")
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}
