"""Damaged sources: each gives diagnostics or compiles; never a traceback, a hang, a lost source."""

from __future__ import annotations

import io
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from comfyvn.cli.common import compile_at
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.render import print_diagnostics
from tests.hang_guard import hang_guard

EXAMPLE = Path(__file__).parent.parent / "example_project"
SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
SEED = int(os.environ.get("COMFYVN_SEED", random.SystemRandom().randrange(2**32)))
BATCHES = 8


def flip(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def cut(data: bytes, rng: random.Random) -> bytes:
    start, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return data[:start] + data[end:]


def duplicate(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    start = rng.randrange(len(lines))
    end = min(len(lines), start + rng.randint(1, 12))
    at = rng.randrange(len(lines))
    return b"".join([*lines[:at], *lines[start:end], *lines[at:]])


def shuffle(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def wrong_encoding(data: bytes, rng: random.Random) -> bytes:
    text = data.decode()
    return text.encode(rng.choice(["utf-16", "utf-32", "latin-1", "shift-jis"]), "replace")


def huge(data: bytes, rng: random.Random) -> bytes:
    return (data + b"\n") * min(50, 200_000 // max(1, len(data)))


def nested(data: bytes, rng: random.Random) -> bytes:
    depth = rng.randint(10, 400)
    piece = rng.choice([b"> ", b"- ", b"1. ", b"[", b"{", b"(", b"*", b"`", b"\t", b"[a: "])
    return data + b"\n" + piece * depth + b"x\n"


def binary(data: bytes, rng: random.Random) -> bytes:
    return rng.randbytes(rng.randint(1, 4000))


def odd_characters(data: bytes, rng: random.Random) -> bytes:
    text = data.decode()
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(text) + 1)
        text = (
            text[:at]
            + rng.choice("\0\ufeff\u202e\u200b\u0301\r\x0b\u2028\t{}[]<>`*~^|\\")
            + text[at:]
        )
    return text.encode()


MUTATIONS: list[Callable[[bytes, random.Random], bytes]] = [
    flip, cut, duplicate, shuffle, wrong_encoding, huge, nested, binary, odd_characters,
]  # fmt: skip


@pytest.mark.parametrize("batch", range(BATCHES))
def test_mutated_projects_never_break_the_compiler(batch: int, tmp_path: Path) -> None:
    print(f"COMFYVN_SEED={SEED}")
    rng = random.Random(SEED * BATCHES + batch)
    root = tmp_path / "project"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("build", ".comfyvn", "assets"))
    sources = sorted(
        path for path in root.rglob("*") if path.suffix in {".md", ".yaml", ".po", ".lock"}
    )
    left = int(10_000 * SCALE / BATCHES)
    while left > 0:
        # Two at a time; of a project whose own file is damaged nothing else may be read.
        first, second = rng.sample(sources, 2)
        paths = [first] if "vn.yaml" in (first.name, second.name) else [first, second]
        left -= len(paths)
        before = {path: path.read_bytes() for path in paths}
        mutations = {path: rng.choice(MUTATIONS) for path in paths}
        after = {path: mutations[path](data, rng) for path, data in before.items()}
        for path, data in after.items():
            path.write_bytes(data)
        out = Diagnostics()
        try:
            with hang_guard():
                _, _, compiled = compile_at(root, out)
            assert compiled is not None or out.has_errors
            print_diagnostics(out, root, stream=io.StringIO())
            assert {path: path.read_bytes() for path in paths} == after
        except Exception as error:
            for path in paths:
                error.add_note(f"{mutations[path].__name__} on {path.relative_to(root)}")
            raise
        finally:
            for path, data in before.items():
                path.write_bytes(data)
