"""Characters, variables, images, sounds and the tables that the script's functions look in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comfyvn.targets.renpy.context import Lines
from comfyvn.targets.renpy.expressions import constant, literal, operands
from comfyvn.targets.renpy.names import SCENERY, UNKNOWN, Head
from comfyvn.targets.renpy.scope import other_languages, staged_of
from comfyvn.targets.renpy.text import escape
from comfyvn.targets.renpy.whole import Pairs, Whole


def files(head: Head, whole: Whole) -> dict[str, str]:
    """Return the files of declarations by path."""
    return {
        "game/characters.rpy": characters(head, whole),
        "game/variables.rpy": variables(head, whole),
        "game/tables.rpy": tables(head, whole),
    }


def characters(head: Head, whole: Whole) -> str:
    """Return `characters.rpy`."""
    names = whole.names
    lines = Lines()
    lines.add("# The cast.", "")
    dynamic = {c: f"{c}.name" in whole.used["assigned"] for c in names.characters}
    people: list[tuple[str, tuple[str, ...], None]]
    people = [(variable, (id,), None) for id, variable in names.characters.items()]
    people.append((names.unknown, (UNKNOWN,), None))
    people += [(variable, tuple(who.split(" ")), None) for who, variable in names.joined.items()]
    lines.add(*(_character(head, whole, *one, dynamic) for one in people))
    if names.pages:
        lines.add("", "# The same on a page.")
        for who, variable in names.pages.items():
            lines.add(_character(head, whole, variable, tuple(who.split(" ")), "nvl", dynamic))
    return lines.text()


def _character(
    head: Head,
    whole: Whole,
    variable: str,
    who: tuple[str, ...],
    kind: str | None,
    dynamic: Mapping[str, bool],
) -> str:
    names = whole.names
    called = [escape(_name(head, one)) for one in who]
    if any(dynamic.get(one) for one in who):
        parts = [
            f"vn.quote({names.variables[f'{one}.name']})" if dynamic.get(one) else repr(name)
            for one, name in zip(who, called, strict=True)
        ]
        arguments = [literal(" + ' & ' + ".join(parts)), "dynamic=True"]
    else:
        arguments = [literal(" & ".join(called))]
    if kind:
        arguments.append(f"kind={kind}")
    if len(who) == 1 and who[0] in names.characters:
        id = who[0]
        if id in staged_of(whole.used):
            arguments.append(f"image={literal(names.tags[id])}")
        arguments.append(f"voice_tag={literal(id)}")
        arguments.append(f"who_color={literal(head['characters'][id]['colour'])}")
    return f"define {variable} = Character({', '.join(arguments)})"


def _name(head: Head, who: str) -> str:
    return who if who == UNKNOWN else str(head["characters"][who]["name"])


def variables(head: Head, whole: Whole) -> str:
    """Return `variables.rpy`."""
    lines = Lines()
    lines.add("# The story's variables.", "")
    expressions = whole.expressions(head)
    for name, facts in head.get("variables", {}).items():
        if name.endswith((".name", ".gender")) and name not in whole.used["variables"]:
            continue  # the compiler adds these to everybody
        for comment in (facts.get("doc") or "").splitlines():
            lines.add(f"# {comment}")
        value = expressions.code(constant(facts))
        lines.add(f"default {whole.names.variables[name]} = {value}")
    return lines.text()


def tables(head: Head, whole: Whole) -> str:
    """Return `tables.rpy`: what the functions of `vn/` need to know of this story."""
    names = whole.names
    lines = Lines()
    lines.add("# What the functions in `vn/` know of this story.", "")
    lines.add(f"define vn.fixed_seed = {head.get('seed')}", "")
    lines.add("# Labels, lines and choices that the story asks about.")
    _table(lines, "vn.asked", "[", [literal(id) for id in whole.asked], "]")
    lines.add("", "# What saves are called, by the label they are in.")
    _table(lines, "vn.scene_names", "{", _entries(whole.scenes), "}")
    lines.add("", "# Titles of labels that are shown as text.")
    _table(lines, "vn.titles", "{", _entries(whole.titles), "}")
    lines.add("", "# Members of sets and enums, in order.")
    members = [
        f"{literal(name)}: [{', '.join(literal(value) for value in facts['values'])}]"
        for name, facts in head.get("variables", {}).items()
        if facts["type"] in ("set", "enum")
    ]
    _table(lines, "vn.values", "{", members, "}")
    lines.add("", "# The image attributes that looks are made of, the default first.")
    staged = {names.tags[one] for one in staged_of(whole.used)}
    wardrobe = [
        f"{literal(tag)}: [{', '.join(map(_attributes, looks.values()))}]"
        for tag, looks in names.looks.items()
        if tag == SCENERY or (tag in staged and any(looks.values()))
    ]
    _table(lines, "vn.wardrobe", "{", wardrobe, "}")
    lines.add("", "# What self-voicing says of places and props when they come into view.")
    _table(lines, "vn.alts", "{", _alts(head, whole), "}")
    _plurals(head, lines)
    return lines.text()


def _alts(head: Head, whole: Whole) -> list[str]:
    names = whole.names
    found = {}
    for location, attribute in names.looks[SCENERY]["location"].items():
        found[f"{SCENERY} {attribute}"] = head.get("locations", {}).get(location, {}).get("alt")
    for prop, facts in head.get("props", {}).items():
        if prop in names.tags:
            found[names.tags[prop]] = facts.get("alt")
    return [f"{literal(image)}: {literal(escape(alt))}" for image, alt in found.items() if alt]


def _attributes(kind: Mapping[str, str]) -> str:
    return f"[{', '.join(literal(attribute) for attribute in kind.values())}]"


def _entries(pairs: Pairs) -> list[str]:
    return [f"{literal(key)}: {literal(value)}" for key, value in pairs]


def _table(lines: Lines, name: str, start: str, entries: list[str], end: str) -> None:
    if not entries:
        lines.add(f"define {name} = {start}{end}")
        return
    lines.add(f"define {name} = {start}")
    lines.indent += 1
    lines.add(*(f"{entry}," for entry in entries))
    lines.indent -= 1
    lines.add(end)


def _plurals(head: Head, lines: Lines) -> None:
    used = [head["language"], *other_languages(head)]
    rules: dict[str, Any] = head.get("plurals", {})
    lines.add("", "# The plural category of a number, by language.")
    lines.add("define vn.plural_rules = {}")
    if not any(rules.get(language) for language in used):
        return
    lines.add("")
    with lines.block("init python in vn:"):
        for language in used:
            if not rules.get(language):
                continue
            name = f"_plural_{language.replace('-', '_').lower()}"
            lines.add("")
            with lines.block(f"def {name}(n, i, v, w, f, t, c, e):"):
                for category, condition in rules[language]:
                    code = operands().code(condition)
                    with lines.block(f"if {code}:"):
                        lines.add(f"return {literal(category)}")
                lines.add('return "other"')
            lines.add("", f"plural_rules[{literal(language)}] = {name}")
