"""The compiler in steps makes what the compiler in one call makes."""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from comfyvn.model.load import load_project
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.lock import read_lock
from comfyvn.story.compile import compile_project
from comfyvn.story.skeleton import skeleton
from tests.generate.build import make, write
from tests.generate.edits import edit
from tests.generate.stories import generate
from tests.plan.front import Front, as_bytes
from tests.test_mutations import MUTATIONS

EXAMPLE = Path(__file__).parent.parent.parent / "example_project"
SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
SEED = int(os.environ.get("COMFYVN_SEED", random.SystemRandom().randrange(2**32)))


def assert_same(root: Path) -> Front:
    """Compare the steps with the whole, of the project as it stands in a folder."""
    front = Front(root)
    out = Diagnostics()
    loaded = load_project(root, out)
    assert loaded is not None
    lock = read_lock(root, out)
    compiled = compile_project(loaded, lock, out)
    assert front.findings.in_order() == out.in_order()
    if compiled is None:
        assert json.loads(front.made["@scenes"]) == []
        return front
    program: dict[str, Any] = compiled.program
    made = front.made
    assert made["@head"] == as_bytes({**program, "scenes": {}, "translations": {}})
    for scene, part in program["scenes"].items():
        assert made[f"@part/{scene}"] == as_bytes(part), scene
        assert made[f"@skeleton/{scene}"] == as_bytes(skeleton(part))
    words: dict[str, dict[str, Any]] = {}
    for scene in json.loads(made["@scenes"]):
        for name in sorted(made):
            if name.startswith(f"@words/{scene}#"):
                language = name.rpartition("#")[2]
                words.setdefault(language, {}).update(json.loads(made[name]))
    assert as_bytes(dict(sorted(words.items()))) == as_bytes(program["translations"])
    places = {
        id: (loaded.listing.scenes[scene], *place)
        for scene in json.loads(made["@scenes"])
        for id, place in json.loads(made[f"@places/{scene}"]).items()
    }
    assert places == compiled.source_map
    assert front.kept.new == compiled.lock.write() or not program["scenes"]
    return front


@pytest.fixture
def example(tmp_path: Path) -> Path:
    root = tmp_path / "example"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("build", ".comfyvn"))
    return root


def test_the_example_is_the_same(example: Path) -> None:
    front = assert_same(example)
    assert front.kept.lock_text is None
    assert [item for item in front.findings if item.severity != "note"] == []


@pytest.mark.parametrize("batch", range(6))
def test_generated_stories_and_edits_are_the_same(batch: int, tmp_path: Path) -> None:
    rng = random.Random(SEED + batch)
    for number in range(max(1, round(50 * SCALE))):
        seed = rng.randrange(2**32)
        print(f"COMFYVN_SEED={SEED} batch {batch} story {seed}")
        root = tmp_path / str(number)
        make(seed, root)
        assert_same(root)
        write(edit(rng, generate(seed)), root)
        assert_same(root)


@pytest.mark.parametrize("batch", range(6))
def test_damaged_sources_are_the_same(batch: int, example: Path) -> None:
    rng = random.Random(SEED + batch)
    sources = [
        path
        for path in sorted(example.rglob("*"))
        if path.suffix in (".md", ".yaml", ".po", ".lock")
    ]
    before = {path: path.read_bytes() for path in sources}
    for _ in range(max(1, round(100 * SCALE))):
        damaged = rng.sample(sources, rng.randint(1, 3))
        for path in damaged:
            kind = rng.choice(list(MUTATIONS))
            print(f"COMFYVN_SEED={SEED} batch {batch}: {kind.__name__} {path.name}")
            path.write_bytes(kind(before[path], rng))
        assert_same(example)
        for path in damaged:
            path.write_bytes(before[path])


def changed(before: Front, after: Front) -> set[str]:
    names = before.made.keys() | after.made.keys()
    return {name for name in names if before.made.get(name) != after.made.get(name)}


def test_an_edit_of_words_changes_the_part_and_nothing_that_others_read(example: Path) -> None:
    before = Front(example)
    path = example / "scenes/dawn/concert_pitch.md"
    lines = path.read_text(encoding="utf-8").split("\n")
    number = next(i for i, line in enumerate(lines) if i > 20 and line[:1].isalpha())
    lines[number] += " And so it went."
    path.write_text("\n".join(lines), encoding="utf-8")
    after = assert_same(example)
    assert changed(before, after) == {"@part/dawn/concert_pitch"}


def test_lines_that_move_change_places_and_no_more(example: Path) -> None:
    before = Front(example)
    path = example / "scenes/dawn/concert_pitch.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.rstrip("\n").replace("\n\n", "\n\n\n") + "\n", encoding="utf-8")
    after = assert_same(example)
    names = {"@places/dawn/concert_pitch", "@spots/dawn/concert_pitch"}
    assert changed(before, after) == names


def test_an_edit_of_a_colour_leaves_the_scenes_alone(example: Path) -> None:
    before = Front(example)
    path = next((example / "characters").glob("*.yaml"))
    text = path.read_text(encoding="utf-8")
    path.write_text(
        "\n".join(
            'colour: "#010203"' if line.startswith("colour:") else line for line in text.split("\n")
        ),
        encoding="utf-8",
    )
    assert changed(before, assert_same(example)) == {"@globals", "@head"}


def test_names_of_files_that_cannot_be_right_are_the_same(example: Path) -> None:
    names = {
        "scenes/Clash.md": b"One.\n",
        "scenes/clash.md": b"Another.\n",
        "scenes/con.md": b"A device.\n",
        "scenes/unread.md": b"\xff\xfe\x00",
        "scenes/notes.txt": b"Notes.\n",
        "characters/Mei Lin.yaml": b"name: Mei Lin\n",
        "characters/old.yml": b"name: Old\n",
        "i18n/xx.po": b"\xff\xfe\x00",
        "i18n/XX.po": b"",
    }
    for name, data in names.items():
        (example / name).write_bytes(data)
    front = assert_same(example)
    assert {"VN0152", "VN0153", "VN0155"} <= {item.code for item in front.findings}
