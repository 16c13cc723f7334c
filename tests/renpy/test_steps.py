"""An edit runs the steps of the Ren'Py target that it must, and no others."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from builds.example import EXAMPLE, Cache, Tree, copy_project, did, tree
from PIL import Image

from comfyvn.plan.build import Builder
from comfyvn.plan.outcome import Options

Files = Tree


class Example:
    """A copy of the example that is built again and again."""

    def __init__(self, root: Path, cache: str) -> None:
        self.root = root
        self.options = Options(cache=cache, cache_mode="write")

    def build(self) -> set[str]:
        """Build; return the steps of the target that ran."""
        outcome = Builder(self.root, self.options).build(["renpy"])
        assert not outcome.failures
        assert not outcome.findings.has_errors
        return {name for name in did(outcome) if name.startswith("renpy-")}

    def files(self) -> Files:
        return tree(self.root / "build" / "renpy")

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture(scope="session")
def cache(drawings: Cache, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is dear to make is made once for all tests."""
    return drawings.copy(tmp_path_factory.mktemp("drawn") / "cache").url


@pytest.fixture
def example(tmp_path: Path, cache: str) -> Example:
    example = Example(copy_project(EXAMPLE, tmp_path / "project"), cache)
    example.build()
    return example


def changed(before: Files, after: Files) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_an_edit_of_words_writes_one_script(example: Example) -> None:
    before = example.files()
    example.edit("scenes/dawn/moorings.md", "I hear him writing", "I can hear him writing")
    scene = "dawn/moorings"
    assert example.build() >= {f"renpy-script {scene}"}
    assert changed(before, example.files()) == {f"game/script/{scene}.rpy"}
    assert example.build() == set()


def test_a_new_sound_writes_one_script_and_the_sounds(example: Example) -> None:
    before = example.files()
    example.edit("scenes/dawn/moorings.md", "`play sfx bell`", "`play sfx thunder`")
    ran = example.build()
    assert [name for name in ran if name.startswith("renpy-script")] == [
        "renpy-script dawn/moorings"
    ]
    written = changed(before, example.files())
    assert "game/script/dawn/moorings.rpy" in written
    assert not any(name.startswith("game/art") for name in written)


def test_a_line_like_a_translated_caption_is_told_apart(example: Example) -> None:
    """A choice's caption in one scene that a line of another scene has word for word."""
    example.edit("vn.yaml", "start: evening/hatch", "start: evening/first")
    scene = example.root / "scenes" / "evening" / "first.md"
    scene.write_text(
        "---\ntitle: First\nlocation: pier/office\ntime: dusk\n---\n\n- Go on.\n\n  Well.\n\n"
        "[](hatch.md)\n",
        "utf-8",
    )
    example.build()
    lock = (example.root / "vn.lock").read_text("utf-8")
    (choice,) = (
        row.split("\t")[2]
        for row in lock.splitlines()
        if row.endswith("\tGo on.") and row.startswith("evening/first\t") and "\tc" in row
    )
    catalogue = example.root / "i18n" / "es.po"
    catalogue.write_text(
        catalogue.read_text("utf-8") + f'\nmsgctxt "{choice}"\nmsgid "Go on."\nmsgstr "Sigue."\n',
        "utf-8",
    )
    example.build()
    script = "game/script/evening/first.rpy"
    assert f"{{#{choice}}}".encode() not in example.files()[script]
    example.edit("scenes/dawn/moorings.md", "There isn’t much to pack.", "Go on.\n\nThere isn’t.")
    assert "renpy-script evening/first" in example.build()
    assert f"{{#{choice}}}".encode() in example.files()[script]


def test_avif_is_converted(example: Example) -> None:
    made = io.BytesIO()
    Image.new("RGBA", (840, 1200), (200, 30, 60, 128)).save(made, "AVIF")
    (example.root / "assets" / "kit.avif").write_bytes(made.getvalue())
    before = example.files()
    example.build()
    art = {n for n in changed(before, example.files()) if n.startswith("game/art/sprite/kit")}
    placed = [example.files()[name] for name in art if name in example.files()]
    assert placed
    for data in placed:
        with Image.open(io.BytesIO(data)) as image:
            assert (image.format, image.mode) == ("WEBP", "RGBA")
            assert image.getpixel((3, 3))[3] == 128
