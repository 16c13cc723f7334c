"""The folder that is built: small, the same each time, for any path, for large stories."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from storybook import build_story, compile_story, write_project

from comfyvn.data import data_folder
from comfyvn.targets import web
from comfyvn.targets.web_page import modules_needed
from comfyvn.targets.web_story import MOST_FILES, group_scenes
from tests.at_once import site_files

CODE_BUDGET = 60_000
"""Bytes of code and style, each file gzipped by itself as a server does."""


def test_the_code_is_small(site: Path) -> None:
    code = [path for path in site.rglob("*") if path.suffix in {".js", ".css"}]
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9, mtime=0)) for path in code}
    assert sum(sizes.values()) <= CODE_BUDGET, sizes


def test_a_build_repeats_itself(site: Path, tmp_path: Path) -> None:
    again = build_story(tmp_path / "elsewhere")
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    assert names == sorted(
        path.relative_to(again).as_posix() for path in again.rglob("*") if path.is_file()
    )
    assert [
        name for name in names if (site / name).read_bytes() != (again / name).read_bytes()
    ] == []


def test_addresses_are_relative(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    addresses = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert addresses
    for address in addresses:
        assert not re.match(r"[a-z]+:|/", address), address
        assert (site / address).is_file(), address
    sheet = next(site.glob("fonts/fonts-*.css"))
    for address in re.findall(r'url\("([^"]+)"\)', sheet.read_text()):
        assert (sheet.parent / address).is_file(), address
    manifest = json.loads((site / "manifest.webmanifest").read_text())
    assert manifest["start_url"] == "./"
    assert all((site / icon["src"]).is_file() for icon in manifest["icons"])


def test_text_cannot_break_out_of_the_page(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    assert "<title>Lanterns &amp; &lt;Tides&gt;</title>" in page


def test_fonts_come_with_their_licences(site: Path) -> None:
    families = {path.name.split("-")[0] for path in (site / "fonts").glob("*.woff2")}
    assert families
    for family in families:
        assert "SIL OPEN FONT LICENSE" in (site / "fonts" / f"OFL-{family}.txt").read_text().upper()


def test_fonts_follow_the_story(tmp_path: Path) -> None:
    greek = build_story(
        tmp_path, {"scenes/loft.md": '---\nlocation: loft\n---\n\nΚαλησπέρα.\n\n`ending x "X"`\n'}
    )
    assert (greek / "fonts" / "literata-greek-normal.woff2").exists()
    assert not (greek / "fonts" / "literata-cyrillic-normal.woff2").exists()


def test_many_scenes_make_few_files(tmp_path: Path) -> None:
    program = compile_story(write_project(tmp_path))
    scene = program["scenes"]["loft"]
    program["scenes"] |= {f"part/{n:04}": scene | {"id": f"s{n:07}"} for n in range(5_000)}
    program["languages"] = ["en", "es"]
    program["translations"] = {
        "es": {f"s{n:07}": {"text": ["x"]} for n in range(0, 5_000, 2)}
        | {"b0000000": {"text": ["of no scene"]}}
    }
    files = site_files(program, {})
    assert len(files) <= MOST_FILES
    index = json.loads(files[next(name for name in files if name.startswith("story/index-"))])
    packed: dict[str, Any] = {}
    words: dict[str, Any] = {}
    for fragment in index["fragments"]:
        packed |= json.loads(files[fragment["file"]])
        words |= json.loads(files[fragment["words"]["es"]]) if "words" in fragment else {}
    assert packed == program["scenes"]
    assert len(words) == 2_500
    for name, number in index["scenes"].items():
        assert name in json.loads(files[index["fragments"][number]["file"]])
    first = index["fragments"][index["scenes"][program["start"]]]["file"]
    assert list(json.loads(files[first])) == [program["start"]]


NAMES = st.sets(st.text("abcdef/", min_size=1, max_size=6), min_size=2, max_size=200)


@given(scenes=NAMES, assets=st.integers(0, 900), languages=st.integers(0, 12))
def test_groups_hold_every_scene_once(scenes: set[str], assets: int, languages: int) -> None:
    start = min(scenes)
    groups = group_scenes(scenes, start, languages=languages, assets=assets)
    assert groups[0][1] == [start]
    assert sorted(name for _, group in groups for name in group) == sorted(scenes)
    assert len({key for key, _ in groups}) == len(groups)
    assert len(groups) * (1 + languages) <= max(MOST_FILES - assets, 16 * (1 + languages))


def test_a_new_scene_changes_one_group() -> None:
    names = {f"part {n % 30}/scene {n}" for n in range(3_000)}
    before = group_scenes({"start", *names}, "start", languages=0, assets=40)
    assert max(len(group) for _, group in before) > 1
    for name in ("part 3/a", "zz", "a"):
        after = group_scenes({"start", *names, name}, "start", languages=0, assets=41)
        changed = [group for _, group in after if group not in [g for _, g in before]]
        assert len(changed) <= 2, changed


def test_an_edit_changes_few_files(tmp_path: Path) -> None:
    site = build_story(tmp_path)
    before = {path.name for path in (site / "story").iterdir()}
    build_story(tmp_path, {"scenes/loft.md": '---\nlocation: loft\n---\n\nOh.\n\n`ending x "X"`\n'})
    after = {path.name for path in (site / "story").iterdir()}
    assert sorted(name.partition("-")[0] for name in after - before) == ["index", "scenes", "words"]
    assert len(before & after) == 2  # the start scene and its words


def test_comments_go_and_code_stays() -> None:
    source = (
        "/** @type {any} */\nconst a = /** @type {any} */ (b); // kept: not at the beginning\n"
        '  // gone\n/**\n * gone\n */\nconst url = "http://x/*y*/";\n/** a */ export const c = 1;\n'
    )
    assert web.without_comments(source) == (
        "const a = (b); // kept: not at the beginning\n"
        'const url = "http://x/*y*/";\nexport const c = 1;\n'
    )


def test_modules_needed_follows_static_imports() -> None:
    sources = {
        "main.js": 'import { a } from "./a.js";\nimport("./late.js");\n',
        "a.js": 'export { b } from "./sub/b.js";\n',
        "sub/b.js": 'import * as a from "../a.js";\n',
        "late.js": "",
    }
    assert modules_needed(sources) == ["main.js", "a.js", "sub/b.js"]


@pytest.mark.tsc
def test_the_player_is_typed() -> None:
    templates = data_folder("templates") / "web"
    done = subprocess.run(["tsc", "-p", str(templates)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
