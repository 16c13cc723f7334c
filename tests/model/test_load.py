"""Reading a project: every mistake is a finding at its place, and hides no other."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from comfyvn.model.compute_checks import read_compute
from comfyvn.model.find import find_project, report_no_project
from comfyvn.model.load import load_project
from comfyvn.source.diagnostics import Diagnostics

BASE = {
    "vn.yaml": "format: 1\nid: story\ntitle: A story\nstart: start\n",
    "scenes/start.md": "The rain stops.\n",
}


def write(root: Path, files: dict[str, str]) -> Path:
    for path, text in {**BASE, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def findings(root: Path) -> list[tuple[str, str, int, int]]:
    out = Diagnostics()
    load_project(root, out)
    return [(i.code, i.span.path, i.span.line, i.span.column) for i in out.in_order()]


def test_a_sound_project_has_no_findings(tmp_path: Path) -> None:
    write(tmp_path, {"scenes/a/b.md": "x", "state.yaml": "n:\n  type: int\n"})
    out = Diagnostics()
    loaded = load_project(tmp_path, out)
    assert loaded is not None
    assert out == []
    assert list(loaded.scene_sources) == ["a/b", "start"]
    assert loaded.state["n"].type == "int"


def test_a_project_is_found_from_inside(tmp_path: Path) -> None:
    write(tmp_path, {"scenes/a/b.md": "x"})
    assert find_project(tmp_path / "scenes" / "a") == tmp_path
    assert find_project(Path(tmp_path.anchor)) is None


def test_no_project(tmp_path: Path) -> None:
    assert findings(tmp_path) == [("VN0150", "vn.yaml", 0, 0)]
    said, also = Diagnostics(), Diagnostics()
    load_project(tmp_path, said)
    report_no_project(tmp_path, also)
    assert said == also


def test_all_mistakes_of_all_files_in_one_run(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "vn.yaml": "format: 1\nid: Story\ntitel: A\ntitle: 7\nstart: strat\n",
            "characters/mei.yaml": "name: Mei\npronouns: xe\nlook:\n  expresions: {}\n",
            "characters/tom.yaml": "name: [Tom\n",
            "state.yaml": "a:\n  type: int\n  default: x\nb:\n  type: enum\n",
            "worlds/w.yaml": "locations:\n  roof:\n    kind: 5\n",
        },
    )
    assert findings(tmp_path) == [
        ("VN0213", "characters/mei.yaml", 2, 11),
        ("VN0210", "characters/mei.yaml", 4, 3),
        ("VN0201", "characters/tom.yaml", 1, 11),
        ("VN0220", "state.yaml", 3, 12),
        ("VN0222", "state.yaml", 4, 1),
        ("VN0214", "vn.yaml", 2, 5),
        ("VN0210", "vn.yaml", 3, 1),
        ("VN0212", "vn.yaml", 4, 8),
        ("VN0226", "vn.yaml", 5, 8),
        ("VN0212", "worlds/w.yaml", 3, 11),
    ]


def test_of_a_place_with_a_wrong_name_it_is_said_what_names_of_places_are(tmp_path: Path) -> None:
    write(tmp_path, {"worlds/w.yaml": "locations:\n  The Roof: {}\n"})
    out = Diagnostics()
    load_project(tmp_path, out)
    assert [(each.code, each.help) for each in out if each.span.path == "worlds/w.yaml"] == [
        ("VN0214", "write `place` or `place/part`: small letters, digits and `_`")
    ]


def test_what_is_wrong_is_left_out_and_the_rest_is_kept(tmp_path: Path) -> None:
    write(tmp_path, {"characters/mei.yaml": "name: Mei\ncolour: red\naliases: [M]\nx: 1\n"})
    loaded = load_project(tmp_path, Diagnostics())
    assert loaded is not None
    assert loaded.characters["mei"].aliases == ["M"]
    assert loaded.characters["mei"].colour == "#e6e6e6"


def test_a_broken_file_still_declares_its_id(tmp_path: Path) -> None:
    write(tmp_path, {"characters/mei.yaml": "name: [Mei"})
    loaded = load_project(tmp_path, Diagnostics())
    assert loaded is not None
    assert loaded.characters["mei"].name == "Mei"
    assert loaded.unread == {"characters/mei.yaml"}


def test_suggestions(tmp_path: Path) -> None:
    write(tmp_path, {"characters/mei.yaml": "name: Mei\ncolor: '#ffffff'\n"})
    out = Diagnostics()
    load_project(tmp_path, out)
    assert out[0].help == "did you mean `colour`?"


@pytest.mark.parametrize(
    ("path", "text", "help"),
    [
        ("characters/mei.yaml", "name: Mei\ncolour: #ffffff\n", "begins with `#`"),
        ("characters/mei.yaml", "name: 'Mei's'\n", "written twice"),
        ("characters/mei.yaml", 'name: "Mei\ncolour: x\n', "close the quotation mark"),
        ("characters/mei.yaml", "look:\n  poses: {}\n   base: x\n", "among"),
        ("characters/mei.yaml", "name: Mei\naliases: The Doctor\n", "`aliases: [The Doctor]`"),
        ("state.yaml", "a:\n  type: int\n  range: 0-5\n", "`range: [0, 5]`"),
        ("state.yaml", "a:\n  type: bool\n  default: yes\n", "`true` or `false`"),
    ],
)
def test_what_to_write_instead(path: str, text: str, help: str, tmp_path: Path) -> None:
    write(tmp_path, {path: text})
    out = Diagnostics()
    load_project(tmp_path, out)
    assert [item.span.path for item in out] == [path]
    assert help in (out[0].help or "")


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"characters/a.yaml": "name: Tom", "characters/b.yaml": "name: tOM"}, "VN0223"),
        ({"characters/a.yaml": "name: 'Ḿei'", "characters/b.yaml": "name: 'M\u0301ei'"}, "VN0223"),
        ({"timelines/t.yaml": "chapters: [{title: A, scenes: [start, x]}]"}, "VN0224"),
        ({"timelines/t.yaml": "chapters: [{title: A, scenes: [start, start]}]"}, "VN0225"),
        ({"scenes/con.md": "x"}, "VN0153"),
        ({"scenes/a#b.md": "x"}, "VN0153"),
        ({"scenes/b.markdown": "x"}, "VN0155"),
        ({"worlds/W.yaml": ""}, "VN0153"),
        ({"vn.yaml": BASE["vn.yaml"].replace("1", "2", 1)}, "VN0215"),
        ({"vn.yaml": BASE["vn.yaml"] + "theme: dark\n"}, "VN0226"),
        ({"state.yaml": "mei: {type: int}", "characters/mei.yaml": "name: Mei"}, "VN0228"),
        ({"characters/mei.yaml": "name: Mei\nstats: {name: {type: text}}"}, "VN0228"),
        ({"i18n/fr.po": ""}, "VN0229"),
        ({"vn.yaml": BASE["vn.yaml"] + "languages: [en, german]\n"}, "VN0231"),
    ],
)
def test_between_files(files: dict[str, str], code: str, tmp_path: Path) -> None:
    write(tmp_path, files)
    found = [item[0] for item in findings(tmp_path)]
    assert [each for each in found if each != "VN0105"] == [code]  # a name in two code points


def test_names_that_are_one_elsewhere(tmp_path: Path) -> None:
    composed, apart = "scenes/caf\u00e9.md", "scenes/cafe\u0301.md"
    write(tmp_path, {"scenes/Roof.md": "a", "scenes/roof.md": "b", composed: "a", apart: "b"})
    if len(list((tmp_path / "scenes").iterdir())) < 5:
        pytest.skip("this file system takes these names for one")
    assert [item[0] for item in findings(tmp_path)] == ["VN0152", "VN0152"]
    loaded = load_project(tmp_path, Diagnostics())
    assert loaded is not None
    assert all(unicodedata.is_normalized("NFC", scene) for scene in loaded.scene_sources)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="permissions of POSIX")
def test_what_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path, {})
    (tmp_path / "scenes" / "loop.md").symlink_to("loop.md")
    (tmp_path / "state.yaml").mkdir()
    assert {item[:2] for item in findings(tmp_path)} == {
        ("VN0151", "scenes/loop.md"),
        ("VN0151", "state.yaml"),
    }


def test_a_file_in_another_encoding_is_one_finding(tmp_path: Path) -> None:
    write(tmp_path, {"vn.yaml": BASE["vn.yaml"].replace("start: start", "start: old")})
    (tmp_path / "scenes/old.md").write_bytes("The rain stops.\n".encode("utf-16"))
    out = Diagnostics()
    loaded = load_project(tmp_path, out)
    assert loaded is not None
    assert [item.code for item in out] == ["VN0101"]
    assert loaded.unread == {"scenes/old.md"}
    assert "old" not in loaded.scene_sources


def test_a_variable_may_be_called_name(tmp_path: Path) -> None:
    assert findings(write(tmp_path, {"state.yaml": "name: {type: text}"})) == []


def test_a_bare_type_shows_how_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "scenes").mkdir()
    (tmp_path / "vn.yaml").write_text("format: 1\nid: a\ntitle: A\nstart: a\n")
    (tmp_path / "scenes" / "a.md").write_text("Hello.\n")
    (tmp_path / "state.yaml").write_text("courage: Int\n")
    out = Diagnostics()
    load_project(tmp_path, out)
    assert [(item.code, item.help) for item in out] == [("VN0212", "write `courage: {type: int}`")]


@pytest.mark.parametrize(
    ("path", "text", "message", "help"),
    [
        ("vn.yaml", "delivery: {wbe: {width: 640}}", "there is no key `wbe`", "mean `web`?"),
        ("vn.yaml", "pictures: {kinds: {hat: painter}}", "no key `hat`", "write one of `backgr"),
        ("vn.yaml", "delivery: {web: {scene_mb: 0}}", "`scene_mb` must be more than 0", ""),
        ("vn.yaml", 'delivery: {web: {width: "640"}}', "a whole number", "without quotes"),
        ("compute.yaml", "servers: {a: {url: localhost}}", "the form `http://…`", ""),
        ("compute.yaml", "currency: euro", "the form `EUR`: three capital letters", ""),
    ],
)
def test_what_is_wrong_is_said_in_words(
    path: str, text: str, message: str, help: str, tmp_path: Path
) -> None:
    write(tmp_path, {path: f"{BASE.get(path, '')}{text}\n"})
    out = Diagnostics()
    if path == "compute.yaml":
        read_compute(lambda name: (tmp_path / name).read_bytes(), out)
    else:
        load_project(tmp_path, out)
    (found,) = out
    assert message in found.message
    assert help in (found.help or "")
