"""What a check says of the loops that sidecars tell of, and of music that cannot be made."""

from __future__ import annotations

from pathlib import Path

import pytest
from spoken_story import tone, write

from comfyvn.drivers.audio.encode import encode
from comfyvn.plan.check import Checker

FILES = {
    "vn.yaml": "format: 1\nid: tune\ntitle: Tune\nstart: one\n",
    "scenes/one.md": "---\nmusic: waltz\n---\n\n`play sfx beep`\n\nIt begins.\n\n"
    '`ending over "Over"`\n',
}
IN, END = "within the sound, in seconds from its beginning", "leave `end` out"


def found(root: Path, *codes: str) -> list[tuple[str, str, str | None]]:
    with Checker(root) as checker:
        checked = checker.check()
    assert not checked.failures
    told = [each for each in checked.findings if each.code in codes]
    return [(each.code, each.message, each.help) for each in told]


@pytest.mark.parametrize(
    ("name", "loop", "message", "help"),
    [
        ("waltz", "{start: 1, end: 2.5}", None, None),
        ("waltz", "{start: 1}", None, None),
        ("waltz", "{start: 1, end: 3.5}", "goes to 3.5 s, and it is 3 s long", END),
        ("waltz", "{start: 500}", "begins at 500 s, and it is 3 s long", IN),
        ("waltz", "{start: 500, end: 600}", "begins at 500 s, and it is 3 s long", IN),
        ("waltz", "{start: 3}", "begins at 3 s, and it is 3 s long", IN),
        ("waltz", "{start: 1, end: 1.0001}", "lasts 0.0001 s: as music that is a buzz", "1 s or"),
        ("waltz", "{start: 2.5}", "lasts 0.5 s: as music that is a buzz", "1 s or"),
        ("beep", "{start: 1, end: 1.2}", None, None),
    ],
)
def test_loops(tmp_path: Path, name: str, loop: str, message: str | None, help: str | None) -> None:
    path = f"assets/{name}.flac"
    write(tmp_path, {**FILES, f"{path}.asset.yaml": f"loop: {loop}\n"})
    (tmp_path / path).write_bytes(encode(tone(330, 3), "flac"))
    told = found(tmp_path, "VN1330")
    assert [each[1] for each in told] == ([f"the loop of `{path}` {message}"] if message else [])
    assert all(help is not None and help in str(each[2]) for each in told)


def test_a_number_that_is_none_is_told_once(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "assets/waltz.flac.asset.yaml": "loop: {end: .nan}\n"})
    (tmp_path / "assets/waltz.flac").write_bytes(encode(tone(330, 3), "flac"))
    assert [each[0] for each in found(tmp_path, "VN0205", "VN0214")] == ["VN0205"]


def test_music_that_cannot_be_made_is_told_once(tmp_path: Path) -> None:
    scene = FILES["scenes/one.md"].replace("waltz", "far_waltz").replace("beep", "bep")
    write(tmp_path, {**FILES, "scenes/one.md": scene, "music/far_waltz.yaml": "source: waltz\n"})
    told = found(tmp_path, "VN1002", "VN1331")
    assert sorted(each[:2] for each in told) == [
        ("VN1002", "no file below `assets/` is named `bep`, so this sfx is silent"),
        ("VN1331", "there is no music `waltz` that `far_waltz` could be made from"),
    ]
