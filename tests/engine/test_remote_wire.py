"""What travels: any bytes come back, any turned bit is found, nothing hostile is believed."""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfyvn.engine.digest import digest_of
from comfyvn.engine.findings import as_json
from comfyvn.engine.remote.record import BLOB_LIMIT, read_record, write_record
from comfyvn.engine.remote.wire import (
    OVERHEAD,
    DamagedError,
    Pack,
    frame,
    pack,
    unframe,
    unframe_blob,
    unpack,
)
from comfyvn.engine.result import Result
from comfyvn.engine.step import canonical
from comfyvn.source.diagnostics import Diagnostic, Edit, Related, Span

CONTENTS = st.one_of(
    st.binary(max_size=200),
    st.builds(lambda block, times: block * times, st.binary(max_size=9), st.integers(0, 500)),
)
DIGESTS = st.binary(max_size=3).map(digest_of)
SPANS = st.builds(Span, st.text(max_size=5), *[st.integers(0, 99)] * 4)
FINDINGS = st.builds(
    lambda *fields: as_json(Diagnostic(*fields)),
    st.just("VN0301"),
    st.sampled_from(["error", "warning", "note"]),
    st.text(max_size=9),
    SPANS,
    st.none() | st.text(max_size=9),
    st.lists(st.builds(Related, SPANS, st.text(max_size=5)), max_size=2).map(tuple),
    st.lists(st.builds(Edit, SPANS, st.text(max_size=5)), max_size=2).map(tuple),
)
RESULTS = st.builds(
    Result,
    outputs=st.lists(
        st.tuples(st.text(max_size=9), DIGESTS, st.integers(0, BLOB_LIMIT)),
        max_size=3,
        unique_by=lambda output: output[0],
    ).map(lambda outputs: tuple(sorted(outputs))),
    reads=st.lists(st.tuples(st.text(max_size=9), st.just("") | DIGESTS), max_size=3).map(tuple),
    findings=st.lists(FINDINGS, max_size=2).map(tuple),
    inputs=st.just(()),
    seconds=st.floats(0, 1e6),
    cause=st.none(),
)


@given(CONTENTS, st.text("ab/", max_size=9))
def test_any_content_comes_back(content: bytes, name: str) -> None:
    framed = frame(content, name)
    assert unframe(framed, len(content), name) == content
    assert len(framed) <= len(content) + OVERHEAD
    assert not framed.endswith((b"\r", b"\n"))


@given(CONTENTS)
def test_a_blob_comes_back_under_its_digest_only(content: bytes) -> None:
    framed = frame(content)
    assert unframe_blob(framed, digest_of(content), len(content)) == content
    with pytest.raises(DamagedError):
        unframe_blob(framed, digest_of(content + b"x"), len(content))
    with pytest.raises(DamagedError):
        unframe_blob(framed, digest_of(content), len(content) + 1)


@given(CONTENTS, st.integers(0), st.integers(0, 7))
def test_any_turned_bit_is_found(content: bytes, place: int, bit: int) -> None:
    framed = bytearray(frame(content, "ac/x"))
    framed[place % len(framed)] ^= 1 << bit
    with pytest.raises(DamagedError):
        unframe(bytes(framed), len(content), "ac/x")


@given(CONTENTS, st.data())
def test_any_other_length_is_found(content: bytes, data: st.DataObject) -> None:
    framed = frame(content)
    short = data.draw(st.integers(0, len(framed) - 1))
    with pytest.raises(DamagedError):
        unframe(framed[:short], len(content))
    with pytest.raises(DamagedError):
        unframe(framed + data.draw(st.binary(min_size=1)), len(content))


def test_what_is_stored_under_another_name_is_found() -> None:
    with pytest.raises(DamagedError):
        unframe(frame(b"{}", "ac/one"), 10, "ac/two")


def test_a_frame_does_not_inflate_beyond_what_it_says() -> None:
    bomb = zlib.compress(bytes(1 << 24))
    honest = frame(bytes(2000))
    lying = honest[:45] + bomb
    lying += struct.pack("<Ic", zlib.crc32(lying), b".")
    with pytest.raises(DamagedError, match="too long"):
        unframe(lying, 1 << 30)
    with pytest.raises(DamagedError, match="more than 100"):
        unframe(honest, 100)


@given(RESULTS)
def test_a_record_comes_back(result: Result) -> None:
    assert read_record(write_record(result)) == result


SOUND = {"outputs": [["@a", "0" * 64, 1]], "reads": [], "findings": [], "seconds": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"outputs": [["@a", "../../../etc/passwd", 1]]},
        {"outputs": [["@a", "0" * 63 + "G", 1]]},
        {"outputs": [["@a", "0" * 64 + "\n", 1]]},
        {"outputs": [["@a", "0" * 64, -1]]},
        {"outputs": [["@a", "0" * 64, BLOB_LIMIT + 1]]},
        {"outputs": [["@a", "0" * 64, True]]},
        {"outputs": [["@a", "0" * 64, 1], ["@a", "1" * 64, 1]]},
        {"outputs": [[["@a"], "0" * 64, 1]]},
        {"outputs": {}},
        {"reads": [["@a", ""]]},
        {"reads": [["@a"]]},
        {"findings": ["x"]},
        {"findings": [["VN0101", "fatal", "m", ["a", 0, 0, 0, 0], None, [], []]]},
        {"findings": [["VN0101", "error", "m", ["a", 0, 0, 0, "0"], None, [], []]]},
        {"seconds": -1},
        {"seconds": "1"},
        {"more": 1},
    ],
    ids=repr,
)
def test_a_hostile_record_is_none(change: dict[str, Any]) -> None:
    assert read_record(canonical(SOUND).encode())
    with pytest.raises(ValueError, match="not a record"):
        read_record(canonical({**SOUND, **change}).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[" * 100_000,
        json.dumps(SOUND).encode(),
        canonical(SOUND).encode().replace(b"1}", b"NaN}"),
        canonical(SOUND).encode().replace(b"@a", b"\\ud800"),
        canonical(SOUND).encode().replace(b'"seconds":1', b'"seconds":1,"seconds":1'),
        b"9" * 5000,
    ],
    ids=["empty", "no text", "deep", "spaces", "NaN", "surrogate", "twice", "digits"],
)
def test_what_is_not_canonical_is_no_record(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read_record(data)


PACKS = st.builds(
    Pack,
    st.dictionaries(DIGESTS, RESULTS, max_size=3),
    st.lists(CONTENTS, max_size=4).map(lambda all_: {digest_of(each): each for each in all_}),
)


@given(PACKS)
def test_a_pack_comes_back(content: Pack) -> None:
    assert unpack(pack(content)) == content
    shuffled = Pack(dict(reversed(content.records.items())), dict(reversed(content.blobs.items())))
    assert pack(shuffled) == pack(content)


@given(PACKS, st.integers(0), st.integers(0, 7))
def test_a_pack_with_a_turned_bit_is_found(content: Pack, place: int, bit: int) -> None:
    data = bytearray(frame(pack(content), "packs/x"))
    data[place % len(data)] ^= 1 << bit
    with pytest.raises(DamagedError):
        unpack(unframe(bytes(data), 1 << 20, "packs/x"))


@given(PACKS, st.binary(max_size=40), st.integers(0))
def test_no_bytes_make_a_pack_that_lies(content: Pack, noise: bytes, place: int) -> None:
    data = pack(content)
    place %= len(data) + 1
    try:
        found = unpack(data[:place] + noise + data[place:])
    except DamagedError:
        return
    assert all(digest_of(blob) == digest for digest, blob in found.blobs.items())
