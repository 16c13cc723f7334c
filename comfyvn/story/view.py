"""What a state looks like: everything a player shows, in a language, texts as neutral markup."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from comfyvn.story.interpreter import Persistent, Run, State, Story, name_of


class LineView(NamedTuple):
    """A beat. `who` are ids, `name` is what the name box shows."""

    id: str
    who: list[str]
    name: str
    manner: str | None
    text: str


class ChoiceView(NamedTuple):
    """A choice of the open menu. `reason` is there when it is locked."""

    id: str
    text: str
    enabled: bool
    reason: str | None
    seen: bool


class InputView(NamedTuple):
    """A question for a text."""

    prompt: str
    default: str | None
    most: int | None


class View(NamedTuple):
    """`waiting` is line, break, menu, input or over; `line` stays above a menu or input."""

    waiting: str
    scene: Mapping[str, Any]
    line: LineView | None
    page: list[LineView] | None
    choices: list[ChoiceView]
    input: InputView | None
    stage: Mapping[str, Any]
    ending: Mapping[str, str] | None


def view(story: Story, state: State, persistent: Persistent, language: str | None = None) -> View:
    """Return what a state looks like."""
    world = Run(story, state, persistent, language)

    def text(id: str, source: Any, values: Any) -> str:
        return "".join(part.text for part in world.render(id, source, values))

    def shown(line: Mapping[str, Any]) -> LineView:
        op = story.op(line["id"])
        words = text(line["id"], op["text"], line["values"])
        return LineView(line["id"], op["who"], name_of(op, world), op.get("manner"), words)

    page = None if state["page"] is None else [shown(line) for line in state["page"]]
    line = shown(state["line"]) if state["line"] else page[-1] if page else None
    op: Mapping[str, Any] = {"op": "over"}
    if state["waiting"] is not None:
        op = world.linked.nodes[state["at"]].op
    choices = []
    for offer in state["menu"]["choices"] if state["menu"] else ():
        id = offer["id"]
        choice = next(choice for choice in op["choices"] if choice["id"] == id)
        reason = None
        if "reason" in offer:
            reason = text(f"{id}_locked", choice["locked"], offer["reason"])
        words = text(id, choice["text"], offer["values"])
        seen = world.times(id, True) > 0
        choices.append(ChoiceView(id, words, offer["enabled"], reason, seen))
    question = None
    if state["input"]:
        prompt = text(op["id"], op["prompt"], state["input"]["values"])
        question = InputView(prompt, op.get("default"), op.get("max"))
    waiting = "line" if op["op"] == "say" else op["op"]
    return View(
        waiting,
        world.linked.scene,
        line,
        page,
        choices,
        question,
        state["stage"],
        state.get("ending"),
    )
