"""Rules of a project's own, from `--trust` to the site."""

from __future__ import annotations

import io
import json
import os
import shutil
import textwrap
from pathlib import Path
from typing import Any

import pytest
from builds.example import build, copy_project, did, differing, tree
from PIL import Image

from comfyvn.cli.main import main
from comfyvn.plan.outcome import Outcome

SOURCES = {
    "vn.yaml": "format: 1\nid: tiny\ntitle: Tiny\nstart: one\n",
    "characters/kit.yaml": "name: Kit\nlook: {base: Tall, expressions: {grin: a grin}}\n",
    "scenes/one.md": (
        "`show kit grin`\n\n![A door](door)\n\n`play sfx bell`\n\nKit: Hello.\n\n"
        '`ending done "Done"`\n'
    ),
}
SCRIPT = """\
import sys
from PIL import Image
Image.new("RGB", (8, 8), open(sys.argv[1]).read().strip()).save(sys.argv[2])
"""
KEPT = "\ndelivery: {web: {pictures: kept}, renpy: {pictures: kept}}\n"
PAINT = """\
    paint:
      for: {files: "art/*.txt"}
      inputs: ["{path}", scripts/paint.py]
      outputs: ["build/assets/{stem}.png"]
      command: [python3, "{input[1]}", "{input[0]}", "{output}"]
    """


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    write(root, **SOURCES)
    return root


def errors(outcome: Outcome) -> dict[str, str]:
    """Return the errors by code: message and help."""
    return {
        each.code: f"{each.message}: {each.help} {[r.message for r in each.related]}"
        for each in outcome.findings
        if each.severity == "error"
    }


def found(root: Path) -> dict[str, Any]:
    """Return which file of the site answers each request."""
    (index,) = (root / "build/web/story").glob("index-*.json")
    answers: dict[str, Any] = json.loads(index.read_bytes())["assets"]
    return answers


def same_as_clean(root: Path) -> None:
    clean = root.parent / "clean"
    shutil.rmtree(clean, ignore_errors=True)
    assert not build(copy_project(root, clean), trust=True).failures
    assert differing(tree(root / "build"), tree(clean / "build")) == []


def test_assets_that_a_command_makes(root: Path) -> None:
    write(
        root,
        **{
            "rules/paint.yaml": PAINT.replace("python3", _python()),
            "scripts/paint.py": SCRIPT,
            "art/kit grin.txt": "red\n",
            "vn.yaml": f"{SOURCES['vn.yaml']}{KEPT}",
        },
    )
    first = build(root, trust=True)
    assert (errors(first), first.failures) == ({}, [])
    made = (root / "build/assets/kit grin.png").read_bytes()
    assert Image.open(io.BytesIO(made)).getpixel((0, 0)) == (255, 0, 0)
    # It is in both targets, as it was made, and nothing was drawn for it.
    for target in ("web", "renpy"):
        assert made in tree(root / "build" / target).values()
    assert [name for name in did(first) if name.startswith("draw sprite")] == []
    same_as_clean(root)
    assert did(build(root)) == set()

    # What it is made from changes, comes, goes.
    write(root, **{"art/kit grin.txt": "blue\n", "art/door.txt": "green\n"})
    second = build(root)
    assert {"paint art/kit grin.txt", "paint art/door.txt"} <= did(second)
    blue = (root / "build/assets/kit grin.png").read_bytes()
    assert blue != made
    for target in ("web", "renpy"):
        files = tree(root / "build" / target).values()
        assert blue in files
        assert made not in files
        assert (root / "build/assets/door.png").read_bytes() in files
    same_as_clean(root)
    (root / "art/kit grin.txt").unlink()
    third = build(root)
    assert not (root / "build/assets/kit grin.png").exists()
    assert any(name.startswith("draw sprite") for name in did(third))
    same_as_clean(root)

    # One below assets/ is taken before one that is made.
    hand = io.BytesIO()
    Image.new("RGB", (9, 9), "white").save(hand, "PNG")
    (root / "assets").mkdir()
    (root / "assets/door.png").write_bytes(hand.getvalue())
    fourth = build(root)
    assert errors(fourth) == {}
    assert hand.getvalue() in tree(root / "build/web").values()
    same_as_clean(root)


def test_a_made_asset_that_is_none(root: Path) -> None:
    write(
        root,
        **{
            "rules/own.yaml": """\
                copy:
                  for: {files: "art/*"}
                  inputs: ["{path}"]
                  outputs: ["build/assets/{name}"]
                  command: [cp, "{input}", "{output}"]
                """,
            "art/door.png": "no picture",
        },
    )
    said = errors(build(root, trust=True))
    assert "`build/assets/door.png` holds no picture" in said["VN1003"]
    assert not (root / "build/web").exists()
    (root / "art/door.png").unlink()
    write(root, **{"art/bell.ogg": "no sound"})
    assert "`build/assets/bell.ogg` holds no sound" in errors(build(root))["VN1003"]


def test_a_command_that_fails_leaves_the_targets(root: Path) -> None:
    write(
        root,
        **{
            "rules/paint.yaml": PAINT.replace("python3", _python()),
            "scripts/paint.py": SCRIPT,
            "art/door.txt": "red\n",
        },
    )
    build(root, trust=True)
    before = tree(root / "build")
    write(root, **{"art/door.txt": "no such colour\n"})
    outcome = build(root)
    assert [each.step.name for each in outcome.failures] == ["paint art/door.txt"]
    assert "no such colour" in outcome.failures[0].message
    assert differing(tree(root / "build"), before) == []
    write(root, **{"art/door.txt": "red\n"})
    assert not build(root).failures
    assert tree(root / "build") == before


