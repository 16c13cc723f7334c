"""Sidecars: what is read of them, and what is wrong with them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfyvn.cli.main import main
from comfyvn.model.load import load_project
from comfyvn.model.sidecar import read_sidecar
from comfyvn.plan.sidecars import check_sidecar, check_sidecars
from comfyvn.source.diagnostics import Diagnostics

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import yaml_page

PATH = "assets/rain.ogg.asset.yaml"


def read(text: str) -> tuple[object, list[tuple[str, int, int]]]:
    out = Diagnostics()
    found = read_sidecar(text, PATH, out)
    said = None if found is None else found.model_dump(exclude_unset=True)
    return said, [(item.code, item.span.line, item.span.column) for item in out]


def test_everything_that_it_may_say_is_read() -> None:
    said = {
        "licence": "CC-BY-4.0 AND LicenseRef-house",
        "author": "The ComfyVN project",
        "source": "https://example.org/rain",
        "tags": ["rain", "calm"],
        "notes": "recorded on a tin roof",
        "rating": "teen",
        "depicts_real": False,
        "loop": {"start": 1.5, "end": 20},
    }
    assert read(json.dumps(said)) == (said, [])


def test_the_example_of_the_documentation_has_no_findings() -> None:
    examples = {
        path: text for path, text in yaml_page.EXAMPLES.items() if path.endswith(".asset.yaml")
    }
    assert examples
    for text in examples.values():
        said, found = read(text)
        assert said
        assert found == []


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("author: me\nlicense: MIT\n", "VN0210", 2, 1),
        ("licence: CC BY 4.0\n", "VN1202", 1, 10),
        (f"licence: {'(' * 2000}MIT\n", "VN1202", 1, 10),
        ("loop: {start: -1}\n", "VN0214", 1, 15),
        ("loop:\n  start: 3\n  end: 2\n", "VN1203", 3, 8),
        ("rating: nsfw\n", "VN0213", 1, 9),
        ("tags: rain\n", "VN0212", 1, 7),
        ("a: [\n", "VN0201", 1, 5),
    ],
)
def test_a_mistake_is_found_at_its_place(text: str, code: str, line: int, column: int) -> None:
    assert read(text)[1] == [(code, line, column)]


def test_the_nearest_names_are_offered() -> None:
    out = Diagnostics()
    read_sidecar("license: MIT\n", PATH, out)
    read_sidecar("licence: cc by sa 4\n", PATH, out)
    assert [item.help for item in out] == [
        "did you mean `licence`?",
        "did you mean `CC-BY-SA-4.0`?",
    ]


def test_what_is_wrong_is_left_out_and_the_rest_kept() -> None:
    assert read("licence: none\nauthor: me\nloop: {start: 2, end: 1}\n")[0] == {
        "licence": None,
        "author": "me",
        "loop": None,
    }


def test_an_orphan_is_told_what_file_it_may_be_meant_for(tmp_path: Path) -> None:
    files = ["assets/rain.ogg", "assets/rian.ogg.asset.yaml", "assets/sea/rain.asset.yaml"]
    for path in files:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("author: me\n", encoding="utf-8")
    out = Diagnostics()
    check_sidecars(tmp_path, files, out)
    assert [(item.code, item.span.path) for item in out] == [
        ("VN1201", files[1]),
        ("VN1201", files[2]),
    ]
    assert "`rain.ogg.asset.yaml`" in str(out[0].help)


@given(st.binary(max_size=200))
def test_no_bytes_are_too_bad_for_it(data: bytes) -> None:
    check_sidecar(PATH, True, "", lambda _: data, Diagnostics())


def write(root: Path, **files: str) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


VN = "format: 1\nid: tiny\ntitle: Tiny\nstart: one\n"
SCENE = 'Rain.\n\n`ending x "X"`\n'


def test_the_licence_of_the_game_is_an_expression_too(tmp_path: Path) -> None:
    write(tmp_path, **{"vn.yaml": f"{VN}licence: MIT OR Apache\n", "scenes/one.md": SCENE})
    out = Diagnostics()
    assert load_project(tmp_path, out) is not None
    assert [(item.code, item.span.line) for item in out] == [("VN1202", 5)]


def test_fmt_knows_sidecars(tmp_path: Path) -> None:
    files = {"vn.yaml": VN, "scenes/one.md": SCENE, PATH: "author:   me\n"}
    write(tmp_path, **files, **{"assets/rain.ogg": "OggS"})
    assert main(["fmt", "-q", "-C", str(tmp_path)]) == 0
    assert (tmp_path / PATH).read_text(encoding="utf-8") == "author: me\n"
