"""Characters, variables, images, sounds and the tables that the script's functions look in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comfyvn.targets.renpy.context import Context, Lines, walk_titles
from comfyvn.targets.renpy.expressions import literal
from comfyvn.targets.renpy.names import SCENERY, UNKNOWN, ops
from comfyvn.targets.renpy.script import constant
from comfyvn.targets.renpy.text import escape


def characters(context: Context) -> str:
    """Return `characters.rpy`."""
    names, program = context.names, context.program
    lines = Lines()
    lines.add("# The cast.", "")
    renamed = {op["var"] for op in ops(program) if op["op"] in ("set", "input")}
    for op in ops(program):
        if op["op"] == "call":
            renamed.update([op.get("into", ""), *op.get("args", {})])
    dynamic = {c: f"{c}.name" in renamed for c in names.characters}
    for id in program.get("characters", {}):
        lines.add(_character(context, names.characters[id], (id,), dynamic))
    lines.add(_character(context, names.unknown, (UNKNOWN,), dynamic))
    for who, variable in names.joined.items():
        lines.add(_character(context, variable, who, dynamic))
    if names.pages:
        lines.add("", "# The same on a page.")
        for who, variable in names.pages.items():
            lines.add(_character(context, variable, who, dynamic, "nvl"))
    return lines.text()


def _character(
    context: Context,
    variable: str,
    who: tuple[str, ...],
    dynamic: Mapping[str, bool],
    kind: str | None = None,
) -> str:
    names = context.names
    if any(dynamic.get(one) for one in who):
        parts = [
            f"vn.quote({names.variables[f'{one}.name']})"
            if dynamic.get(one)
            else repr(escape(_name(context, one)))
            for one in who
        ]
        arguments = [literal(" + ' & ' + ".join(parts)), "dynamic=True"]
    else:
        arguments = [literal(" & ".join(escape(_name(context, one)) for one in who))]
    if kind:
        arguments.append(f"kind={kind}")
    if len(who) == 1 and who[0] in names.characters:
        id = who[0]
        if id in names.used["staged"]:
            arguments.append(f"image={literal(names.tags[id])}")
        arguments.append(f"voice_tag={literal(id)}")
        colour = context.program["characters"][id]["colour"]
        arguments.append(f"who_color={literal(colour)}")
    return f"define {variable} = Character({', '.join(arguments)})"


def _name(context: Context, who: str) -> str:
    return who if who == UNKNOWN else str(context.program["characters"][who]["name"])


def variables(context: Context) -> str:
    """Return `variables.rpy`."""
    lines = Lines()
    lines.add("# The story's variables.", "")
    used = set(_used_variables(context.program))
    for name, facts in context.program.get("variables", {}).items():
        if name.endswith((".name", ".gender")) and name not in used:
            continue  # the compiler adds these to everybody
        for comment in (facts.get("doc") or "").splitlines():
            lines.add(f"# {comment}")
        value = context.expressions.code(constant(facts))
        lines.add(f"default {context.names.variables[name]} = {value}")
    return lines.text()


def _used_variables(value: Any) -> Iterator[str]:
    """Yield the variables that anything in a Program reads or assigns."""
    if isinstance(value, Mapping):
        if "var" in value:
            yield value["var"]
        yield from value.get("args", ())
        if "into" in value:
            yield value["into"]
        for part in value.values():
            yield from _used_variables(part)
    elif isinstance(value, list | tuple):
        if len(value) == 2 and value[0] == "var":
            yield value[1]
        for part in value:
            yield from _used_variables(part)


def tables(context: Context) -> str:
    """Return `tables.rpy`: what the functions of `vn/` need to know of this story."""
    names, program = context.names, context.program
    lines = Lines()
    lines.add("# What the functions in `vn/` know of this story.", "")
    seed = program.get("seed")
    lines.add(f"define vn.fixed_seed = {seed}", "")
    asked = sorted({context.expressions.ids.get(id, id) for id in context.asked})
    lines.add("# Labels, lines and choices that the story asks about.")
    _table(lines, "vn.asked", "[", [literal(id) for id in asked], "]")
    lines.add("", "# What saves are called, by the label they are in.")
    scenes = program["scenes"]
    named = [
        f"{literal(names.scenes[id])}: {literal(scene.get('title') or id)}"
        for id, scene in scenes.items()
    ]
    _table(lines, "vn.scene_names", "{", named, "}")
    lines.add("", "# Titles of labels that are shown as text.")
    titles = [
        f"{literal(names.places[place])}: {literal(title)}" for place, title in walk_titles(context)
    ]
    _table(lines, "vn.titles", "{", titles, "}")
    lines.add("", "# Members of sets and enums, in order.")
    members = [
        f"{literal(name)}: [{', '.join(literal(value) for value in facts['values'])}]"
        for name, facts in program.get("variables", {}).items()
        if facts["type"] in ("set", "enum")
    ]
    _table(lines, "vn.values", "{", members, "}")
    lines.add("", "# The image attributes that looks are made of, the default first.")
    staged = {names.tags[one] for one in names.used["staged"]}
    wardrobe = [
        f"{literal(tag)}: [{', '.join(_attributes(kind) for kind in kinds)}]"
        for tag, kinds in names.looks.items()
        if tag == SCENERY or (tag in staged and any(kinds))
    ]
    _table(lines, "vn.wardrobe", "{", wardrobe, "}")
    lines.add("", "# What self-voicing says of places and props when they come into view.")
    _table(lines, "vn.alts", "{", _alts(context), "}")
    _plurals(context, lines)
    return lines.text()


def _alts(context: Context) -> list[str]:
    names, program = context.names, context.program
    found = {}
    for location, attribute in names.looks[SCENERY][0].items():
        found[f"{SCENERY} {attribute}"] = program.get("locations", {}).get(location, {}).get("alt")
    for prop, facts in program.get("props", {}).items():
        if prop in names.tags:
            found[names.tags[prop]] = facts.get("alt")
    return [f"{literal(image)}: {literal(escape(alt))}" for image, alt in found.items() if alt]


def _attributes(kind: dict[str, str]) -> str:
    return f"[{', '.join(literal(attribute) for attribute in kind.values())}]"


def _table(lines: Lines, name: str, start: str, entries: list[str], end: str) -> None:
    if not entries:
        lines.add(f"define {name} = {start}{end}")
        return
    lines.add(f"define {name} = {start}")
    lines.indent += 1
    lines.add(*(f"{entry}," for entry in entries))
    lines.indent -= 1
    lines.add(end)


def _plurals(context: Context, lines: Lines) -> None:
    used = [context.language, *context.languages]
    rules: dict[str, Any] = context.program.get("plurals", {})
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
                    code = context.expressions.operand_code(condition)
                    with lines.block(f"if {code}:"):
                        lines.add(f"return {literal(category)}")
                lines.add('return "other"')
            lines.add("", f"plural_rules[{literal(language)}] = {name}")
