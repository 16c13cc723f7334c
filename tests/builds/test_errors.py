"""What is wrong with the sources, or with one step, leaves everything else as it should be."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from builds.example import (
    EXAMPLE,
    Cache,
    Tree,
    build,
    copy_project,
    did,
    differing,
    findings,
    sources,
    tree,
)

from comfyvn.cli.main import main
from comfyvn.plan.outcome import Outcome


@pytest.fixture
def root(tmp_path: Path, drawings: Cache) -> Path:
    """The example, built."""
    root = copy_project(EXAMPLE, tmp_path / "project")
    assert not build(root, **drawings.reading()).failures
    return root


def codes(outcome: Outcome) -> list[tuple[str, str]]:
    return [
        (each.span.path, each.code)
        for each in outcome.findings.in_order()
        if each.severity == "error"
    ]


def rule(root: Path, text: str, name: str = "own") -> None:
    (root / "rules").mkdir(exist_ok=True)
    (root / f"rules/{name}.yaml").write_text(textwrap.dedent(text))


def test_errors_in_scenes_leave_the_targets(
    root: Path, built: Tree, drawings: Cache, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sources(root)
    for name, more in {
        "night/tea": "[on](#nowhere)\n",
        "night/piano": "`if nerve >`\n\nMore.\n\n`end`\n",
        "dawn/thursday": "`set umbrelas += 1`\n",
    }.items():
        path = root / f"scenes/{name}.md"
        path.write_text(path.read_text() + "\n" + more)
    (root / "characters/kit.yaml").write_text("name: [Kit\n")
    assert main(["build", "all", "--json", "-C", str(root)]) == 1
    said = capsys.readouterr()
    assert {json.loads(line)["failed"] for line in said.out.splitlines()} != {0}
    for name in ("night/tea", "night/piano", "dawn/thursday"):
        assert f"scenes/{name}.md" in said.err
    assert "characters/kit.yaml" in said.err
    assert tree(root / "build") == built
    # What is in order is not looked at again; what is not is said again.
    again = build(root)
    assert did(again) == set()
    assert {path for path, _ in codes(again)} >= {"scenes/night/tea.md", "scenes/night/piano.md"}
    for path, data in before.items():
        (root / path).write_bytes(data)
    mended = build(root, **drawings.reading())
    assert codes(mended) == []
    assert tree(root / "build") == built
    assert sources(root) == before


def test_an_error_in_a_new_project_makes_nothing(tmp_path: Path) -> None:
    root = copy_project(EXAMPLE, tmp_path / "project")
    path = root / "scenes/night/tea.md"
    path.write_text(path.read_text() + "\n[on](#nowhere)\n")
    assert codes(build(root)) == [("scenes/night/tea.md", "VN0602")]
    assert not (root / "build").exists()


def test_errors_of_assets_leave_the_targets(root: Path, built: Tree, drawings: Cache) -> None:
    before = sources(root)
    (root / "assets/kit.png").write_text("no picture")
    (root / "assets/sfx/bell.ogg").write_bytes(b"")
    (root / "scenes/night/tea.md").write_text(
        (root / "scenes/night/tea.md").read_text() + "\nAnd that was the tea.\n"
    )
    outcome = build(root, **drawings.reading())
    assert codes(outcome) == [("assets/kit.png", "VN1003"), ("assets/sfx/bell.ogg", "VN1003")]
    assert {target.failed > 0 for target in outcome.targets.values()} == {True}
    assert tree(root / "build") == built
    (root / "assets/kit.png").unlink()
    (root / "assets/sfx/bell.ogg").write_bytes(before["assets/sfx/bell.ogg"])
    mended = build(root, **drawings.reading())
    assert codes(mended) == []
    clean = copy_project(root, root.parent / "clean")
    should = build(clean, **drawings.reading())
    assert findings(mended) == findings(should)
    assert differing(tree(root / "build"), tree(clean / "build")) == []


def test_a_command_that_fails_stops_only_what_needs_it(
    root: Path, drawings: Cache, capsys: pytest.CaptureFixture[str]
) -> None:
    rule(
        root,
        """
        broken:
          inputs: [vn.yaml]
          outputs: [build/broken.txt]
          command: [sh, -c, "echo it went wrong >&2; exit 1"]
        after:
          inputs: [build/broken.txt]
          outputs: [build/after.txt]
          command: [cp, "{input}", "{output}"]
        apart:
          inputs: [vn.yaml]
          outputs: [build/apart.txt]
          command: [cp, "{input}", "{output}"]
        """,
    )
    path = root / "scenes/night/tea.md"
    path.write_text(path.read_text() + "\nAnd that was the tea.\n")
    arguments = ["build", "all", "-C", str(root), "--cache", drawings.url, "--trust"]
    assert main(arguments) == 3
    said = capsys.readouterr().err
    assert "`broken` failed" in said
    assert "it went wrong" in said
    assert "Traceback" not in said
    assert (root / "build/apart.txt").read_bytes() == (root / "vn.yaml").read_bytes()
    assert not (root / "build/after.txt").exists()
    clean = copy_project(root, root.parent / "clean")
    build(clean, trust=True, **drawings.reading())
    left, should = tree(root / "build"), tree(clean / "build")
    listing = {"apart.txt", *(name for name in should if name.startswith(("web/", "renpy/")))}
    assert {name: left.get(name) for name in listing} == {name: should[name] for name in listing}
    # It is tried again, and what went well is not.
    again = build(root, trust=True, **drawings.reading())
    assert [each.step.name for each in again.failures] == ["broken"]
    assert did(again) == set()
    rule(
        root,
        """
        broken:
          inputs: [vn.yaml]
          outputs: [build/broken.txt]
          command: [cp, "{input}", "{output}"]
        """,
    )
    mended = build(root, trust=True, **drawings.reading())
    assert not mended.failures
    assert (root / "build/broken.txt").exists()
    assert not (root / "build/apart.txt").exists()


def test_a_step_of_one_target_that_fails_leaves_the_others_finished(
    root: Path, drawings: Cache
) -> None:
    rule(
        root,
        """
        broken:
          target: web
          inputs: [vn.yaml]
          outputs: [build/web/broken.txt]
          command: [sh, -c, "exit 1"]
        """,
    )
    path = root / "scenes/night/tea.md"
    text = path.read_text()
    path.write_text(text + "\nAnd that was the tea.\n")
    outcome = build(root, trust=True, **drawings.reading())
    assert (outcome.targets["web"].failed, outcome.targets["renpy"].failed) == (1, 0)
    clean = copy_project(root, root.parent / "clean")
    build(clean, trust=True, **drawings.reading())
    assert differing(tree(root / "build/renpy"), tree(clean / "build/renpy")) == []


def test_settings_that_cannot_be_read(root: Path) -> None:
    (root / "vn.yaml").rename(root / "kept.yaml")
    (root / "vn.yaml").mkdir()
    outcome = build(root)
    assert ("vn.yaml", "VN0151") in codes(outcome)
    (root / "vn.yaml").rmdir()
    (root / "kept.yaml").rename(root / "vn.yaml")
    assert not build(root).failures
