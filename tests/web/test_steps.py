"""An edit runs the steps of the web target that it must, and no others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from builds.example import Tree, did, tree
from PIL import Image
from storybook import compile_story, write_project

from comfyvn.plan.build import Builder
from comfyvn.plan.outcome import Options, Outcome

SPANISH = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
REST = {"web-index", "web-page", "web-worker"}


class Story:
    """A story that is built again and again."""

    def __init__(self, root: Path, cache: str) -> None:
        self.root = root
        self.options = Options(cache=cache, cache_mode="write")

    def build(self) -> Outcome:
        outcome = Builder(self.root, self.options).build(["web"])
        assert not outcome.failures
        return outcome

    def ran(self) -> set[str]:
        """Build; return the steps of the back that ran."""
        front = ("declare ", "lower ", "project", "link", "count", "labels", "locate", "slices")
        return {name for name in did(self.build()) if not name.startswith((*front, "catalogue"))}

    def site(self) -> Tree:
        return tree(self.root / "build" / "web")

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def index(self) -> dict[str, str]:
        """The files of all pictures and sounds, by what asks for them."""
        site = self.site()
        (index,) = (name for name in site if name.startswith("story/index-"))
        assets: dict[str, str] = json.loads(site[index])["assets"]
        return assets


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is dear to make is made once for all these tests."""
    return f"file://{tmp_path_factory.mktemp('drawn')}"


@pytest.fixture
def story(tmp_path: Path, cache: str) -> Iterator[Story]:
    """A story with a picture of its own and a translation, built."""
    root = write_project(tmp_path)
    (root / "assets").mkdir()
    Image.new("RGB", (8, 8), "red").save(root / "assets" / "mei smile.png")
    program = compile_story(root)
    (line,) = (
        op["id"] for op in program["scenes"]["loft"]["sections"][0]["body"] if op["op"] == "say"
    )
    (root / "i18n").mkdir()
    (root / "i18n" / "es.po").write_text(
        f'{SPANISH}msgctxt "{line}"\nmsgid "Rain on the roof."\nmsgstr "Llueve."\n', "utf-8"
    )
    story = Story(root, cache)
    story.build()
    yield story
    again = Story(root, cache)
    assert did(again.build()) == set()


def test_an_edit_of_words_packs_one_fragment(story: Story) -> None:
    before = story.site()
    story.edit("scenes/loft.md", "Rain on the roof", "Snow on the roof")
    assert story.ran() == {"web-fragment loft", *REST}
    after = story.site()
    changed = sorted(name for name in after if before.get(name) != after[name])
    assert [name.partition("-")[0] for name in changed] == [
        "index.html",
        "story/index",
        "story/scenes",
        "sw.js",
    ]
    story.edit("i18n/es.po", "Llueve.", "Nieva.")
    assert story.ran() == {"web-fragment loft", *REST}


def test_letters_of_another_script_bring_fonts(story: Story) -> None:
    story.edit("scenes/loft.md", "Rain on the roof", "Дождь")
    assert story.ran() == {"web-fragment loft", "web-fonts", *REST}
    assert "fonts/literata-cyrillic-normal.woff2" in story.site()


def test_a_changed_picture_is_placed_alone(story: Story) -> None:
    before = story.site()
    picture = story.root / "assets" / "mei smile.png"
    Image.new("RGB", (8, 8), "blue").save(picture)
    ran = story.ran()
    assert ran > REST
    assert all("mei smile" in name for name in ran - REST)
    after = story.site()
    assert len([name for name in after.keys() - before.keys() if name.startswith("assets/")]) == 1
    assert len(after) == len(before)


def test_a_new_picture_takes_the_place_of_a_drawing(story: Story) -> None:
    drawn = story.index()["background quay night"]
    Image.new("RGB", (8, 8), "green").save(story.root / "assets" / "quay night.png")
    story.build()
    assert story.index()["background quay night"] != drawn
    assert drawn not in story.site()


def test_a_colour_draws_again_what_has_it(story: Story) -> None:
    story.edit("characters/mei.yaml", "#d46a8c", "#6a8cd4")
    ran = {name for name in story.ran() if name.startswith("draw ")}
    assert ran <= {"draw sprite mei plain"}  # what another test drew is fetched
    assert story.index()["sprite mei plain"]


def test_a_file_that_is_no_picture_is_reported_and_leaves_the_site(story: Story) -> None:
    before = story.site()
    bad = story.root / "assets" / "quay night.png"
    bad.write_bytes(b"<svg/>")
    outcome = Builder(story.root, story.options).build(["web"])
    assert [item.code for item in outcome.findings if item.severity == "error"] == ["VN1003"]
    assert story.site() == before
    bad.unlink()
    story.build()


def test_what_is_placed_is_named_in_the_index(story: Story) -> None:
    placed = {name for name in story.site() if name.startswith("assets/")}
    assert set(story.index().values()) <= placed
    assert story.index()["sprite mei smile"] != story.index()["sprite mei plain"]
