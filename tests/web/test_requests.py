"""What a story asks for, and which files answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from storybook import compile_story, write_project

from comfyvn.model.globals import globals_of
from comfyvn.model.load import load_project
from comfyvn.plan.asset_checks import find_assets
from comfyvn.plan.assets import answer
from comfyvn.plan.library import PICTURE_ENDINGS, files_below, words
from comfyvn.plan.requests import (
    AssetRequest,
    asset_requests,
    requests_by_scene,
    skeletons,
)
from comfyvn.source.diagnostics import Diagnostics


def requests_of(tmp_path: Path, **scenes: str) -> set[str]:
    changes = {f"scenes/{name}.md": text for name, text in scenes.items()}
    program = compile_story(write_project(tmp_path, changes))
    return {f"{request.kind} {request.name}" for request in asset_requests(program)}


def test_everything_that_can_occur_is_asked_for(tmp_path: Path) -> None:
    assert requests_of(tmp_path) == {
        "background quay dusk",
        "background quay night",
        "background loft night rain",
        "sprite mei plain",
        "sprite mei smile",
        "prop lamp",
        "picture two_hands",
    }


def test_a_look_that_never_comes_on_stage_is_not_asked_for(tmp_path: Path) -> None:
    quay = "---\nlocation: quay\n---\n\nMei (smile): Over here.\n\n`show mei`\n\nMei (plain): Hm.\n"
    found = requests_of(tmp_path, quay=quay)
    assert "sprite mei smile" in found  # She still smiles when she comes on stage.
    assert "sprite mei plain" in found
    quay = "---\nlocation: quay\n---\n\nMei (smile): Over here.\n"
    assert not [name for name in requests_of(tmp_path, quay=quay) if name.startswith("sprite")]


def test_time_changes_what_is_on_stage_wherever_flow_comes_from(tmp_path: Path) -> None:
    quay = """\
---
location: quay
time: dusk
---

