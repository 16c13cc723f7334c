"""Checks of where control may go, over all scenes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple, NotRequired, TypedDict

from comfyvn.source.diagnostics import Severity
from comfyvn.story.types import Op

Place = tuple[str, str]
"""A scene and a label."""


Spot = tuple[str, int, str, str]
"""Where a finding is: the scene, the section's number, what of the section (a key of its entry in
the scene's spots), and of a jump or call the place it leads to."""


class SectionFacts(TypedDict):
    """What control may do in a section; what is not so is left out.

    `jumps` and `calls` are the places it leads to, `falls` says whether control comes out at its
    end, `exit` where it leads whatever happens and without a wait (`""`: what comes after it).
    `broken` says that something was wrong in it that may have taken a part of its flow.
    """

    label: str
    jumps: NotRequired[list[str]]
    calls: NotRequired[list[str]]
    falls: NotRequired[bool]
    returns: NotRequired[bool]
    empty: NotRequired[bool]
    broken: NotRequired[bool]
    exit: NotRequired[str]


class SceneFacts(TypedDict):
    """What checks of the whole need of a scene; what is not so is left out.

    `parameters` are variables of the Program, `resets` the first variable that entering the scene
    resets, `expects` says that it is to be called: it has parameters or gives something back.
    `endings` are `[id, name, title]`. `lost` are translated ids that are in no line, by language.
    """

    sections: list[SectionFacts]
    errors: NotRequired[bool]
    parameters: NotRequired[dict[str, Any]]
    resets: NotRequired[str]
    expects: NotRequired[bool]
    endings: NotRequired[list[tuple[str, str, str]]]
    unlocks: NotRequired[list[str]]
    lost: NotRequired[dict[str, list[str]]]


class FlowFinding(NamedTuple):
    """A finding whose place is not known yet. It is a JSON value."""

    code: str
    severity: Severity
    message: str
    at: Spot
    help: str
    related: tuple[Spot, str] | None = None


def check_flow(
    scenes: Mapping[str, SceneFacts],
    follows: Mapping[str, str],
    start: str,
    places: Collection[str],
    is_sound: bool,
) -> list[FlowFinding]:
    """Find ends that lead nowhere, labels fallen into, loops without a wait, lost variables.

    `follows` gives the scene after each in the timeline, `places` are those that variables may
    hold. Where the sources are not sound, nothing is said that may follow from that.
    """
    flow = _Flow(scenes, follows, is_sound)
    flow.dead_ends(start)
    flow.fallen_into()
    flow.unvisited(places)
    flow.loops()
    flow.recursion()
    return flow.out


def _place(text: str) -> Place:
    scene, _, label = text.partition("#")
    return scene, label


