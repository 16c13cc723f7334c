"""What the whole story needs to know of one scene: what it mentions, and none of its words.

Names are given out, and statements chosen, by what all scenes have in common: `names` and `scope`
need the facts of every scene and the text of none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

Scene = Mapping[str, Any]
Op = Mapping[str, Any]
Facts = Mapping[str, Any]
"""The facts of one scene, as JSON. What is empty is left out.

Lists, each entry once and sorted:

- `speakers`, `pages`: lists of who speaks together, and on a page
- `shown`, `hidden`, `moved`: what `show` and `move`, `hide`, `move` name
- `kinds`: [what, kind] of `show`
- `states`: [what, kind, value] of what is no sprite; `looks`: the same of everything
- `worn`: [who, [[kind, value]…]] of sprites; `shaped`: the same of what is no sprite
- `pictures`, `locations`, `times`, `weathers`; `sounds`: [channel, name]
- `scenery`: [location, time, weather], `""` for what is kept
- `variables`: all that are mentioned; `assigned`; `wild`: those that may get any number
- `asked`: ids whose counts are asked for; `labels`: places that are mentioned
- `jumps`, `calls`: places; `jump_variables`: what such an expression depends on
- `passing`: scenes that are called with arguments

In order: `title`, `sections`: [id, label, title], `next`, `params`, `scene_variables`, `menus`: ids
of menus and their choices, `endings`: [name, title], `opening`: the first of `scenery` in `enter`,
and `shows_titles`.
"""
Mentions = Mapping[str, AbstractSet[Any]]
"""What all scenes mention: the lists of their facts as sets, lists in them as tuples."""
Words = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Translations by language and id."""

SMALL = 10**6
"""A step that a variable can be changed by so often that it never comes near the edge."""
_MENTIONS = (
    "speakers pages shown hidden moved kinds states worn shaped pictures locations times weathers"
    " sounds scenery variables assigned wild asked passing"
).split()
_COUNTS = frozenset(("visited", "times", "seen", "chose"))


def scene_facts(scene: Scene, words: Words) -> dict[str, Any]:
    """Return the facts of a scene; `words` may hold the translations of other scenes too."""
    return _Collector(scene).run(words)


def mentions(facts: Iterable[Facts]) -> Mentions:
    """Return what any of some scenes mentions."""
    found: Mapping[str, set[Any]] = {key: set() for key in _MENTIONS}
    for scene in facts:
        for key in found.keys() & scene.keys():
            found[key].update(map(frozen, scene[key]))
    return found


def frozen(value: Any) -> Any:
    """Return a JSON value with tuples for its lists."""
    return tuple(map(frozen, value)) if isinstance(value, list | tuple) else value


def walk(body: Iterable[Op]) -> Iterator[Op]:
    """Yield every op of a body, nested ones and those inside texts included."""
    for op in body:
        yield op
        for fragment in op.get("text", ()):
            if isinstance(fragment, dict) and "fx" in fragment:
                yield from walk(fragment["fx"])
        for key in ("choices", "items", "branches"):
            for part in op.get(key, ()):
                yield from walk(part.get("body", ()))
        yield from walk(op.get("body", ()))


def scene_ops(scene: Scene) -> Iterator[Op]:
    """Yield every op of a scene in source order."""
    yield from walk(scene.get("enter", ()))
    for section in scene["sections"]:
        yield from walk(section["body"])


