"""Sealed actions: what they look at is what their rules declare."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from engine.steps import context, made

from comfyvn.engine.context import UndeclaredError
from comfyvn.engine.sandbox import UndeclaredReadError, sealed
from comfyvn.engine.step import Rule

RULE = Rule("read", "m:f", reads=("more/*",))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name in ("a.txt", "b.txt", "more/c.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def run(project: Path, action) -> dict[str, bytes]:
    step = context(project, RULE, ("a.txt",), ("@x",))
    sealed(action, project)(step)
    return made(step)


def test_declared_reads_work(project: Path) -> None:
    def action(step) -> None:
        assert step.find("more/none.txt") is None
        step.write("@x", step.read("a.txt") + step.path("more/c.txt").read_bytes())

    assert run(project, action) == {"@x": b"a.txtmore/c.txt"}


def test_what_is_outside_the_project_may_be_read(project: Path, tmp_path: Path) -> None:
    (tmp_path / "else.txt").write_text("font")

    def action(step) -> None:
        step.write("@x", (tmp_path / "else.txt").read_bytes())
        json.loads("{}")

    assert run(project, action) == {"@x": b"font"}


def test_the_context_refuses_what_is_not_declared(project: Path) -> None:
    with pytest.raises(UndeclaredError, match=r"b\.txt"):
        run(project, lambda step: step.read("b.txt"))


@pytest.mark.parametrize(
    "look",
    [
        lambda root: (root / "b.txt").read_bytes(),
        lambda root: os.open(root / "b.txt", os.O_RDONLY),
        lambda root: list((root / "more").iterdir()),
        lambda root: (root / "a.txt").read_bytes(),  # an input, but behind the context's back
        lambda root: (root / "new.txt").write_text("x"),
    ],
)
def test_looking_past_the_context_is_refused(project: Path, look) -> None:
    with pytest.raises(UndeclaredReadError, match=r"`(a\.txt|b\.txt|more|new\.txt)`"):
        run(project, lambda step: look(project))
    assert not (project / "new.txt").exists()


def test_an_action_that_hides_its_mistake_is_found_out(project: Path) -> None:
    def action(step) -> None:
        for name in ("b.txt", "more/c.txt"):
            try:
                (project / name).read_bytes()
            except Exception:
                continue

    with pytest.raises(UndeclaredReadError, match=r"`b\.txt`, `more/c\.txt`"):
        run(project, action)


def test_the_watch_ends_with_the_action(project: Path) -> None:
    run(project, lambda step: None)
    assert (project / "b.txt").read_text() == "b.txt"
