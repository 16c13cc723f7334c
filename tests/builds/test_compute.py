"""Builds whose steps go to servers of `compute.yaml`."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from builds.example import build

import comfyvn.engine.devices
from comfyvn.engine.manifest import STATE

SETS, EACH = 3, 6
RULES = """\
press:
  for: {files: "art/**/*.txt"}
  target: renpy
  inputs: ["{path}"]
  outputs: ["build/renpy/pressed/{folder}/{stem}.txt"]
  action: builds.workshop:Workshop
  where: job
  pool: image
  resources: {models: "{folder}", vram_gb: 6, seconds: 0.02}
"""
TWO = """\
servers:
  desk: {url: "http://127.0.0.1:1", vram_gb: 8}
  tower: {url: "http://tower:2", vram_gb: 24, speed: 2}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "scenes").mkdir(parents=True)
    (root / "rules").mkdir()
    (root / "vn.yaml").write_text(
        "format: 1\nid: tiny\ntitle: Tiny\nstart: one\ntargets: [renpy]\n", "utf-8"
    )
    (root / "scenes/one.md").write_text('Hello.\n\n`ending done "Done"`\n', "utf-8")
    (root / "rules/press.yaml").write_text(RULES, "utf-8")
    for number in range(SETS * EACH):
        path = root / f"art/set{number % SETS}/{number:02}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"proof {number}", "utf-8")
    return root


def compute(root: Path, text: str) -> None:
    (root / "compute.yaml").write_text(textwrap.dedent(text), "utf-8")


def log(root: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """Return server, output and place of each job that was begun, in order."""
    path = root / "workshop/log"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def pressed(root: Path) -> int:
    return len(list((root / "build/renpy/pressed").rglob("*.txt")))


def all_pressed(root: Path) -> None:
    for path in (root / "art").rglob("*.txt"):
        made = root / "build/renpy/pressed" / path.relative_to(root)
        assert made.read_text() == path.read_text().upper()


def test_jobs_go_to_servers_by_model_set(root: Path) -> None:
    compute(root, TWO)
    outcome = build(root, "renpy", trust=True)
    assert not outcome.failures
    all_pressed(root)
    begun = log(root)
    assert len(begun) == SETS * EACH
    assert {name for name, _, _ in begun} <= {"desk", "tower"}
    assert sum(place["loads"] for _, _, place in begun) <= SETS + 1
    assert all(place["reason"] for _, _, place in begun)
    # Nothing of where something was made is part of what it is.
    compute(root, TWO.replace("desk", "bench").replace("24", "12"))
    again = build(root, "renpy", trust=True)
    assert not [each for each in again.ran if each.step.rule == "press" and each.how != "reused"]
    assert len(log(root)) == SETS * EACH


def test_what_jobs_took_is_known_to_the_next_build(root: Path) -> None:
    compute(root, TWO)
    assert not build(root, "renpy", trust=True).failures
    known = json.loads((root / STATE / "devices.json").read_text())
    assert set(known["jobs"]) == {f"press art/set{i}" for i in range(SETS)}


def test_what_a_lost_server_had_goes_to_the_other(root: Path) -> None:
    compute(root, TWO)
    (root / "workshop").mkdir()
    (root / "workshop/down tower").write_text("0")
    outcome = build(root, "renpy", trust=True)
    assert not outcome.failures
    all_pressed(root)
    done = Counter(output for name, output, _ in log(root) if name == "desk")
    assert set(done.values()) == {1}


def test_a_server_that_worked_is_tried_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comfyvn.engine.devices, "_PAUSE", 0.1)
    compute(root, 'servers: {desk: {url: "http://127.0.0.1:1", slots: 1}}\n')
    (root / "workshop").mkdir()
    (root / "workshop/down desk").write_text("4")
    outcome = build(root, "renpy", trust=True)
    # It was tried three times, and then no more.
    assert len(outcome.failures) == SETS * EACH - 4
    assert len([1 for name, _, _ in log(root)]) <= 4 + 4
    assert pressed(root) == 4
    (root / "workshop/down desk").unlink()
    assert not build(root, "renpy", trust=True).failures
    all_pressed(root)


def test_without_a_server_left_each_step_says_why(root: Path) -> None:
    compute(root, TWO)
    (root / "workshop").mkdir()
    for name in ("desk", "tower"):
        (root / f"workshop/down {name}").write_text("0")
    outcome = build(root, "renpy", trust=True)
    assert len(outcome.failures) == SETS * EACH
    assert all("it does not answer" in each.message for each in outcome.failures)