class _Collector:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.sets: dict[str, set[Any]] = {}
        self.menus: list[str] = []
        self.endings: dict[str, str] = {}
        self.shows_titles = False

    def run(self, words: Words) -> dict[str, Any]:
        scene = self.scene
        for op in scene_ops(scene):
            self.op(op)
            for table in words.values():
                for entry in filter(None, map(table.get, text_ids(op))):
                    self.values(entry.get("extra", ()))
        for op in scene.get("enter", ()):
            self.values(op)
        for section in scene["sections"]:
            self.values(section["body"])
        self.add("wild", *scene.get("params", ()))
        facts: dict[str, Any] = {key: sorted(found) for key, found in self.sets.items()}
        for key in ("title", "next", "params", "scene_variables"):
            facts[key] = scene.get(key)
        facts["sections"] = [[s["id"], s["label"], s["title"]] for s in scene["sections"]]
        facts["menus"] = self.menus
        facts["endings"] = list(self.endings.items())
        openings = (op for op in scene.get("enter", ()) if op["op"] == "scene")
        facts["opening"] = next(map(_scenery, openings), None)
        facts["shows_titles"] = self.shows_titles
        return {key: value for key, value in facts.items() if value}

    def add(self, key: str, *values: Any) -> None:
        if values:
            self.sets.setdefault(key, set()).update(values)

    def op(self, op: Op) -> None:
        match op["op"]:
            case "say":
                who = tuple(op.get("who", ()))
                self.add("speakers", who)
                for one in who if op.get("look") else ():
                    self._look("worn", one, op["look"])
            case "page":
                lines = (line for line in walk(op["body"]) if line["op"] == "say")
                self.add("pages", *(tuple(line.get("who", ())) for line in lines))
            case "menu":
                self.menus += [op["id"], *(choice["id"] for choice in op["choices"])]
            case "set":
                self.add("assigned", op["var"])
                kind, *rest = op["value"]
                if kind not in ("int", "num") or abs(rest[0]) > SMALL:
                    self.add("wild", op["var"])
            case "input":
                self.add("assigned", op["var"])
                self.add("wild", op["var"])
            case "jump" | "call":
                self._flow(op)
            case "ending":
                self.endings.setdefault(op["name"], op["title"])
            case _:
                self._stage(op)

    def _flow(self, op: Op) -> None:
        if op["op"] == "call":
            self.add("calls", op["to"])
            given = [*op.get("args", ()), *([op["into"]] if "into" in op else ())]
            self.add("assigned", *given)
            self.add("wild", *given)
            if op.get("args"):
                self.add("passing", op["to"].partition("#")[0])
        elif "to" in op:
            self.add("jumps", op["to"])
        else:
            self.add("jumps", *places_of(op["value"], {}))
            self.add("jump_variables", *_sources(op["value"]))
        if "to" in op:
            self.add("labels", op["to"])

    def _stage(self, op: Op) -> None:
        match op["op"]:
            case "show":
                self.add("shown", op["what"])
                self.add("kinds", (op["what"], op["kind"]))
                look = op.get("look", {})
                if op["kind"] == "sprite":
                    self._look("worn", op["what"], look)
                elif look:
                    self._look("shaped", op["what"], look)
                    self.add("states", *((op["what"], *state) for state in look.items()))
            case "move":
                self.add("shown", op["what"])
                self.add("moved", op["what"])
            case "hide":
                self.add("hidden", op["what"])
            case "picture":
                self.add("pictures", op["asset"])
            case "play":
                self.add("sounds", (op["channel"], op["name"]))
            case "voice":
                self.add("sounds", ("voice", op["name"]))
            case "scene":
                self.add("locations", op["location"])
                self.add("scenery", _scenery(op))
                for kind in ("time", "weather"):
                    if kind in op:
                        self.add(f"{kind}s", op[kind])
            case "time" | "weather":
                self.add(f"{op['op']}s", op["value"])

    def _look(self, key: str, what: str, look: Mapping[str, str]) -> None:
        self.add(key, (what, tuple(sorted(look.items()))))
        self.add("looks", *((what, *state) for state in look.items()))

    def values(self, value: Any) -> None:
        """Collect what expressions anywhere in a value mention."""
        if isinstance(value, dict):
            if "var" in value:
                self.add("variables", value["var"])
            self.add("variables", *value.get("args", ()))
            if "into" in value:
                self.add("variables", value["into"])
            for part in value.values():
                if not isinstance(part, str):
                    self.values(part)
        elif isinstance(value, list | tuple):
            if len(value) == 2:
                if value[0] == "var":
                    self.add("variables", value[1])
                elif value[0] == "label":
                    self.add("labels", value[1])
                elif value[0] == "title":
                    self.shows_titles = True
            elif len(value) == 3 and isinstance(value[0], str) and value[0] in _COUNTS:
                self.add("asked", value[1])
            for part in value:
                if not isinstance(part, str):
                    self.values(part)


def text_ids(op: Op) -> Iterator[str]:
    """Yield the ids of an op's texts that are translated."""
    if op["op"] == "menu":
        for choice in op["choices"]:
            yield from (choice["id"], f"{choice['id']}_locked")
    elif op["op"] in ("say", "input"):
        yield op["id"]


def places_of(value: Any, variables: Mapping[str, Any]) -> Iterator[str]:
    """Yield the Places that an expression of type label can give."""
    if not isinstance(value, list | tuple) or not value:
        return
    if value[0] == "label":
        yield value[1]
    elif value[0] == "var":
        yield from variables.get(value[1], {}).get("values", ())
    else:
        for part in value[1:]:
            yield from places_of(part, variables)


def _sources(value: Any) -> Iterator[str]:
    """Yield the variables whose values `places_of` gives."""
    if not isinstance(value, list | tuple) or not value:
        return
    if value[0] == "var":
        yield value[1]
    elif value[0] != "label":
        for part in value[1:]:
            yield from _sources(part)


def _scenery(op: Op) -> tuple[str, str, str]:
    return (op["location"], op.get("time") or "", op.get("weather") or "")