class _Flow:
    def __init__(
        self, scenes: Mapping[str, SceneFacts], follows: Mapping[str, str], is_sound: bool
    ) -> None:
        self.scenes = scenes
        self.follows = follows
        self.out: list[FlowFinding] = []
        self.is_sound = is_sound
        self.sections: dict[Place, SectionFacts] = {}
        self.number: dict[Place, int] = {}
        self.after: dict[Place, Place | None] = {}
        for id, scene in scenes.items():
            flows = scene["sections"]
            for number, flow in enumerate(flows):
                place = (id, flow["label"])
                self.sections[place] = flow
                self.number[place] = number
                self.after[place] = (
                    (id, flows[number + 1]["label"]) if number + 1 < len(flows) else None
                )

    def report(
        self,
        code: str,
        severity: Severity,
        message: str,
        at: Spot,
        help: str,
        related: tuple[Spot, str] | None = None,
    ) -> None:
        """Note a finding."""
        self.out.append(FlowFinding(code, severity, message, at, help, related))
        self.is_sound = self.is_sound and severity != "error"

    def spot(self, place: Place, what: str, to: str = "") -> Spot:
        """Return where something of a section stands."""
        return place[0], self.number[place], what, to

    def next_of(self, place: Place) -> Place | None:
        """Where control goes that falls out of a section, when no call is open."""
        following = self.after[place]
        if following is not None:
            return following
        scene = self.follows.get(place[0])
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
            for to in flow.get("calls", ()):
                self.reach(_place(to), in_calls)
        entered = {scene for scene, _ in reached | in_calls}
        for id, scene in self.scenes.items():
            if id not in entered and not scene.get("expects"):
                self.reach((id, ""), reached)
        for place in (place for place in self.sections if place in reached):
            flow = self.sections[place]
            if flow.get("falls") and self.next_of(place) is None and not flow.get("broken"):
                self.report(
                    "VN0701",
                    "error",
                    "the story may come to the end of this file and has nowhere to go",
                    self.spot(place, "end"),
                    "end it with a link, an `ending`, or put the scene into the timeline",
                )
            lost = "returns" in flow and place[0] not in self.follows and place in from_start
            if lost and self.is_sound:
                self.report(
                    "VN0708",
                    "warning",
                    "the story may come to this `return` in no call, and has nowhere to go",
                    self.spot(place, "returns"),
                    "lead here by `call` only, or write a link or an `ending`",
                )

    def reach(self, place: Place, reached: set[Place], calls: bool = False) -> None:
        """Add what control reaches from `place`, in what it calls too if so asked."""
        waiting = [place]
        while waiting:
            here = waiting.pop()
            if here in reached or here not in self.sections:
                continue
            reached.add(here)
            waiting += self.ways(here, calls)

    def ways(self, place: Place, calls: bool = True) -> list[Place]:
        """Where control may go from a section."""
        flow = self.sections[place]
        ways = [_place(to) for to in flow.get("jumps", ())]
        if calls:
            ways += [_place(to) for to in flow.get("calls", ())]
        if flow.get("falls") and (after := self.next_of(place)):
            ways.append(after)
        if flow.get("returns") and (scene := self.follows.get(place[0])):
            ways.append((scene, ""))
        return ways

    # Labels fallen into

    def fallen_into(self) -> None:
        """Warn of headings that are jumped to, and that the text above runs into."""
        targets: dict[Place, Spot] = {}
        for place, flow in self.sections.items():
            for to in flow.get("jumps", ()):
                targets.setdefault(_place(to), self.spot(place, "jumps", to))
        for place, flow in self.sections.items():
            after = self.after[place]
            while after is not None and after not in targets and self.sections[after].get("empty"):
                after = self.after[after]
            if (
                flow.get("falls")
                and after in targets
                and not flow.get("empty")
                and not flow.get("broken")
            ):
                self.report(
                    "VN0702",
                    "warning",
                    f"the text above runs into `#{after[1]}`, which is also jumped to",
                    self.spot(after, "at"),
                    f"write `[](#{after[1]})` above the heading if that is meant",
                    (targets[after], "jumped to from here"),
                )

    def unvisited(self, places: Collection[str]) -> None:
        """Warn of headings that nothing leads to, unless a broken link may be the reason.

        Scenes as a whole are not looked at: exploration says which of them nothing leads to.
        """
        if not self.is_sound:
            return
        led: set[Place] = set()
        for place in (*((scene, "") for scene in self.scenes), *map(_place, places)):
            self.reach(place, led, calls=True)
        lost = [
            place
            for place, flow in self.sections.items()
            if place not in led and not flow.get("empty")
        ]
        leads: dict[Place, set[Place]] = {place: set() for place in lost}
        for place, reached in leads.items():
            self.reach(place, reached, calls=True)
        for place in lost:
            before = [other for other in lost if other != place and place in leads[other]]
            if place in led or not leads[place].issuperset(before):
                continue
            but = ""
            if before:
                but = " but what it leads to"
            elif place in self.ways(place):
                but = " but itself"
            self.report(
                "VN0707",
                "warning",
                f"nothing leads to `#{place[1]}`{but}",
                self.spot(place, "at"),
                "link to it, or take it out",
            )
            led |= leads[place]

    # Loops

    def loops(self) -> None:
        """Report sections that lead to each other for ever without waiting for the player."""
        certain: dict[Place, Place] = {}
        for place, flow in self.sections.items():
            to = flow.get("exit")
            if to is None or flow.get("broken"):
                continue
            following = _place(to) if to else self.next_of(place)
            if following in self.sections:
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
                self.report(
                    "VN0703",
                    "error",
                    "this goes round for ever without waiting for the player",
                    self.spot(back, "last"),
                    "show a line, or lead out of the round",
                )
            finished |= path.keys()

    # Recursion

    def recursion(self) -> None:
        """Warn of calls from which control may enter the caller again, losing its variables."""
        edges: dict[str, set[str]] = {id: set() for id in self.scenes}
        for (scene, _), flow in self.sections.items():
            for to in (*flow.get("jumps", ()), *flow.get("calls", ())):
                target, label = _place(to)
                if target != scene or not label:
                    edges[scene].add(target)
        leads_to: dict[str, set[str]] = {}
        for place, flow in self.sections.items():
            scene = place[0]
            resets = self.scenes[scene].get("resets")
            if not resets:
                continue
            for to in flow.get("calls", ()):
                target, label = _place(to)
                if target not in leads_to:
                    leads_to[target] = _reachable(target, edges)
                again = not label if target == scene else scene in leads_to[target]
                if again:
                    shown = resets.rpartition("#")[2]
                    self.report(
                        "VN0706",
                        "warning",
                        f"this call may enter `{scene}.md` again, which resets `{shown}`",
                        self.spot(place, "calls", to),
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


def certain_exit(body: list[Op], falls: bool) -> str | None:
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