def test_a_job_that_fits_no_server_says_so(root: Path) -> None:
    compute(root, 'servers: {desk: {url: "http://127.0.0.1:1", vram_gb: 4}}\n')
    outcome = build(root, "renpy", trust=True)
    assert len(outcome.failures) == SETS * EACH
    message = "there is no server for it: it needs 6 GB of memory, and no server has more than 4"
    assert {each.message for each in outcome.failures} == {message}


@pytest.mark.parametrize(
    ("text", "options", "servers"),
    [
        ("remote: never", {}, set()),
        ("remote: ask", {}, set()),
        ("remote: ask", {"remote": True}, {"cloud"}),
        ("remote: always", {}, {"cloud"}),
        ("remote: always", {"offline": True}, set()),
    ],
)
def test_nothing_remote_unless_the_file_says_so(
    root: Path, text: str, options: dict[str, bool], servers: set[str]
) -> None:
    compute(root, f'{text}\nservers: {{cloud: {{url: "https://gpu.example.org", remote: true}}}}\n')
    outcome = build(root, "renpy", trust=True, **options)
    assert {name for name, _, _ in log(root)} == servers
    assert bool(outcome.failures) == (not servers)


def test_manual_and_sticky(root: Path) -> None:
    compute(root, f"policy: manual\nuse: {{image: [desk]}}\n{TWO}")
    assert not build(root, "renpy", trust=True).failures
    assert {name for name, _, _ in log(root)} == {"desk"}
    (root / "workshop/log").unlink()
    compute(root, f"policy: sticky\n{TWO}")
    assert not build(root, "renpy", trust=True, always=("press",)).failures
    assert len({(name, output.split("/")[4]) for name, output, _ in log(root)}) == SETS


def test_what_somebody_waits_for_is_begun_first(root: Path) -> None:
    compute(root, 'servers: {desk: {url: "http://127.0.0.1:1", slots: 1}}\n')
    last = f"build/renpy/pressed/art/set{SETS - 1}/{SETS * EACH - 1:02}.txt"
    assert not build(root, "renpy", trust=True, urgent=(last,)).failures
    assert log(root)[0][1] == last


BIND = """\
bind:
  target: renpy
  inputs: ["build/renpy/pressed/art/set1/*.txt"]
  outputs: ["build/renpy/bound.txt"]
  command: [sh, -c, "cat {input[0]} > {output}"]
"""


def test_what_that_needs_is_begun_first_too(root: Path) -> None:
    (root / "rules/bind.yaml").write_text(BIND, "utf-8")
    compute(root, 'servers: {desk: {url: "http://127.0.0.1:1", slots: 1}}\n')
    assert not build(root, "renpy", trust=True, urgent=("build/renpy/bound.txt",)).failures
    assert {output.split("/")[4] for _, output, _ in log(root)[:EACH]} == {"set1"}


def test_mistakes_in_the_file_are_findings_of_check_and_build(root: Path, capsys) -> None:
    from comfyvn.cli.main import main

    compute(root, "servers: {desk: {url: 'http://127.0.0.1:1', prioritty: 3}}\n")
    outcome = build(root, "renpy", trust=True)
    (finding,) = [each for each in outcome.findings if each.span.path == "compute.yaml"]
    assert finding.code == "VN0210"
    assert "priority" in str(finding.help)
    assert log(root) == []
    assert main(["check", "-C", str(root)]) == 1
    assert "compute.yaml" in capsys.readouterr().out


def test_explain_says_why_a_job_went_where_it_did(root: Path, capsys) -> None:
    from comfyvn.cli.main import main

    compute(root, 'servers: {desk: {url: "http://127.0.0.1:1"}}\n')
    asked = ["build", "renpy", "--trust", "--explain", "-C", str(root)]
    assert main([*asked, "--json"]) == 0
    said = capsys.readouterr()
    pressed = [line for line in said.err.splitlines() if line.startswith("press ")]
    assert len(pressed) == SETS * EACH
    ending = "; on `desk`: its models are loaded there"
    assert sum(line.endswith(ending) for line in pressed) == SETS * (EACH - 1)
    assert all("; on `desk`: " in line for line in pressed)
    assert not [
        line for line in said.err.splitlines() if line.startswith("lower ") and "; on" in line
    ]
    steps = json.loads(said.out)["steps"]
    places = {each["step"]: (each["server"], each["chosen"]) for each in steps if "server" in each}
    reasons = {place["reason"] for _, _, place in log(root)}
    assert {rule.split()[0] for rule in places} == {"press"}
    assert set(places.values()) == {("desk", reason) for reason in reasons}
