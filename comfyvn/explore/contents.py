"""What a Program holds, counted without playing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Literal, NamedTuple

from comfyvn.explore.words import longest, words_of

Op = Mapping[str, Any]


class Line(NamedTuple):
    """A beat. `place` is that of its section; `words` those of its longest form."""

    id: str
    place: str
    who: tuple[str, ...]
    words: int
    text: str


class Choice(NamedTuple):
    """A choice of a menu. A fallback is one that comes when no other is left (`else`).

    Its `text` is `else` where it says nothing.
    """

    id: str
    menu: str
    place: str
    text: str
    words: int
    conditional: bool
    fallback: bool


class End(NamedTuple):
    """An ending; one that the end of a scene makes has no name and the scene's id."""

    id: str
    name: str
    title: str
    place: str


class Link(NamedTuple):
    """A way from one section to another; `next` is into what follows."""

    source: str
    target: str
    how: Literal["jump", "call", "next"]


class Contents(NamedTuple):
    """All of a story by id, in the order of its scenes; sections and links by place."""

    sections: Mapping[str, str]
    titles: Mapping[str, str]
    lines: Mapping[str, Line]
    choices: Mapping[str, Choice]
    menus: Mapping[str, tuple[str, ...]]
    endings: Mapping[str, End]
    links: tuple[Link, ...]


def contents_of(program: Mapping[str, Any]) -> Contents:
    """Return what a Program holds."""
    reader = _Reader(program)
    for name in _in_order(program):
        reader.scene(name, program["scenes"][name])
    return Contents(
        reader.sections,
        reader.titles,
        reader.lines,
        reader.choices,
        reader.menus,
        reader.endings,
        tuple(dict.fromkeys(reader.links)),
    )


def _in_order(program: Mapping[str, Any]) -> list[str]:
    """Return the scenes as one comes to them: from the first, depth first along links and `next`;
    those that nothing leads to come last."""
    scenes = program["scenes"]
    found: dict[str, None] = {}
    waiting = [*reversed(scenes), program["start"]]
    while waiting:
        name = waiting.pop()
        if name in found or name not in scenes:
            continue
        found[name] = None
        after = [scenes[name]["next"]] if "next" in scenes[name] else []
        waiting += reversed([*after, *_linked(program, name)])
    return list(found)


def play_order(program: Mapping[str, Any]) -> list[str]:
    """Return the scenes in the order in which they may be played: each behind those that lead to
    it, unless they lead to one another; those that nothing leads to come last, by their names."""
    scenes = program["scenes"]
    ended: dict[str, None] = {}
    seen: set[str] = set()
    waiting: list[tuple[str, bool]] = [(program["start"], False)]
    while waiting:
        name, through = waiting.pop()
        if through:
            ended[name] = None
        elif name in scenes and name not in seen:
            seen.add(name)
            after = list(_linked(program, name))
            if "next" in scenes[name]:
                after.append(scenes[name]["next"])
            # What comes last is followed first: its end is then the last one in the list, too.
            waiting += [(name, True), *((each, False) for each in dict.fromkeys(after))]
    return [*reversed(ended), *sorted(scenes.keys() - ended.keys())]


def _linked(program: Mapping[str, Any], scene: str) -> Iterator[str]:
    """Yield the scenes that a scene's jumps and calls may lead to, in order."""
    for section in program["scenes"][scene]["sections"]:
        for place in _places(program, section["body"]):
            yield place.partition("#")[0]


def _places(program: Mapping[str, Any], body: Sequence[Op]) -> Iterator[str]:
    """Yield the places that a body may lead to, in order."""
    for op in operations(body):
        if op["op"] in ("jump", "call"):
            yield from targets_of(program, op)


def operations(body: Sequence[Op]) -> Iterator[Op]:
    """Yield all ops of a body, those inside others too, in the order in which they stand."""
    for op in body:
        yield op
        for part in op.get("choices") or op.get("items") or op.get("branches") or ():
            yield from operations(part["body"])
        if op["op"] == "page":
            yield from operations(op["body"])


def targets_of(program: Mapping[str, Any], op: Op) -> list[str]:
    """Return the places that a jump or call may lead to; a computed one may take any of those
    that it names or that its variables can hold."""
    if "to" in op:
        return [op["to"]]
    return list(dict.fromkeys(_named(program, op["value"])))


def _named(program: Mapping[str, Any], expression: Any) -> Iterator[str]:
    match expression:
        case ["label", str(place)]:
            yield place
        case ["var", str(name)]:
            yield from program["variables"][name].get("values", ())
        case [_, *parts]:
            for part in parts:
                yield from _named(program, part)


class _Reader:
    def __init__(self, program: Mapping[str, Any]) -> None:
        self.program = program
        self.sections: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        self.lines: dict[str, Line] = {}
        self.choices: dict[str, Choice] = {}
        self.menus: dict[str, tuple[str, ...]] = {}
        self.endings: dict[str, End] = {}
        self.links: list[Link] = []

    def scene(self, name: str, scene: Mapping[str, Any]) -> None:
        sections = scene["sections"]
        for section in sections:
            place = f"{name}#{section['label']}"
            self.sections[section["id"]] = place
            self.titles[place] = section["title"] if section["label"] else scene.get("title", name)
        for at, section in enumerate(sections):
            place = f"{name}#{section['label']}"
            for op in operations(section["body"]):
                self.op(op, place)
            if not _falls(section["body"]):
                continue
            if at + 1 < len(sections):
                self.links.append(Link(place, f"{name}#{sections[at + 1]['label']}", "next"))
            elif "next" in scene:
                self.links.append(Link(place, f"{scene['next']}#", "next"))

    def op(self, op: Op, place: str) -> None:
        match op["op"]:
            case "say":
                text = longest(op["text"])
                words = words_of(escape(text, quote=False))
                self.lines[op["id"]] = Line(op["id"], place, tuple(op["who"]), words, text)
            case "menu":
                self.menus[op["id"]] = tuple(choice["id"] for choice in op["choices"])
                for choice in op["choices"]:
                    text = longest(choice["text"])
                    self.choices[choice["id"]] = Choice(
                        choice["id"],
                        op["id"],
                        place,
                        text or "else",
                        words_of(escape(text, quote=False)),
                        "if" in choice,
                        bool(choice.get("else")),
                    )
            case "jump" | "call" as how:
                self.links += [Link(place, target, how) for target in targets_of(self.program, op)]
            case "ending":
                self.endings[op["id"]] = End(op["id"], op["name"], op["title"], place)


def _falls(body: Sequence[Op]) -> bool:
    """Whether control may come to the end of a body, as far as its ops say."""
    for op in body:
        match op["op"]:
            case "jump" | "return" | "ending":
                return False
            case "if":
                branches = op["branches"]
                if any("if" not in each for each in branches) and not any(
                    _falls(each["body"]) for each in branches
                ):
                    return False
            case "page" if not _falls(op["body"]):
                return False
            case "menu":
                choices = op["choices"]
                # A menu without a choice that is always there may be skipped.
                stays = any("if" not in each and not each.get("once") for each in choices)
                if stays and not any(_falls(each["body"]) for each in choices):
                    return False
    return True
