"""The steps write what one call writes, and an edit of words writes one script."""

from __future__ import annotations

import copy
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from comfyvn.source.diagnostics import Diagnostics
from tests.at_once import project_files
from tests.conformance.cases import all_cases
from tests.generate.build import compile_folder, make
from tests.renpy.steps import PICTURE, Build, assets_of, inputs_of

COUNT = max(6, round(60 * float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))))
EXAMPLE = Path(__file__).parents[2] / "example_project"


def in_one_go(program: Any) -> dict[str, bytes]:
    out = Diagnostics()
    files = project_files(program, assets_of(program), out)
    assert not out
    return files


def check(program: Any) -> None:
    build = Build()
    build.run(inputs_of(program))
    assert build.files() == in_one_go(program)
    assert build.run(inputs_of(program)) == []


def test_the_example_is_the_same_in_steps() -> None:
    compiled, _ = compile_folder(EXAMPLE)
    assert compiled is not None
    check(compiled.program)


@pytest.mark.parametrize("seed", range(COUNT))
def test_stories_are_the_same_in_steps(seed: int, tmp_path: Path) -> None:
    check(make(seed, tmp_path).program)


def test_every_op_is_the_same_in_steps() -> None:
    for case in all_cases():
        # As the compiler has them, and not as somebody wrote them down.
        scenes = dict(sorted(case.program["scenes"].items()))
        check({**case.program, "scenes": scenes})


def says(program: Any, scene: str) -> dict[str, Any]:
    """Return a line of a scene, appended to its first section."""
    line = {"op": "say", "id": "b9999999", "who": [], "text": ["A new line."]}
    program["scenes"][scene]["sections"][0]["body"].insert(0, line)
    return line


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_an_edit_of_words_writes_one_script(seed: int, tmp_path: Path) -> None:
    program = make(seed, tmp_path / "source").program
    scene = sorted(program["scenes"])[-1]
    line = says(program, scene)
    build = Build()
    build.run(inputs_of(program))
    before = build.files()
    line["text"] = ["Other words."]
    ran = build.run(inputs_of(program))
    translated = ["renpy-captions"] if len(program["languages"]) > 1 else []
    assert ran == [f"renpy-facts {scene}", *translated, f"renpy-script {scene}"]
    after = build.files()
    changed = [name for name in after if after[name] != before.get(name)]
    assert changed == [f"game/script/{scene}.rpy"]
    assert after == in_one_go(program)


def test_a_new_sound_writes_one_script_and_the_sounds(tmp_path: Path) -> None:
    program = make(1, tmp_path / "source").program
    scene = program["start"]
    build = Build()
    build.run(inputs_of(program))
    before = build.files()
    op = {"op": "play", "channel": "sfx", "name": "aaa_never_heard"}
    program["scenes"][scene]["sections"][0]["body"].insert(0, op)
    ran = build.run(inputs_of(program))
    assert [name for name in ran if name.startswith("renpy-script")] == [f"renpy-script {scene}"]
    after = build.files()
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed >= {f"game/script/{scene}.rpy", "game/sounds.rpy"}
    assert not any(name.startswith("game/art") for name in changed)
    assert after == in_one_go(program)


def test_a_line_like_a_translated_caption_is_told_apart_in_another_scene(tmp_path: Path) -> None:
    program = copy.deepcopy(make(3, tmp_path / "source").program)
    language = next(iter(program["translations"]))
    table = program["translations"][language]
    first, *_, last = sorted(program["scenes"])
    choice = {"id": "c9999999", "text": ["Go on."], "body": []}
    menu = {"op": "menu", "id": "m9999999", "choices": [choice]}
    program["scenes"][first]["sections"][0]["body"].insert(0, menu)
    table[choice["id"]] = {"text": ["Sigue."]}
    line = says(program, last)
    build = Build()
    build.run(inputs_of(program))
    assert b"{#c9999999}" not in build.files()[f"game/script/{first}.rpy"]
    line["text"] = choice["text"]
    assert f"renpy-script {first}" in build.run(inputs_of(program))
    assert b"{#c9999999}" in build.files()[f"game/script/{first}.rpy"]
    assert b"{#b9999999}" in build.files()[f"game/script/{last}.rpy"]
    assert build.files() == in_one_go(program)


def test_avif_is_converted(tmp_path: Path) -> None:
    program = make(2, tmp_path / "source").program
    made = io.BytesIO()
    Image.new("RGBA", (16, 8), (200, 30, 60, 128)).save(made, "AVIF")
    given = inputs_of(program)
    found = json.loads(given["@found"])
    *_, key = next(one for one in found["answers"] if one[3].startswith("d"))
    path = "assets/drawn.avif"
    found["assets"][key] = path
    given |= {"@found": json.dumps(found).encode(), path: made.getvalue(), f"@checked/{key}": b""}
    build = Build()
    build.run(given)
    (placed,) = [
        data
        for name, data in build.files().items()
        if name.startswith("game/art/") and data != PICTURE
    ]
    with Image.open(io.BytesIO(placed)) as image:
        assert (image.format, image.mode, image.size) == ("WEBP", "RGBA", (16, 8))
        assert image.getpixel((3, 3))[3] == 128
    del given[f"@checked/{key}"]
    build.run(given)
    assert placed not in build.files().values()
