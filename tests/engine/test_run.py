"""What a run does in particular situations; `test_run_random.py` finds those not thought of."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from engine.building import Folder, settle

from comfyvn.engine.again import BeginAgainError
from comfyvn.engine.graph import Graph
from comfyvn.engine.manifest import STATE
from comfyvn.engine.run import Run
from comfyvn.engine.step import Plan, Rule, Step, step

Action = Callable[[Any], None]


class Place:
    """A project whose rules are Python functions by name."""

    def __init__(self, root: Path, **actions: Action) -> None:
        self.root, self.actions = root, actions
        self.folder = Folder(root)
        (root / "src").mkdir()
        self.rules = {name: Rule(name, name) for name in actions}

    def write(self, name: str, text: str) -> None:
        path = self.root / "src" / name
        path.write_text(text)
        settle(path)

    def build(
        self, *steps: Step, away: bool = False, values: dict[str, bytes] | None = None
    ) -> Run:
        plan = Plan(self.rules, steps)
        resolve = lambda rule: self.actions[rule.name]  # noqa: E731
        return self.folder.build(plan, values or {}, resolve, away=away)


def how(run: Run) -> dict[str, str]:
    return {each.step.name: each.how for each in run.ran}


def why(run: Run, name: str) -> tuple[str, tuple[str, ...]]:
    (found,) = (each.reason for each in run.ran if each.step.name == name)
    return tuple(found)


def copy(context: Any) -> None:
    for name, source in zip(context.outputs, context.inputs, strict=False):
        context.write(name, context.read(source))


def first_word(context: Any) -> None:
    context.write(context.outputs[0], context.read(context.inputs[0]).split()[0])


def test_only_what_changed_runs_and_the_wave_stops(tmp_path: Path) -> None:
    place = Place(tmp_path, first_word=first_word, copy=copy)
    steps = [
        step("first_word", "a", ["src/a"], ["@a"]),
        step("copy", "a", ["@a"], ["build/a"]),
        step("first_word", "b", ["src/b"], ["@b"]),
        step("copy", "b", ["@b"], ["build/b"]),
    ]
    place.write("a", "one two")
    place.write("b", "one two")
    assert set(how(place.build(*steps)).values()) == {"ran"}
    assert how(place.build(*steps)) == {}
    place.write("a", "one three")
    run = place.build(*steps)
    assert how(run) == {"first_word a": "ran"}
    assert why(run, "first_word a") == ("inputs", ("src/a",))
    place.write("a", "two three")
    assert how(place.build(*steps)) == {"first_word a": "ran", "copy a": "ran"}
    place.write("a", "one two")
    assert how(place.build(*steps)) == {"first_word a": "reused", "copy a": "reused"}


def test_an_output_of_another_content_with_the_stamp_that_was_left(tmp_path: Path) -> None:
    """Taking an edit back finds the result of before; its file is the one of between."""
    place = Place(tmp_path, copy=copy)
    steps = [step("copy", "", ["src/a"], ["build/a"])]
    for text in ("one", "two", "one"):
        place.write("a", text)
        place.build(*steps)
        assert (tmp_path / "build/a").read_text() == text


def test_why_a_step_runs(tmp_path: Path) -> None:
    place = Place(tmp_path, copy=copy)
    place.write("a", "one")
    one = step("copy", "x", ["src/a"], ["build/a"])
    assert why(place.build(one), "copy x") == ("new", ())
    (tmp_path / "build/a").unlink()
    assert why(place.build(one), "copy x") == ("outputs", ("build/a",))
    place.rules["copy"] = Rule("copy", "copy", version="2")
    assert why(place.build(one), "copy x") == ("definition", ())
    moved = step("copy", "x", ["src/a"], ["build/b"])
    assert why(place.build(moved), "copy x") == ("definition", ())
    assert not (tmp_path / "build/a").exists()


def ask(context: Any) -> None:
    for name in context.params["finds"]:
        context.find(name)
    context.write(context.outputs[0], b"asked")


def fail_or_copy(context: Any) -> None:
    if context.read(context.inputs[0]) == b"bad":
        raise ValueError("it is bad")
    copy(context)


def test_what_does_not_depend_on_a_failed_step_is_built(tmp_path: Path) -> None:
    place = Place(tmp_path, make=fail_or_copy, ask=ask, copy=copy)
    place.rules["ask"] = Rule("ask", "ask", reads=("@m/*",))
    steps = [
        step("make", "a", ["src/a"], ["@m/a"]),
        step("make", "b", ["src/b"], ["@m/b"]),
        step("ask", "a", [], ["@asked/a"], finds=["@m/a"]),
        step("ask", "b", [], ["@asked/b"], finds=["@m/b", "@m/none"]),
        step("copy", "a", ["@asked/a"], ["build/a"]),
        step("copy", "b", ["@asked/b"], ["build/b"]),
    ]
    place.write("a", "bad")
    place.write("b", "good")
    for _ in range(2):
        run = place.build(*steps)
        bad = {name for name, each in how(run).items() if each not in ("ran", "reused")}
        assert bad == {"make a", "ask a", "copy a"}
        (failure,) = run.failures
        assert failure.message == "it is bad"
        assert "ValueError" in failure.trace
        assert (tmp_path / "build/b").exists()
        assert not (tmp_path / "build/a").exists()
    place.write("a", "good")
    run = place.build(*steps)
    assert how(run) == {"make a": "ran", "ask a": "ran", "copy a": "ran"}


@pytest.mark.parametrize(
    ("outputs", "writes", "message"),
    [
        (
            ["build/a"],
            ["build/a", "build/b"],
            "`act` writes `build/b`, which is not in its `outputs`",
        ),
        (["build/a", "build/b"], ["build/a"], "`act` did not write `build/b`"),
        (["build/a-*"], ["build/b"], "`act` writes `build/b`, which is not in its `outputs`"),
    ],
)
def test_outputs_that_are_not_declared(
    tmp_path: Path, outputs: list[str], writes: list[str], message: str
) -> None:
    def act(context: Any) -> None:
        for name in writes:
            context.write(name, b"")

    run = Place(tmp_path, act=act).build(step("act", "", [], outputs))
    assert [each.message for each in run.failures] == [message]
    assert not run.failures[0].trace


def test_a_step_of_which_nothing_is_known_any_more_when_what_it_asked_for_fails(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path, make=fail_or_copy, ask=ask)
    place.rules["ask"] = Rule("ask", "ask", reads=("@m/*",))
    steps = [
        step("make", "a", ["src/a"], ["@m/a"]),
        step("ask", "a", [], ["@asked/a"], finds=["@m/a"]),
    ]
    place.write("a", "good")
    place.build(*steps)
    with sqlite3.connect(tmp_path / STATE / "store.db") as store:
        store.execute("UPDATE step SET body = '{}' WHERE name = 'ask a'")
    store.close()
    place.write("a", "bad")
    assert how(place.build(*steps)) == {"make a": "failed", "ask a": "skipped"}


def test_two_patterns_that_write_one_file(tmp_path: Path) -> None:
    def act(context: Any) -> None:
        context.write("build/same", b"")

    run = Place(tmp_path, act=act).build(
        step("act", "a", [], ["build/s*"]), step("act", "b", [], ["build/*e"])
    )
    assert [each.message for each in run.failures] == [
        "`act b` and `act a` both write `build/same`"
    ]


def test_lost_results_are_made_again_when_they_are_asked_for(tmp_path: Path) -> None:
    place = Place(tmp_path, first_word=first_word, copy=copy)
    chain = [step("first_word", "0", ["src/a"], ["@0"])]
    chain += [
        step("copy", f"{n}", [f"@{n - 1}", "src/b"][: 1 + (n == 5)], [f"@{n}"]) for n in range(1, 6)
    ]
    place.write("a", "one two")
    place.write("b", "b")
    run = place.build(*chain)
    run.store.__init__(run.store.folder)  # type: ignore[misc]
    run.store.database().execute("DELETE FROM blob")
    run.store.close()
    assert how(place.build(*chain)) == {}
    place.write("b", "other")
    assert how(place.build(*chain)) == {
        f"{'copy' if n else 'first_word'} {n}": "ran" for n in range(6)
    }


def test_a_step_without_a_result_that_is_not_looked_at(tmp_path: Path) -> None:
    place = Place(tmp_path, copy=copy)
    steps = [step("copy", "a", ["src/a"], ["@a"]), step("copy", "b", ["@a", "src/b"], ["@b"])]
    place.write("a", "one")
    place.write("b", "b")
    run = place.build(*steps)
    run.store.__init__(run.store.folder)  # type: ignore[misc]
    run.store.database().execute("DELETE FROM step WHERE name = 'copy a'")
    run.store.close()
    place.write("b", "other")
    with pytest.raises(BeginAgainError, match="the result of `copy a` was lost"):
        place.build(*steps)
    assert how(place.build(*steps)) == {"copy a": "ran", "copy b": "ran"}


def test_steps_elsewhere_overlap_and_wait_for_what_they_may_ask(tmp_path: Path) -> None:
    met = [Event(), Event()]

    def meet(context: Any) -> None:
        mine = int(context.params["mine"])
        met[mine].set()
        assert met[1 - mine].wait(20)
        context.write(context.outputs[0], b"%d" % mine)

    def ask(context: Any) -> None:
        found = [context.find(f"@m/{n}") for n in range(3)]
        context.write(context.outputs[0], repr(found).encode())

    place = Place(tmp_path, meet=meet, ask=ask)
    place.rules["meet"] = Rule("meet", "meet", where="worker")
    place.rules["ask"] = Rule("ask", "ask", reads=("@m/*",))
    place.build(
        step("meet", "0", [], ["@m/0"], mine=0),
        step("meet", "1", [], ["@m/1"], mine=1),
        step("ask", "", [], ["build/asked"]),
        away=True,
    )
    assert (tmp_path / "build/asked").read_text() == "[b'0', b'1', None]"


def test_who_makes_a_name() -> None:
    steps = [step("r", f"{n}", [], [f"build/{n}-*.js", f"@r/{n}"]) for n in range(200)]
    steps += [step("r", "all", ["build/8-x.js"], ["build/1*.css", "build/**/y"])]
    graph = Graph(Plan({"r": Rule("r", "r")}, tuple(steps)))
    assert graph.makers("@r/7") == [7]
    assert graph.makers("build/77-x.js") == [77]
    assert graph.makers("build/7-*.js") == [7]
    assert graph.makers("build/1-.css") == [200]
    assert graph.makers("build/7-a/y") == [200]
    assert graph.makers("build/x.js") == []
    assert graph.needed(200) == {8}
    assert graph.consumers["build/8-*.js"] == [200]
