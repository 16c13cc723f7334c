"""Builds of a project whose pictures are rendered: what is made again and what is not, cut-outs of
a set, hand-made files, workflows, pins."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builds.example import build, did, findings
from pictures.fake_driver import rendered
from pictures.gallery import workflow, write
from PIL import Image

from comfyvn.cli.main import main
from comfyvn.engine.manifest import STATE
from comfyvn.engine.store_view import StoreView
from comfyvn.plan.outcome import Outcome
from comfyvn.plan.takes import pin
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.lock import read_lock


def made(root: Path) -> dict[str, bytes]:
    """Return what the last build made: the content of artifacts, by the names of their steps."""
    store = StoreView(root / STATE)
    found = {
        name: data
        for name, each in store.all_made()
        for output, digest, _ in each.result.outputs
        if output.startswith(("@made/", "@rendered/", "@origin/"))
        and (data := store.get(digest)) is not None
    }
    store.close()
    return found


def built(root: Path, **options: Any) -> Outcome:
    outcome = build(root, "web", trust=True, **options)
    assert not outcome.failures, [each.message for each in outcome.failures]
    assert not outcome.findings.has_errors, findings(outcome)
    return outcome


def change(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def renders(outcome: Outcome) -> set[str]:
    return {name.removeprefix("render ") for name in did(outcome) if name.startswith("render ")}


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write(tmp_path_factory.mktemp("gallery") / "project")
    built(root)
    return root


GRIN = "sprite kit grin braced oilskins"
WORRIED = "sprite kit worried braced oilskins"
PLAIN = "sprite kit plain braced oilskins"
QUAY = "background quay dusk storm"


def test_sprites_of_a_set_have_one_crop_and_stand_on_one_line(gallery: Path) -> None:
    found = made(gallery)
    sprites = [Image.open(io.BytesIO(found[f"finish {name}"])) for name in (GRIN, WORRIED, PLAIN)]
    assert len({each.size for each in sprites}) == 1
    boxes = []
    for each in sprites:
        assert each.mode == "RGBA"
        alpha = np.array(each)[..., 3]
        assert alpha[0].max() == 0
        rows, columns = np.flatnonzero((alpha > 24).any(1)), np.flatnonzero((alpha > 24).any(0))
        boxes.append((rows[-1], round((columns[0] + columns[-1]) / 2)))
    assert {bottom for bottom, _ in boxes} == {sprites[0].height - 1}
    middles = [middle for _, middle in boxes]
    assert max(middles) - min(middles) <= 1
    assert Image.open(io.BytesIO(found["finish prop lantern"])).mode == "RGBA"
    assert Image.open(io.BytesIO(found[f"convert {QUAY}"])).size == (192, 108)


def test_another_build_renders_nothing(gallery: Path) -> None:
    assert len(rendered(gallery)) == 6
    built(gallery)
    assert len(rendered(gallery)) == 6


Edit = Callable[[Path], None]
EDITS: dict[str, tuple[Edit, set[str]]] = {
    "an expression": (
        lambda root: change(root, "characters/kit.yaml", "an enormous grin", "a wide grin"),
        {GRIN},
    ),
    "an expression that nothing shows": (
        lambda root: change(
            root, "characters/kit.yaml", "plain: waiting", "plain: waiting, sad: x"
        ),
        set(),
    ),
    "the base": (
        lambda root: change(root, "characters/kit.yaml", "red hair", "black hair"),
        {GRIN, WORRIED, PLAIN, "picture wall"},
    ),
    "the style": (
        lambda root: change(root, "themes/ferry.yaml", "soft gouache", "oil"),
        {GRIN, WORRIED, PLAIN, "picture wall", "prop lantern", QUAY},
    ),
    "the grading": (
        lambda root: change(root, "themes/ferry.yaml", "cold sea blues", "warm"),
        {"picture wall", QUAY},
    ),
    "the second sentence of the tone": (
        lambda root: change(root, "worlds/coast.yaml", "People mean", "Nobody means"),
        set(),
    ),
    "a weight that no workflow takes": (
        lambda root: change(root, "characters/kit.yaml", "weight: 0.8", "weight: 0.5"),
        set(),
    ),
    "a line of the story": (lambda root: change(root, "scenes/one.md", "Bye", "So long"), set()),
    "a workflow": (
        lambda root: (root / "workflows/prop.json").write_text(json.dumps(workflow()) + "\n"),
        {"prop lantern"},
    ),
}


@pytest.fixture
def copy(gallery: Path, tmp_path: Path) -> Path:
    return shutil.copytree(gallery, tmp_path / "copy")


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_renders_what_it_is_about(copy: Path, edit: str) -> None:
    act, expected = EDITS[edit]
    act(copy)
    assert renders(built(copy)) == expected


def test_only_the_changed_sprite_of_a_set_is_finished_again_if_its_crop_stays(copy: Path) -> None:
    change(copy, "characters/kit.yaml", "an enormous grin", "a wide grin")
    finished = {name for name in did(built(copy)) if name.startswith(("cut-out", "finish"))}
    assert f"cut-out {GRIN}" in finished
    assert not {f"cut-out {PLAIN}", f"cut-out {WORRIED}"} & finished


def test_a_hand_made_file_wins(copy: Path) -> None:
    (copy / "assets").mkdir()
    Image.new("RGBA", (90, 120), (1, 2, 3, 255)).save(copy / "assets/kit grin.png")
    before = len(rendered(copy))
    built(copy)
    assert f"finish {GRIN}" not in made(copy)
    assert len(rendered(copy)) == before


def test_sounds_are_not_rendered(copy: Path) -> None:
    change(
        copy, "scenes/one.md", "weather: storm\n", "weather: storm\nambience: room\nmusic: air\n"
    )
    outcome = built(copy)
    assert not renders(outcome)
    assert [item.code for item in outcome.findings].count("VN1002") == 1


def test_a_style_for_prompts_is_nothing_to_the_painter(copy: Path) -> None:
    painted = "make: comfyui\n  kinds: {sprite: painter, prop: painter}"
    change(copy, "vn.yaml", "make: comfyui", painted)
    built(copy)
    change(copy, "themes/ferry.yaml", "soft gouache", "oil")
    change(copy, "worlds/coast.yaml", "Dry and damp", "Wet")
    assert not {name for name in did(built(copy)) if name.startswith("draw ")}


def test_a_model_that_became_another_renders_anew(copy: Path) -> None:
    compute = 'servers: {}\nmodels: {"model.safetensors": "%s"}\n'
    flow = workflow()
    flow["1"]["inputs"]["ckpt_name"] = "model.safetensors"
    (copy / "workflows/prop.json").write_text(json.dumps(flow))
    (copy / "compute.yaml").write_text(compute % "a1")
    assert renders(built(copy)) == {"prop lantern"}
    (copy / "compute.yaml").write_text(compute % "b2")
    assert renders(built(copy)) == {"prop lantern"}


def test_a_reference_picture_is_part_of_what_takes_one(copy: Path) -> None:
    flow = workflow()
    flow["8"] = {
        "class_type": "LoadImage",
        "inputs": {"image": ""},
        "_meta": {"title": "@reference"},
    }
    flow["4"]["inputs"]["pixels"] = ["8", 0]
    (copy / "workflows/sprite.json").write_text(json.dumps(flow))
    (copy / "workflows/reference").mkdir()
    Image.new("RGB", (8, 8), "red").save(copy / "workflows/reference/kit.png")
    (copy / "workflows/reference/kit.flac").write_bytes(b"a sample of a voice")
    assert renders(built(copy)) == {GRIN, WORRIED, PLAIN}
    Image.new("RGB", (8, 8), "blue").save(copy / "workflows/reference/kit.png")
    Image.new("RGB", (8, 8), "blue").save(copy / "workflows/reference/quay.png")
    assert renders(built(copy)) == {GRIN, WORRIED, PLAIN}


def test_a_workflow_that_is_not_there_is_an_error_that_names_those_that_are(copy: Path) -> None:
    change(copy, "vn.yaml", "make: comfyui", "make: comfyui\n  workflows: {sprite: sprit}")
    outcome = build(copy, "web", trust=True)
    (finding,) = [each for each in outcome.findings if each.code == "VN1410"]
    assert finding.severity == "error"
    assert (finding.span.path, finding.span.line) == ("vn.yaml", 10)
    assert finding.help == (
        "did you mean `sprite`? There are `background`, `picture`, `prop`, `sprite`"
    )


def test_check_says_what_is_wrong_with_workflows_and_pins(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy / "workflows/prop.json").unlink()
    (copy / "workflows/picture.json").write_text('{"nodes": [], "links": []}')
    assert pin(copy, "sprite kit bored", 2, Diagnostics())
    assert main(["fmt", "-q", "-C", str(copy)]) == 0
    assert read_lock(copy, Diagnostics()).pins == {"sprite kit bored": 2}
    assert main(["check", "-C", str(copy), "--json"]) == 1
    codes = {each["code"] for each in json.loads(capsys.readouterr().out)["diagnostics"]}
    assert {"VN1410", "VN1411"} <= codes
    assert len([code for code in codes if code.startswith("VN140")]) == 1


# Takes


def test_takes_are_rendered_once_and_a_pinned_one_is_used(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    review = ["assets", "review", "-C", str(copy), "--trust", "-q", "kit", "grin"]
    first = made(copy)[f"finish {GRIN}"]
    assert main([*review, "--takes", "3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    seeds = [each["seed"] for each in told["takes"]]
    assert len(set(seeds)) == 3
    assert all(each["made"] for each in told["takes"])
    assert len(rendered(copy)) == 8, "the first take is the one of the build"

    page = Path(told["page"]).read_text(encoding="utf-8")
    assert page.count('src="data:image/webp;base64,') == 3
    assert page.count("in use</i>") == 1
    assert not re.search(r'(?:src|href)="(?!data:)', page)
    assert "characters/kit.yaml look.expressions.grin" in page

    assert main([*review, "--pin", "3"]) == 0
    assert read_lock(copy, Diagnostics()).pins == {GRIN: 3}
    outcome = built(copy)
    assert len(rendered(copy)) == 8, "the third was rendered for the review"
    assert made(copy)[f"finish {GRIN} take 3"] != first
    assert not renders(outcome)
    site = {path.name for path in (copy / "build/web/assets").iterdir()}

    assert main([*review, "--takes", "3"]) == 0
    assert len(rendered(copy)) == 8
    capsys.readouterr()
    assert main([*review, "--pin", "1"]) == 0
    assert read_lock(copy, Diagnostics()).pins == {}
    built(copy)
    assert len(rendered(copy)) == 8
    assert made(copy)[f"finish {GRIN}"] == first
    assert {path.name for path in (copy / "build/web/assets").iterdir()} != site


def test_a_build_after_a_review_is_as_if_there_had_been_none(copy: Path) -> None:
    change(copy, "characters/kit.yaml", "an enormous grin", "a wide grin")
    review = ["assets", "review", "-C", str(copy), "--trust", "-q", GRIN, "--takes", "2"]
    assert main(review) == 0
    built(copy)
    shown = {path.name: path.read_bytes() for path in (copy / "build/web/assets").iterdir()}
    again = write(copy.parent / "again")
    change(again, "characters/kit.yaml", "an enormous grin", "a wide grin")
    built(again)
    assert shown == {
        path.name: path.read_bytes() for path in (again / "build/web/assets").iterdir()
    }


def test_what_has_no_takes_says_so(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def says(*words: str) -> tuple[int, str]:
        code = main(["assets", "review", "-C", str(copy), *words])
        return code, capsys.readouterr().err

    code, text = says("kit")
    assert (code, GRIN in text, "say which" in text) == (2, True, True)
    code, text = says("kit", "grim")
    assert (code, "did you mean `kit grin`?" in text) == (2, True)
    change(copy, "vn.yaml", "make: comfyui", "make: comfyui\n  kinds: {sprite: painter}")
    code, text = says(GRIN)
    assert (code, "the painter, which has one take" in text) == (1, True)
    (copy / "assets").mkdir()
    Image.new("RGBA", (90, 120), (1, 2, 3, 255)).save(copy / "assets/quay.png")
    code, text = says(QUAY, "--pin", "2")
    assert (code, "hand-made: assets/quay.png" in text) == (1, True)
    assert read_lock(copy, Diagnostics()).pins == {}


# Showing one


def test_show_tells_where_each_word_comes_from(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show = ["assets", "show", "-C", str(copy), "kit", "grin"]
    assert main([*show, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["maker"], told["take"]) == ("generated", "comfyui", 1)
    assert told["bytes"] > 100
    assert told["brief"]["workflow"] == "sprite"
    pieces = {each["origin"]: each["words"] for each in told["prompt"]}
    assert pieces["characters/kit.yaml look.outfits.oilskins"] == "yellow oilskins"
    assert told["brief"]["inputs"]["prompt"] == ", ".join(pieces.values())
    assert main(show) == 0
    text = capsys.readouterr().out
    assert "look.expressions.grin" in text
    assert "workflows/sprite.json" in text
    change(copy, "characters/kit.yaml", "an enormous grin", "a wide grin")
    assert main([*show, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "stale"


def test_show_tells_of_what_is_painted_and_of_files(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(copy, "vn.yaml", "make: comfyui", "make: painter")
    (copy / "assets").mkdir()
    Image.new("RGBA", (90, 120), (1, 2, 3, 255)).save(copy / "assets/quay.png")
    assert main(["assets", "show", "-C", str(copy), "lantern", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["maker"], told["prompt"]) == ("painter", None)
    assert told["brief"]["of"]["thing"] == "lantern"
    assert main(["assets", "show", "-C", str(copy), "quay"]) == 0
    assert "assets/quay.png" in capsys.readouterr().out
