"""What one machine built another takes from the shared cache, and is right whatever that holds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builds.example import (
    EXAMPLE,
    ROOT,
    TARGETS,
    Cache,
    Tree,
    a_random,
    build,
    copy_project,
    count,
    did,
    differing,
    tree,
)
from engine.proxy import Mood, Proxy
from engine.servers import s3

from comfyvn.engine.remote import Patience
from comfyvn.engine.store import SMALL
from comfyvn.plan.outcome import Outcome


def command(root: Path, *arguments: str) -> tuple[list[dict[str, Any]], str]:
    """Build in a process of its own; return what it says of the targets, and what it tells."""
    done = subprocess.run(
        [sys.executable, "-m", "comfyvn", "build", "--json", "-C", str(root), *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def codes(outcome: Outcome) -> set[str]:
    """Return what is said of the shared cache."""
    return {each.code for each in outcome.findings if each.code.startswith("VN112")}


def objects(cache: Cache, kind: str) -> list[Path]:
    return sorted(path for path in cache.folder.glob(f"*/{kind}*/**/*") if path.is_file())


def size_of(blob: Path) -> int:
    """Return how large a blob's content is, as its name says."""
    return int(blob.name.partition("-")[2])


def test_another_folder_runs_nothing(tmp_path: Path, warm: Cache, built: Tree) -> None:
    root = copy_project(EXAMPLE, tmp_path / "elsewhere" / "deep")
    said, _ = command(root, "all", "--cache", warm.url)
    assert [(each["target"], each["ran"], each["failed"]) for each in said] == [
        (target, 0, 0) for target in TARGETS
    ]
    assert all(each["fetched"] == each["reused"] > 0 for each in said)
    assert differing(tree(root / "build"), built) == []
    said, _ = command(root, "all")
    assert {each["ran"] for each in said} == {0}


def test_s3_on_a_real_socket(tmp_path: Path, drawings: Cache, built: Tree) -> None:
    with s3() as server:
        first = copy_project(EXAMPLE, tmp_path / "first")
        # The placeholders come from the other cache; all of it goes up.
        assert not build(first, **drawings.reading()).failures
        remote = {"cache": "s3://novel/example", "cache_mode": "write"}
        (first / "vn.yaml").write_bytes((first / "vn.yaml").read_bytes() + b"# more\n")
        outcome = build(first, **remote)
        assert did(outcome)
        assert codes(outcome) == set()
        second = copy_project(first, tmp_path / "second")
        before = server.connections
        said, _ = command(second, "all", "--cache", "s3://novel/example")
        assert [(each["ran"], each["failed"]) for each in said] == [(0, 0)] * len(TARGETS)
        assert server.connections > before
        assert differing(tree(second / "build"), built) == []


def test_an_edit_travels_too(tmp_path: Path, drawings: Cache) -> None:
    cache = drawings.copy(tmp_path / "cache")
    one = copy_project(EXAMPLE, tmp_path / "one")
    build(one, **cache.reading())
    scene = one / "scenes/night/tea.md"
    scene.write_text(scene.read_text() + "\nAnd that was the tea.\n")
    first = build(one, **cache.writing())
    assert did(first)
    other = copy_project(one, tmp_path / "other")
    second = build(other, **cache.reading())
    assert did(second) == set()
    assert differing(tree(one / "build"), tree(other / "build")) == []


