"""The names of a project: what nobody uses, and what is easily taken for something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Related, Span
from comfyvn.story.compiler.flow import walk
from comfyvn.story.resolve import LOOK_KINDS

Uses = dict[str, list[str]]
"""What a scene uses, by kind: characters, looks (`mei/expression/smile`), locations, props, themes
and variables."""

KeyAt = Callable[..., Span]
"""Where a key stands: the path of a YAML source, and the steps to the key."""

_STAT = re.compile(r'"([a-z_][a-z0-9_]*)\.[a-z_][a-z0-9_]*"')
_SEPARATORS = re.compile(r"[-_ /.]")


def uses_of(part: Mapping[str, Any], packed: str) -> Uses:
    """Return what a scene uses; `packed` is the JSON text of `part`."""
    found: dict[str, set[str]] = {
        kind: set() for kind in ("characters", "looks", "locations", "props", "themes")
    }
    bodies = [part.get("enter", ()), *(each["body"] for each in part.get("sections", ()))]
    for body in bodies:
        for op in _ops(body):
            _note(op, found)
    found["characters"].update(_STAT.findall(packed))
    return {kind: sorted(names) for kind, names in found.items()}


def _ops(body: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for op in walk(body):
        yield op
        for fragment in op.get("text", ()) if op["op"] == "say" else ():
            if isinstance(fragment, dict):
                yield from fragment.get("fx", ())


def _note(op: Mapping[str, Any], found: Mapping[str, set[str]]) -> None:
    kind = op["op"]
    who: Iterable[str] = ()
    if kind == "say":
        who = op.get("who", ())
    elif kind == "show" and op.get("kind") == "sprite":
        who = (op["what"],)
    elif kind == "show" and op.get("kind") == "prop":
        found["props"].add(op["what"])
    elif kind == "scene":
        found["locations"].add(op["location"])
    elif kind == "theme":
        found["themes"].add(op["value"])
    for each in who:
        found["characters"].add(each)
        for look, value in op.get("look", {}).items():
            found["looks"].add(f"{each}/{look}/{value}")


def check_names(
    said: Mapping[str, Any], uses: Iterable[Uses], key_at: KeyAt, out: Diagnostics
) -> None:
    """Report what no scene uses, and names that are nearly equal.

    Args:
        said: what the YAML sources say, `@globals`.
        uses: what each scene uses.
        key_at: where keys of YAML sources stand.
        out: where findings go.
    """
    used: dict[str, set[str]] = {}
    for each in uses:
        for kind, names in each.items():
            used.setdefault(kind, set()).update(names)
    _unused(said, used, key_at, out)
    _alike(said, key_at, out)


def _unused(
    said: Mapping[str, Any], used: Mapping[str, set[str]], key_at: KeyAt, out: Diagnostics
) -> None:
    project = said["project"]
    people = used.get("characters", set()) | {(project.get("speech") or {}).get("narrator")}
    looks = used.get("looks", set())
    for id, each in said["characters"].items():
        path = f"characters/{id}.yaml"
        if id not in people:
            out.warning(
                "VN1740",
                f"`{id}` neither speaks nor appears",
                Span.whole_file(path),
                help="give them a line, or delete the file",
            )
            continue
        for kind, listed in LOOK_KINDS.items():
            for name in list((each.get("look") or {}).get(listed, {}))[1:]:
                if f"{id}/{kind}/{name}" not in looks:
                    _note_unused(
                        "VN1741",
                        f"no scene shows `{id}` with the {kind} `{name}`",
                        key_at(path, "look", listed, name),
                        out,
                    )
    default = project.get("theme")
    for kind, single, verb in (("themes", "theme", "is set in"), ("props", "prop", "shows")):
        for name in said[kind]:
            if name not in used.get(kind, ()) and name != default:
                text = f"no scene {verb} the {single} `{name}`"
                _note_unused("VN1742", text, Span.whole_file(f"{kind}/{name}.yaml"), out)
    worlds = said["worlds"]
    for world in [project["world"]] if project.get("world") in worlds else worlds:
        for name in worlds[world].get("locations", {}):
            if name not in used.get("locations", ()):
                _note_unused(
                    "VN1742",
                    f"no scene takes place at `{name}`",
                    key_at(f"worlds/{world}.yaml", "locations", name),
                    out,
                )


def _note_unused(code: str, message: str, span: Span, out: Diagnostics) -> None:
    out.append(Diagnostic(code, "note", message, span, "delete it, if nothing is to come of it"))


def _alike(said: Mapping[str, Any], key_at: KeyAt, out: Diagnostics) -> None:
    pools: list[tuple[str, dict[str, Span]]] = [
        ("variables", {name: key_at("state.yaml", name) for name in said["state"]}),
        *(
            (kind, {name: Span.whole_file(f"{kind}/{name}.yaml") for name in said[kind]})
            for kind in ("characters", "props", "themes")
        ),
    ]
    for id, each in said["characters"].items():
        path = f"characters/{id}.yaml"
        stats = {name: key_at(path, "stats", name) for name in each.get("stats") or {}}
        pools.append(("stats", stats))
        for listed in LOOK_KINDS.values():
            names = (each.get("look") or {}).get(listed, {})
            pools.append((listed, {name: key_at(path, "look", listed, name) for name in names}))
    for world, each in said["worlds"].items():
        path = f"worlds/{world}.yaml"
        names = each.get("locations") or {}
        pools.append(("places", {name: key_at(path, "locations", name) for name in names}))
    for kind, pool in pools:
        for left, right in _near_pairs(pool):
            out.warning(
                "VN1743",
                f"the {kind} `{left}` and `{right}` are easily taken for each other",
                pool[right],
                help="give one of them another name",
                related=[Related(pool[left], "the other one")],
            )


def _near_pairs(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of names that differ by a separator, or by two letters that changed places."""
    by_form: dict[str, list[str]] = {}
    for name in names:
        by_form.setdefault(_form(name), []).append(name)
    for group in by_form.values():
        for left, right in combinations(group, 2):
            if _is_near(left, right):
                yield left, right


def _form(name: str) -> str:
    """Return what near names share: their letters, in whatever order, without doubles."""
    return "".join(sorted(set(_SEPARATORS.sub("", name.casefold()))))


def _is_near(left: str, right: str) -> bool:
    left, right = (_SEPARATORS.sub("", each.casefold()) for each in (left, right))
    if left == right:
        return True
    if min(len(left), len(right)) < 5:
        return False
    start = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), -1)
    if start < 0:
        start = min(len(left), len(right))
    if len(left) == len(right):
        swapped = left[:start] + left[start : start + 2][::-1] + left[start + 2 :]
        return swapped == right
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    doubled = start > 0 and longer[start] == longer[start - 1] and longer[start].isalpha()
    return (
        len(longer) == len(shorter) + 1
        and doubled
        and longer[:start] + longer[start + 1 :] == shorter
    )