def test_trust_is_asked_for_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, **{"rules/own.yaml": COPY})
    command = ["build", "web", "-C", str(root)]
    assert main(command) == 1
    said = capsys.readouterr().err
    assert "VN1113" in said
    assert "cp '{input}' '{output}'" in said
    assert "--trust" in said
    assert not (root / "build").exists()
    assert main([*command, "--trust"]) == 0
    assert (root / "build/copy.yaml").exists()
    assert main(command) == 0
    assert (
        str(root) in (Path(os.environ["XDG_STATE_HOME"]) / "comfyvn/trusted-rules.json").read_text()
    )
    # Another command is another question, and so is the same one elsewhere.
    write(root, **{"rules/own.yaml": COPY.replace("cp", "mv")})
    before = tree(root / "build")
    assert main(command) == 1
    assert tree(root / "build") == before
    write(root, **{"rules/own.yaml": COPY})
    assert main(command) == 0
    other = copy_project(root, root.parent / "other")
    assert main(["build", "web", "-C", str(other)]) == 1


COPY = """\
    copy:
      inputs: [vn.yaml]
      outputs: [build/copy.yaml]
      command: [cp, "{input}", "{output}"]
    """


@pytest.mark.bubblewrap
def test_the_sandbox_catches_what_is_not_declared(root: Path) -> None:
    hidden = root / "vn.yaml"
    write(
        root,
        **{
            "rules/own.yaml": f"""\
                copy:
                  inputs: [scenes/one.md]
                  outputs: [build/copy.txt]
                  command: [sh, -c, "cat {hidden} $1 > $2", sh, "{{input}}", "{{output}}"]
                """
        },
    )
    loose = build(root, "web", trust=True)
    if any("bwrap" in note for note in build(root, "web", sandbox=True).notes):
        pytest.skip("bubblewrap cannot be used here")
    assert not loose.failures
    outcome = build(root, "web", sandbox=True)
    assert [each.step.name for each in outcome.failures] == ["copy"]
    assert "vn.yaml" in outcome.failures[0].message
    assert [each.step.name for each in build(root, "web").failures] == []


def test_two_rules_for_one_file(root: Path) -> None:
    write(root, **{"rules/a.yaml": COPY, "rules/b.yaml": COPY.replace("copy:", "double:")})
    said = errors(build(root, trust=True))
    assert any("`copy`" in text and "`double`" in text for text in said.values()), said


def test_a_circle(root: Path) -> None:
    write(
        root,
        **{
            "rules/own.yaml": """\
                hen:
                  inputs: [build/egg.txt]
                  outputs: [build/hen.txt]
                  command: [cp, "{input}", "{output}"]
                egg:
                  inputs: [build/hen.txt]
                  outputs: [build/egg.txt]
                  command: [cp, "{input}", "{output}"]
                """
        },
    )
    said = errors(build(root, trust=True))
    assert any("`hen`" in text and "`egg`" in text for text in said.values()), said
    assert not (root / "build/hen.txt").exists()


def test_an_orphan(root: Path) -> None:
    write(
        root,
        **{
            "rules/own.yaml": """\
                lost:
                  inputs: [vn.yaml]
                  outputs: ["@lost"]
                  command: [cp, "{input}", "{output}"]
                """
        },
    )
    outcome = build(root, "web", trust=True)
    said = {each.code: each.message for each in outcome.findings}
    assert "`lost`" in said["VN1108"], said
    assert not outcome.failures
    assert "lost" not in {each.step.name for each in outcome.ran}


def test_a_rule_of_ours_can_be_replaced(root: Path) -> None:
    build(root, "renpy")
    before = tree(root / "build")
    write(
        root,
        **{
            "rules/own.yaml": """\
                renpy-map:
                  target: renpy
                  inputs: ["@head", "@renpy/whole"]
                  outputs: [build/renpy/story-map.json]
                  command: [cp, "{input[0]}", "{output}"]
                """
        },
    )
    outcome = build(root, "renpy", trust=True)
    assert not outcome.findings.has_errors, outcome.findings
    assert not outcome.failures, outcome.failures
    assert did(outcome) == {"renpy-map"}
    assert differing(tree(root / "build"), before) == ["renpy/story-map.json"]
    (root / "rules/own.yaml").unlink()
    assert did(build(root, "renpy")) <= {"renpy-map"}
    assert tree(root / "build") == before


def test_a_replaced_rule_that_writes_something_else(root: Path) -> None:
    write(
        root,
        **{
            "rules/own.yaml": """\
                web-page:
                  target: web
                  inputs: [vn.yaml]
                  outputs: [build/web/page.html]
                  command: [cp, "{input}", "{output}"]
                """
        },
    )
    outcome = build(root, "web", trust=True)
    said = [each for each in outcome.findings if "`web-page`" in each.message]
    assert said
    assert any("comfyvn/rules/web.yaml" in r.span.path for each in said for r in each.related)


def _python() -> str:
    import sys

    return sys.executable
