"""Checks of where control may go, over all scenes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from comfyvn.source.diagnostics import Diagnostics, Related, Span
from comfyvn.source.syntax import At
from comfyvn.story.compile_blocks import SectionFlow
from comfyvn.story.resolve import Names
from comfyvn.story.types import Op

if TYPE_CHECKING:
    from comfyvn.story.compile import LoweredScene

Place = tuple[str, str]
"""A scene and a label."""


_SHAPING = ("VN03", "VN08")
"""How the codes begin of what may leave a link, a line or a directive out of the story."""


def check_flow(
    scenes: Mapping[str, LoweredScene], start: str, names: Names, out: Diagnostics
) -> None:
    """Report ends that lead nowhere, labels fallen into, loops without a wait, lost variables."""
    flow = _Flow(scenes, names, out)
    flow.dead_ends(start)
    flow.fallen_into()
    flow.unvisited()
    flow.loops()
    flow.recursion()


def _place(text: str) -> Place:
    scene, _, label = text.partition("#")
    return scene, label


class _Flow:
    def __init__(self, scenes: Mapping[str, LoweredScene], names: Names, out: Diagnostics) -> None:
        self.scenes = scenes
        self.names = names
        self.out = out
        self.sections: dict[Place, SectionFlow] = {}
        self.after: dict[Place, Place | None] = {}
        for id, scene in scenes.items():
            flows = scene.blocks.flows
            for flow, following in zip(flows, [*flows[1:], None], strict=True):
                place = (id, flow.label)
                self.sections[place] = flow
                self.after[place] = (id, following.label) if following else None

        self.broken: dict[str, list[int]] = {}
        for item in out:
            if item.severity == "error" and item.code.startswith(_SHAPING):
                self.broken.setdefault(item.span.path, []).append(item.span.line)

    def sound(self, place: Place) -> bool:
        """Whether nothing was wrong in a section that may have taken something of its flow."""
        lines = self.broken.get(self.scenes[place[0]].tree.path)
        if not lines:
            return True
        flows = self.scenes[place[0]].blocks.flows
        index = next(i for i, flow in enumerate(flows) if flow.label == place[1])
        below = flows[index + 1].at.line if index + 1 < len(flows) else None
        return not any(
            flows[index].at.line <= line and (below is None or line < below) for line in lines
        )

    def span(self, scene: str, at: At) -> Span:
        return Span.on_line(self.scenes[scene].tree.path, *at)

    def next_of(self, place: Place) -> Place | None:
        """Where control goes that falls out of a section, when no call is open."""
        following = self.after[place]
        if following is not None:
            return following
        scene = self.scenes[place[0]].program.get("next")
        return (scene, "") if scene else None

    # Ends that lead nowhere

    def dead_ends(self, start: str) -> None:
        """Report where control may fall out of a scene that nothing follows, in no call."""
        reached: set[Place] = set()
        if start in self.scenes:
            self.reach((start, ""), reached)
        from_start = set(reached)
        in_calls: set[Place] = set()
        for flow in self.sections.values():
            for to in flow.calls:
                self.reach(_place(to), in_calls)
        entered = {scene for scene, _ in reached | in_calls}
        for id, scene in self.scenes.items():
            if id not in entered and not scene.header.params and scene.header.returns is None:
                self.reach((id, ""), reached)
        for place in (place for place in self.sections if place in reached):
            flow = self.sections[place]
            if flow.falls and self.next_of(place) is None and self.sound(place):
                self.out.error(
                    "VN0701",
                    "the story may come to the end of this file and has nowhere to go",
                    self.span(place[0], flow.end),
                    "end it with a link, an `ending`, or put the scene into the timeline",
                )
            after = self.scenes[place[0]].program.get("next")
            if flow.returns and after is None and place in from_start and not self.out.has_errors:
                self.out.warning(
                    "VN0708",
                    "the story may come to this `return` in no call, and has nowhere to go",
                    self.span(place[0], flow.returns),
                    "lead here by `call` only, or write a link or an `ending`",
                )

    def reach(self, place: Place, reached: set[Place]) -> None:
        """Add what control reaches from `place` without a call."""
        waiting = [place]
        while waiting:
            here = waiting.pop()
            if here in reached:
                continue
            reached.add(here)
            flow = self.sections[here]
            waiting += [_place(to) for to in flow.jumps]
            if flow.falls and (after := self.next_of(here)):
                waiting.append(after)
            if flow.returns and (scene := self.scenes[here[0]].program.get("next")):
                waiting.append((scene, ""))

    # Labels fallen into

    def fallen_into(self) -> None:
        """Warn of headings that are jumped to, and that the text above runs into."""
        targets: dict[Place, tuple[str, At]] = {}
        for (scene, _), flow in self.sections.items():
            for to, at in flow.jumps.items():
                targets.setdefault(_place(to), (scene, at))
        for place, flow in self.sections.items():
            after = self.after[place]
            while after is not None and after not in targets and self.sections[after].empty:
                after = self.after[after]
            if flow.falls and after in targets and not flow.empty and self.sound(place):
                scene, at = targets[after]
                self.out.warning(
                    "VN0702",
                    f"the text above runs into `#{after[1]}`, which is also jumped to",
                    self.span(after[0], self.sections[after].at),
                    f"write `[](#{after[1]})` above the heading if that is meant",
                    [Related(self.span(scene, at), "jumped to from here")],
                )

    def unvisited(self) -> None:
        """Warn of headings that nothing leads to, unless a broken link may be the reason."""
        if self.out.has_errors:
            return
        declared = list(self.names.variables.values())
        for scene in self.names.scenes.values():
            declared += scene.params.values()
        targets = {
            place for facts in declared if facts.type.kind == "label" for place in facts.type.values
        }
        for flow in self.sections.values():
            targets |= flow.jumps.keys() | flow.calls.keys()
        for place, flow in self.sections.items():
            after = self.after[place]
            if after is None or flow.falls or f"{after[0]}#{after[1]}" in targets:
                continue
            if not self.sections[after].empty:
                self.out.warning(
                    "VN0707",
                    f"nothing leads to `#{after[1]}`",
                    self.span(after[0], self.sections[after].at),
                    "link to it, or take it out",
                )

    # Loops

    def loops(self) -> None:
        """Report sections that lead to each other for ever without waiting for the player."""
        certain: dict[Place, Place] = {}
        for id, scene in self.scenes.items():
            for section in scene.program["sections"]:
                place = (id, section["label"])
                to = _certain_exit(section["body"], self.sections[place].falls)
                if to == "":
                    following = self.next_of(place)
                elif to is not None:
                    following = _place(to)
                else:
                    following = None
                if following in self.sections and self.sound(place):
                    certain[place] = following
        self.report_cycles(certain)

    def report_cycles(self, certain: dict[Place, Place]) -> None:
        finished: set[Place] = set()
        for first in certain:
            path: dict[Place, None] = {}
            here: Place | None = first
            while here is not None and here not in path and here not in finished:
                path[here] = None
                here = certain.get(here)
            if here is not None and here in path:
                back = list(path)[-1]
                self.out.error(
                    "VN0703",
                    "this goes round for ever without waiting for the player",
                    self.span(back[0], self.sections[back].last),
                    "show a line, or lead out of the round",
                )
            finished |= path.keys()

    # Recursion

    def recursion(self) -> None:
        """Warn of calls from which control may enter the caller again, losing its variables."""
        edges: dict[str, set[str]] = {id: set() for id in self.scenes}
        for (scene, _), flow in self.sections.items():
            for to in (*flow.jumps, *flow.calls):
                target, label = _place(to)
                if target != scene or not label:
                    edges[scene].add(target)
        leads_to: dict[str, set[str]] = {}
        for (scene, _), flow in self.sections.items():
            variables = self.scenes[scene].program.get("scene_variables")
            if not variables:
                continue
            for to, at in flow.calls.items():
                target, label = _place(to)
                if target not in leads_to:
                    leads_to[target] = _reachable(target, edges)
                again = not label if target == scene else scene in leads_to[target]
                if again:
                    shown = variables[0].rpartition("#")[2]
                    self.out.warning(
                        "VN0706",
                        f"this call may enter `{scene}.md` again, which resets `{shown}`",
                        self.span(scene, at),
                        "make it a variable of scope `run`, or call another scene",
                    )


def _reachable(start: str, edges: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for target in edges[waiting.pop()]:
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found


_WAITS = frozenset(["say", "menu", "input", "break"])
_LEAVES = frozenset(["jump", "return", "ending", "call"])


def _certain_exit(body: list[Op], falls: bool) -> str | None:
    """Return where a body leads whatever happens and without a wait.

    `""` is what comes after it; None when it may wait, end, or go elsewhere.
    """
    for op in body:
        kind = op["op"]
        if kind == "jump":
            to: str | None = op.get("to")
            return to or None
        if kind == "say" and "once" in op and "if" not in op:
            continue
        if kind == "menu" and all("once" in each for each in op["choices"]):
            if any(_may_leave(each["body"]) for each in op["choices"]):
                return None
            continue
        if kind in _WAITS or kind in _LEAVES or _may_leave([op], waits=True):
            return None
    return "" if falls else None


def _may_leave(body: list[Op], *, waits: bool = False) -> bool:
    """Whether some op in a body leads elsewhere, or, when asked, waits."""
    return any(op["op"] in _LEAVES or (waits and op["op"] in _WAITS) for op in walk(body))


def walk(body: list[Op]) -> Iterator[Op]:
    """Yield all ops of a body, outer ones before those within them."""
    for op in body:
        yield op
        for inner in ("branches", "choices", "items"):
            for part in op.get(inner, ()):
                yield from walk(part["body"])
        if "body" in op:
            yield from walk(op["body"])