- [To the loft.](#up)
- Stay.

`scene loft`

Here.

## up

`time night`

Later.
"""
    found = requests_of(tmp_path, quay=quay)
    assert {"background quay night", "background loft night", "background loft dusk"} <= found


def test_a_place_is_asked_for_as_it_is_come_to(tmp_path: Path) -> None:
    quay = "---\nlocation: quay\ntime: dusk\nweather: rain\n---\n\n[Up.](attic.md)\n"
    attic = "---\nlocation: loft\ntime: night\n---\n\nDust.\n\n`ending dust`\n"
    found = requests_of(tmp_path, quay=quay, attic=attic)
    assert "background loft night rain" in found
    assert "background loft night" not in found


def test_a_scene_asks_for_what_is_shown_while_it_is_played(tmp_path: Path) -> None:
    quay = (
        "---\nlocation: quay\ntime: dusk\n---\n\n"
        "Mei (smile): Hi.\n\n`show mei`\n\n[Up](loft.md#a)\n"
    )
    loft = '---\nlocation: loft\n---\n\nHere.\n\n## A\n\n`play sfx bell`\n\n`ending x "X"`\n'
    program = compile_story(
        write_project(tmp_path, {"scenes/quay.md": quay, "scenes/loft.md": loft})
    )
    scenes = requests_by_scene(program, skeletons(program))
    names = {scene: {f"{r.kind} {r.name}" for r in found} for scene, found in scenes.items()}
    assert {"background quay dusk", "sprite mei smile"} <= names["quay"]
    assert {"background loft dusk", "sfx bell"} <= names["loft"]
    assert not any("loft" in name or "bell" in name for name in names["quay"])
    assert set().union(*scenes.values()) == set(asset_requests(program))


PNG = b"\x89PNG\r\n\x1a\n"


def touch(root: Path, *names: str) -> None:
    for name in names:
        path = root / "assets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((PNG if path.suffix in PICTURE_ENDINGS else b"OggS") + name.encode())


def resolved(tmp_path: Path, request: AssetRequest) -> tuple[str, Diagnostics]:
    """Return the name of the file that answers, or `drawn`, or nothing; and the findings."""
    out = Diagnostics()
    program = compile_story(write_project(tmp_path))
    loaded = load_project(tmp_path, Diagnostics())
    assert loaded is not None
    found = answer(program, globals_of(loaded), {}, [request], files_below(tmp_path), out)
    drawn = "drawn" if found.briefs else ""
    return Path(found.assets.get(found.answers.get(request, ""), drawn)).name, out


SMILE = AssetRequest("sprite", "mei", ("smile", "coat"))


@pytest.mark.parametrize(
    ("files", "wins"),
    [
        ([".trash/mei.png", ".mei.png"], "drawn"),
        (["mei.png"], "mei.png"),
        (["mei.png", "sub/Mei Smile.webp"], "Mei Smile.webp"),
        (["mei-coat_smile.png", "mei smile.png"], "mei-coat_smile.png"),
        (["mei_angry.png", "mei.png"], "mei.png"),
        (["meiko.png", "mei.ogg", "mei.jpg"], "mei.jpg"),
    ],
)
def test_the_file_that_names_most_wins(tmp_path: Path, files: list[str], wins: str) -> None:
    touch(tmp_path, *files)
    name, out = resolved(tmp_path, SMILE)
    assert name == wins
    assert out == []


def test_two_equal_files_are_reported(tmp_path: Path) -> None:
    touch(tmp_path, "mei_smile.png", "old/mei smile.webp")
    _, out = resolved(tmp_path, SMILE)
    assert [item.code for item in out] == ["VN1001"]
    assert out[0].span.path == "assets/mei_smile.png"
    assert out[0].related[0].span.path == "assets/old/mei smile.webp"


def test_a_place_below_another_is_named_with_both(tmp_path: Path) -> None:
    touch(tmp_path, "school roof dusk.png", "school.png")
    roof = AssetRequest("background", "school/roof", ("dusk", "rain"))
    assert resolved(tmp_path, roof)[0] == "school roof dusk.png"


def test_silence_is_a_warning_and_pictures_are_drawn(tmp_path: Path) -> None:
    name, out = resolved(tmp_path, AssetRequest("music", "first_rain"))
    assert (name, [item.code for item in out]) == ("", ["VN1002"])
    touch(tmp_path, "First Rain.opus")
    assert resolved(tmp_path, AssetRequest("music", "first_rain"))[0] == "First Rain.opus"
    assert resolved(tmp_path, AssetRequest("background", "quay", ("dusk",))) == ("drawn", [])


def test_words() -> None:
    assert words("school/Roof_at-Dusk") == ("school", "roof", "at", "dusk")
    assert words("cafe\u0301") == ("café",)


def test_a_silent_sound_has_a_near_name(tmp_path: Path) -> None:
    touch(tmp_path, "music/First Rain.opus", "storm.ogg")
    out = Diagnostics()
    find_assets(tmp_path, [AssetRequest("music", "frist_rain")], out)
    assert [(item.code, item.help) for item in out] == [("VN1002", "did you mean `First Rain`?")]


@pytest.mark.parametrize(
    ("name", "data", "sound"),
    [
        ("a.ogg", b"la la la", False),
        ("a.ogg", b"", False),
        ("a.ogg", b"version https://git-lfs.github.com/spec/v1\n", False),
        ("a.wav", b"RIFF\0\0\0\0WEBP", False),
        ("a.wav", b"RIFF\0\0\0\0WAVE", True),
        ("a.ogg", b"OggS\0", True),
        ("a.flac", b"fLaC\0", True),
        ("a.mp3", b"ID3\4", True),
        ("a.mp3", b"\xff\xfb\x90", True),
        ("a.m4a", b"\0\0\0\x20ftypM4A ", True),
    ],
)
def test_a_sound_is_known_by_its_content(
    tmp_path: Path, name: str, data: bytes, sound: bool
) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / name).write_bytes(data)
    out = Diagnostics()
    find_assets(tmp_path, [AssetRequest("sfx", "a")], out)
    assert [(item.code, item.severity) for item in out] == ([] if sound else [("VN1003", "error")])


def test_a_picture_is_known_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    for form in ("png", "webp", "jpeg", "avif"):
        picture = tmp_path / "assets" / f"mei.{form}"
        Image.new("RGB", (8, 8)).save(picture, format=form)
        for data in (picture.read_bytes(), b"<svg/>"):
            picture.write_bytes(data)
            out = Diagnostics()
            find_assets(tmp_path, [SMILE], out)
            errors = [item.code for item in out if item.severity == "error"]
            assert errors == (["VN1003"] if data == b"<svg/>" else [])
        picture.unlink()


def test_a_line_that_may_be_skipped_may_leave_the_look(tmp_path: Path) -> None:
    quay = '---\nlocation: quay\n---\n\nMei (smile): Hi. `once`\n\n`show mei`\n\n`ending x "X"`\n'
    assert {"sprite mei smile", "sprite mei plain"} <= requests_of(tmp_path, quay=quay)


def test_the_middle_of_another_scene_is_entered_like_its_top(tmp_path: Path) -> None:
    quay = "---\nlocation: quay\ntime: dusk\n---\n\n[Up](loft.md#window)\n"
    loft = '---\nlocation: loft\n---\n\nHere.\n\n## Window\n\nA window.\n\n`ending x "X"`\n'
    assert "background loft dusk" in requests_of(tmp_path, quay=quay, loft=loft)
