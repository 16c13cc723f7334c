"""Pins in `vn.lock`: they are kept by whatever else happens to the file."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfyvn.engine.digest import ABSENT, digest_of
from comfyvn.plan.upkeep import Upkeep
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.lock import Anchor, Lock, identify, report_changes
from comfyvn.source.lock_file import HEADER, Excerpt

NAME = st.builds(
    " ".join,
    st.lists(st.text("abc_/09é", min_size=1, max_size=6), min_size=2, max_size=4),
)
PINS = st.dictionaries(NAME, st.integers(2, 999), max_size=6)
SCENES = {"one": ["Hello.", "Bye."], "two": ["World."]}


def anchors(texts: list[str]) -> list[Anchor]:
    return [Anchor("s", "", "", None), *(Anchor("b", "", text, None) for text in texts)]


def lock_with(pins: dict[str, int]) -> Lock:
    lock = identify(Lock(), {name: anchors(texts) for name, texts in SCENES.items()}).lock
    lock.pins = dict(pins)
    return lock


@given(PINS)
def test_pins_survive_the_file(pins: dict[str, int]) -> None:
    out = Diagnostics()
    text = lock_with(pins).write()
    again = Lock.read(text, out)
    assert (again.pins, again.scenes, list(out)) == (pins, lock_with({}).scenes, [])
    assert again.write() == text
    again.text = None
    assert again.write() == text
    lines = text.splitlines()
    assert lines == sorted(lines)
    assert lines[0] == HEADER


@given(PINS, st.lists(st.sampled_from(["Hello.", "Bye.", "New."]), max_size=3))
def test_edits_of_scenes_leave_pins_alone(pins: dict[str, int], texts: list[str]) -> None:
    lock = lock_with(pins)
    edited = {"one": anchors(texts), "two": anchors(SCENES["two"])}
    assert identify(lock, edited).lock.pins == pins
    assert identify(lock, {}).lock.pins == pins
    excerpt = Excerpt(lock.write(), ["one"])
    changed = identify(Lock(dict(excerpt.scenes)), {"one": anchors(texts)}).lock
    assert Lock.read(excerpt.write(changed.scenes), Diagnostics()).pins == pins


def test_a_lock_without_pins_is_as_it_always_was() -> None:
    text = lock_with({}).write()
    assert "@" not in text
    assert Lock.read(text, Diagnostics()).pins == {}


@pytest.mark.parametrize(
    "damage",
    [
        lambda lines: lines[::-1],
        lambda lines: ["<<<<<<< HEAD", *lines, "=======", *lines, ">>>>>>> theirs"],
        lambda lines: [f"{line}\r" for line in lines],
        lambda lines: [f"{line}  " if line.startswith("@") else line for line in lines],
        lambda lines: [line.rstrip("\t") for line in lines] + [""],
    ],
)
def test_a_damaged_file_loses_no_pin(damage) -> None:  # type: ignore[no-untyped-def]
    pins = {"sprite kit grin": 3, "background pier/quay dusk": 12}
    out = Diagnostics()
    lines = lock_with(pins).write().splitlines()
    assert Lock.read("\n".join(damage(lines)) + "\n", out).pins == pins
    assert not out.has_errors


def test_of_two_pins_that_a_merge_left_the_later_take_is_used(tmp_path: Path) -> None:
    files = {
        "base": {"sprite kit grin": 2},
        "ours": {"sprite kit grin": 3, "prop lantern": 2},
        "theirs": {"sprite kit grin": 5, "picture wall": 4},
    }
    for name, pins in files.items():
        (tmp_path / name).write_text(lock_with(pins).write())
    command = ["git", "merge-file", "-p", "--union", "ours", "base", "theirs"]
    merged = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    out = Diagnostics()
    lock = Lock.read(merged.stdout, out)
    assert lock.pins == {"sprite kit grin": 5, "prop lantern": 2, "picture wall": 4}
    assert [item.code for item in out].count("VN0901") >= 1
    assert any("takes 3 and 5 of `sprite kit grin`" in item.message for item in out)
    assert Lock.read(lock.write(), Diagnostics()).pins == lock.pins


def test_locked_takes_a_pin_for_no_change() -> None:
    out = Diagnostics()
    lock = lock_with({"prop lantern": 2})
    again = identify(lock, {name: anchors(texts) for name, texts in SCENES.items()}).lock
    assert report_changes(lock, again, out)
    assert not out


class Files:
    """Scenes and a lock that a dict holds."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def paths(self) -> list[str]:
        return sorted(self.files)

    def digest(self, path: str) -> str:
        return digest_of(self.read(path)) if path in self.files else ABSENT

    def read(self, path: str) -> bytes:
        return self.files[path].encode()


def test_the_upkeep_keeps_pins_and_tells_them(tmp_path: Path) -> None:
    files = {"vn.yaml": "", "scenes/one.md": "Hello.\n", "scenes/two.md": "World.\n"}
    upkeep = Upkeep(tmp_path)
    first = upkeep.run(Files(files), "tool", Diagnostics())
    assert first.values["@takes"] == b"{}"
    lock = Lock.read(first.new, Diagnostics())
    lock.text, lock.pins = None, {"prop lantern": 2}
    files["vn.lock"] = lock.write()
    for text in ("Hello.\n", "Hello.\n\nMore.\n", "Hello.\n\nMuch more.\n"):
        files["scenes/one.md"] = text
        kept = upkeep.run(Files(files), "tool", Diagnostics())
        assert kept.values["@takes"] == b'{"prop lantern":2}'
        files["vn.lock"] = kept.new
        assert Lock.read(kept.new, Diagnostics()).pins == lock.pins