@pytest.mark.parametrize("number", range(count(12, least=4)))
def test_damage_is_detected_and_mended(
    tmp_path: Path, warm: Cache, built: Tree, number: int
) -> None:
    random = a_random()
    harm = ["bit", "cut", "swapped", "empty"][number % 4]
    kinds = ["packs", "ac", "cas"]
    kind = kinds[number // 4] if count(12) == 12 else random.choice(kinds)
    print(f"{harm} in {kind}")
    cache = warm.copy(tmp_path / "cache")
    if kind == "ac":
        cache.singles_only()
    # What is small travels in the pack.
    there = [path for path in objects(cache, kind) if kind != "cas" or size_of(path) > SMALL]
    # Of what is stored once for two steps, a build may want neither.
    harmed = random.sample(there, min(len(there), 8 if kind == "cas" else 2))
    for path in harmed:
        data = path.read_bytes()
        if harm == "bit":
            i = random.randrange(len(data))
            path.write_bytes(data[:i] + bytes([data[i] ^ 1 << random.randrange(8)]) + data[i + 1 :])
        elif harm == "cut":
            path.write_bytes(data[: random.randrange(len(data))])
        elif harm == "empty":
            path.write_bytes(b"")
        else:
            # Another object of the cache, whole, under this one's name.
            path.write_bytes(random.choice(objects(cache, "cas")).read_bytes())
    reader = build(copy_project(EXAMPLE, tmp_path / "reader"), **cache.reading())
    assert not reader.failures
    assert "VN1121" in codes(reader)
    assert did(reader)
    assert differing(tree(tmp_path / "reader/build"), built) == []
    writer = build(copy_project(EXAMPLE, tmp_path / "writer"), **cache.writing())
    assert "VN1121" in codes(writer)
    third = build(copy_project(EXAMPLE, tmp_path / "third"), **cache.reading())
    assert (did(third), codes(third)) == (set(), set())
    assert differing(tree(tmp_path / "third/build"), built) == []


def test_a_lost_object_is_made_again(tmp_path: Path, warm: Cache, built: Tree) -> None:
    random = a_random()
    cache = warm.copy(tmp_path / "cache")
    for path in objects(cache, "cas"):
        if random.random() < 0.5:
            path.unlink()
    writer = build(copy_project(EXAMPLE, tmp_path / "writer"), **cache.writing())
    assert not writer.failures
    assert did(writer)
    assert differing(tree(tmp_path / "writer/build"), built) == []
    third = build(copy_project(EXAMPLE, tmp_path / "third"), **cache.reading())
    assert did(third) == set()


def test_a_cache_that_is_only_read_stays_as_it_is(tmp_path: Path, warm: Cache) -> None:
    cache = warm.copy(tmp_path / "cache")
    before = tree(cache.folder)
    root = copy_project(EXAMPLE, tmp_path / "reader")
    character = root / "characters/haru.yaml"
    character.write_text(character.read_text().replace("name: Haru", "name: Haruto"))
    assert did(build(root, **cache.reading()))
    assert differing(tree(cache.folder), before) == []


TINY = {
    "vn.yaml": "format: 1\nid: tiny\ntitle: Tiny\nstart: one\n",
    "scenes/one.md": '![A door](door)\n\nHello.\n\n`ending done "Done"`\n',
}


def tiny(folder: Path) -> Path:
    for name, text in TINY.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def tiny_built(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    root = tiny(tmp_path_factory.mktemp("tiny"))
    build(root)
    return tree(root / "build")


@pytest.fixture(scope="module")
def server() -> Iterator[Proxy]:
    with s3() as running:
        yield running


@pytest.mark.parametrize("number", range(count(5, least=2)))
def test_a_cache_that_fails_costs_little(
    tmp_path: Path, tiny_built: Tree, server: Proxy, number: int
) -> None:
    moods: list[Mood] = ["refuse", "hang", "drop", "truncate", "corrupt"]
    mood = moods[number] if count(5) == 5 else a_random().choice(moods)
    print(f"the cache is to {mood}")
    remote = {"cache": f"s3://novel/{mood}{number}", "cache_mode": "write"}
    server.set("pass")
    build(tiny(tmp_path / "first"), **remote)
    server.set(mood)
    before = server.connections
    root = tiny(tmp_path / "second")
    outcome = build(root, **remote)
    assert not outcome.failures
    assert codes(outcome)
    # It stops asking soon, whatever there was to ask.
    allowed = Patience()
    most = allowed.parallel * (allowed.failures + allowed.attempts)
    assert server.connections - before < most
    assert differing(tree(root / "build"), tiny_built) == []
    server.set("pass")
    third = build(tiny(tmp_path / "third"), **remote)
    assert (did(third), codes(third)) == (set(), set())
    assert differing(tree(tmp_path / "third/build"), tiny_built) == []


def test_a_cache_that_comes_and_goes(tmp_path: Path, tiny_built: Tree, server: Proxy) -> None:
    random = a_random()
    for number in range(count(20)):
        root = tiny(tmp_path / f"{number}")
        moods: list[Mood] = ["pass", "pass", "refuse", "drop", "truncate", "corrupt"]
        server.set(random.choice(moods))
        outcome = build(root, cache="s3://novel/weather", cache_mode="write")
        assert not outcome.failures
        assert differing(tree(root / "build"), tiny_built) == []
        shutil.rmtree(root)


def test_what_is_no_folder_is_no_cache(tmp_path: Path, tiny_built: Tree) -> None:
    (tmp_path / "file").write_text("in the way")
    root = tiny(tmp_path / "project")
    outcome = build(root, cache=f"file://{tmp_path}/file", cache_mode="write")
    assert not outcome.failures
    assert codes(outcome)
    assert differing(tree(root / "build"), tiny_built) == []


def test_a_url_that_nothing_opens(tmp_path: Path, tiny_built: Tree) -> None:
    root = tiny(tmp_path)
    outcome = build(root, cache="nosuch://place", cache_mode="write")
    assert not outcome.failures
    assert codes(outcome)
    assert differing(tree(root / "build"), tiny_built) == []
