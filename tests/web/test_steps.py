"""The steps of the web target make what is made at once, and only what has to be made."""

from __future__ import annotations

import json
import os
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pytest
from PIL import Image
from steps import Build
from storybook import compile_story, write_project

from comfyvn.drivers import placeholder
from comfyvn.plan.rules import read_rules
from comfyvn.source.diagnostics import Diagnostics
from tests.at_once import assets_of, draw_once, site_files
from tests.generate.build import make

SPANISH = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
COUNT = max(2, round(30 * float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))))


@pytest.fixture(autouse=True)
def _draw_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placeholder, "draw", draw_once)


def at_once(program: Any, root: Path) -> dict[str, bytes]:
    """Return the site of a program, made by one function."""
    return site_files(program, assets_of(program, root))


def test_steps_make_the_same_site_of_the_example(tmp_path: Path) -> None:
    root = copytree("example_project", tmp_path / "project", ignore=ignore_patterns(".*", "build"))
    program = compile_story(root)
    build = Build(root)
    build.build(program)
    assert build.site == at_once(program, root)
    build.build(program)
    assert build.ran == []


@pytest.mark.parametrize("seed", range(COUNT))
def test_steps_make_the_same_site_of_a_generated_story(seed: int, tmp_path: Path) -> None:
    program = make(seed, tmp_path).program
    build = Build(tmp_path)
    build.build(program)
    assert build.site == at_once(program, tmp_path)


def test_a_change_of_the_painter_draws_again() -> None:
    rules = read_rules(Path("example_project"), Diagnostics())
    assert rules.declared["draw"].rule.version == str(placeholder.VERSION)


@pytest.fixture
def story(tmp_path: Path) -> Path:
    """A story with a picture of its own and a translation."""
    write_project(tmp_path)
    (tmp_path / "assets").mkdir()
    Image.new("RGB", (8, 8), "red").save(tmp_path / "assets" / "mei smile.png")
    program = compile_story(tmp_path)
    (line,) = (
        op["id"] for op in program["scenes"]["loft"]["sections"][0]["body"] if op["op"] == "say"
    )
    (tmp_path / "i18n").mkdir()
    (tmp_path / "i18n" / "es.po").write_text(
        f'{SPANISH}msgctxt "{line}"\nmsgid "Rain on the roof."\nmsgstr "Llueve."\n', "utf-8"
    )
    return tmp_path


def edited(root: Path, name: str, old: str, new: str) -> Any:
    """Change a source and compile."""
    path = root / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return compile_story(root)


def built(root: Path) -> Build:
    build = Build(root)
    build.build(compile_story(root))
    assert [item.message for item in build.findings] == []
    return build


REST = ["web-index", "web-page", "web-worker"]


def test_an_edit_of_words_packs_one_fragment(story: Path) -> None:
    build = built(story)
    before = build.site
    build.build(edited(story, "scenes/loft.md", "Rain on the roof", "Snow on the roof"))
    assert build.ran == ["web-fragment loft", *REST]
    changed = sorted(name for name, data in build.site.items() if before.get(name) != data)
    assert [name.partition("-")[0] for name in changed] == [
        "index.html",
        "story/index",
        "story/scenes",
        "sw.js",
    ]
    build.build(edited(story, "i18n/es.po", "Llueve.", "Nieva."))
    assert build.ran == ["web-fragment loft", *REST]
    assert build.site == at_once(compile_story(story), story)


def test_letters_of_another_script_bring_fonts(story: Path) -> None:
    build = built(story)
    build.build(edited(story, "scenes/loft.md", "Rain on the roof", "Дождь"))
    assert build.ran == ["web-fragment loft", "web-index", "web-fonts", *REST[1:]]
    assert "fonts/literata-cyrillic-normal.woff2" in build.site


def test_a_changed_picture_is_copied_alone(story: Path) -> None:
    build = built(story)
    before = build.site
    picture = story / "assets" / "mei smile.png"
    Image.new("RGB", (8, 8), "blue").save(picture)
    build.build(compile_story(story))
    assert build.ran == [
        f"check-asset {(name := 'assets/mei smile.png')}",
        f"web-asset {name}",
        *REST,
    ]
    (new,) = (name for name in build.site.keys() - before.keys() if name.startswith("assets/"))
    assert build.site[new] == picture.read_bytes()
    assert len(build.site) == len(before)


def test_a_new_picture_takes_the_place_of_a_drawing(story: Path) -> None:
    build = built(story)
    Image.new("RGB", (8, 8), "green").save(story / "assets" / "quay night.png")
    build.build(compile_story(story))
    name = "assets/quay night.png"
    assert build.ran == ["resolve", "web-groups", f"check-asset {name}", f"web-asset {name}", *REST]
    assert build.site == at_once(compile_story(story), story)


def test_a_colour_draws_again_what_has_it(story: Path) -> None:
    build = built(story)
    build.build(edited(story, "characters/mei.yaml", "#d46a8c", "#6a8cd4"))
    assert [name for name in build.ran if name.startswith("draw")] == ["draw sprite mei plain"]
    assert build.site == at_once(compile_story(story), story)


def test_a_file_that_is_no_picture_is_reported_and_not_placed(story: Path) -> None:
    (story / "assets" / "quay night.png").write_bytes(b"<svg/>")
    build = Build(story)
    build.build(compile_story(story))
    assert [item.code for item in build.findings] == ["VN1003"]
    assert b"<svg/>" not in build.site.values()
    (index,) = (name for name in build.site if name.startswith("story/index-"))
    assert "background quay night" not in json.loads(build.site[index])["assets"]


def test_what_is_placed_is_named_in_the_index(story: Path) -> None:
    build = built(story)
    (index,) = (name for name in build.site if name.startswith("story/index-"))
    assets = json.loads(build.site[index])["assets"]
    assert set(assets.values()) == {name for name in build.site if name.startswith("assets/")}
    smile = build.site[assets["sprite mei smile"]]
    assert smile == (story / "assets" / "mei smile.png").read_bytes()
