"""What can be wrong with rules by themselves, whatever the project holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from comfyvn.engine.pattern import is_pattern, overlap
from comfyvn.engine.resolve import missing
from comfyvn.plan.collections import COLLECTIONS, FILE_FIELDS
from comfyvn.plan.rules import Declared
from comfyvn.plan.template import loose, split, texts
from comfyvn.source.diagnostics import Diagnostics, Related, Span
from comfyvn.source.nearest import did_you_mean

GIVEN = (
    "@lock/*",
    "@scenes",
    "@sources",
    "@gone",
    "@takes",
    "@assets",
    "@recordings",
    "@actors",
    "@makers",
    "@hears",
    "@dictionaries",
    "@classifiers",
    "@passes",
)
"""Values that the build itself gives; no rule makes them."""

RUNTIME = re.compile(r"(input|output)(\[\d+\])?|params\.\w+")
"""Fields of a command line that are filled in when it runs."""


def check_rules(
    declared: Mapping[str, Declared], replaced: Mapping[str, Declared], out: Diagnostics
) -> set[str]:
    """Report what is wrong with each rule; return the names of those that cannot be used.

    Args:
        declared: the rules by name.
        replaced: the shipped rules that the project's own override.
        out: where findings go.
    """
    wrong = set()
    for name, rule in declared.items():
        sound = _check_selection(rule, out)
        sound = sound and _check_fields(rule, out)
        sound = sound and _check_names(rule, out)
        sound = _check_action(rule, out) and sound
        if sound and name in replaced:
            sound = _check_override(rule, replaced[name], out)
        if not sound:
            wrong.add(name)
    return wrong


def fields_of(rule: Declared) -> tuple[str, ...]:
    """Return the fields that a rule's texts may hold."""
    if rule.over == "files" and rule.files:
        return FILE_FIELDS
    return COLLECTIONS[rule.over].fields if rule.over else ()


def _check_selection(rule: Declared, out: Diagnostics) -> bool:
    if not rule.over or rule.files:
        return True
    selection = COLLECTIONS.get(rule.over)
    if selection is None:
        out.error(
            "VN1102",
            f"the rule `{rule.rule.name}` is for `{rule.over}`, and there is no such collection",
            rule.span,
            help=did_you_mean(rule.over, COLLECTIONS),
        )
        return False
    if selection.reads and rule.stage == "front":
        out.error(
            "VN1102",
            f"the collection `{rule.over}` is known only when the Program is there",
            rule.span,
            help="write `stage: back`",
        )
        return False
    return True


def _check_fields(rule: Declared, out: Diagnostics) -> bool:
    known = fields_of(rule)
    places: list[tuple[str, Span]] = [(rule.files, rule.span), (rule.rule.message, rule.span)]
    places += [(text, rule.input_at(i)) for i, text in enumerate(rule.inputs)]
    places += [(text, rule.output_at(i)) for i, text in enumerate(rule.outputs)]
    places += [(text, rule.span) for text in texts(dict(rule.params))]
    places += [(text, rule.span) for _, text in rule.rule.resources if isinstance(text, str)]
    command = [(text, rule.span) for text in rule.command]
    sound = True
    for text, span in places + command:
        try:
            _, fields = split(text)
        except ValueError as error:
            out.error("VN1103", f"in `{text}`: {error}", span, help="write `{{` for a brace")
            sound = False
            continue
        for name in fields:
            if name in known:
                continue
            if (text, span) in command and RUNTIME.fullmatch(name):
                sound = _check_runtime(rule, text, name, out) and sound
                continue
            of = f"`{rule.over}` has" if rule.over else "a rule without `for` has"
            out.error(
                "VN1103",
                f"{of} no field `{name}`",
                span,
                help=did_you_mean(name, known) or "add `for: …`, or delete the braces",
            )
            sound = False
    return sound


def _check_runtime(rule: Declared, text: str, field: str, out: Diagnostics) -> bool:
    """Whether a field of a command line can be filled in, as far as that is known before."""
    what, _, name = field.partition(".")
    if name:
        if name in rule.params:
            return True
        problem = f"the rule has no parameter `{name}`"
        help = did_you_mean(name, rule.params) or f"give it one: `params: {{{name}: …}}`"
    else:
        what, _, number = what.rstrip("]").partition("[")
        names = rule.inputs if what == "input" else rule.outputs
        if (number and int(number) < len(names)) or any(map(is_pattern, names)):
            return True
        if not number and (len(names) == 1 or text == f"{{{field}}}"):
            return True
        problem = f"the rule has {len(names)} {what}s"
        help = "they are counted from 0" if number else f"say which: `{{{what}[0]}}`"
    out.error("VN1103", f"in `{text}`: {problem}", rule.span, help=help)
    return False


def _check_names(rule: Declared, out: Diagnostics) -> bool:
    sound = True
    for index, text in enumerate(rule.inputs):
        sound = _check_input(text, rule.input_at(index), out) and sound
    for text in (*rule.rule.reads, *([rule.files] if rule.files else [])):
        sound = _check_input(text, rule.span, out) and sound
    for index, text in enumerate(rule.outputs):
        span = rule.output_at(index)
        given = next((name for name in GIVEN if overlap(loose(text), name)), None)
        if given is not None:
            out.error(
                "VN1109",
                f"`{text}` is given by the build itself",
                span,
                help="choose another name for this result",
            )
        elif not _may_be_made(text):
            out.error(
                "VN1109",
                f"the output `{text}` is not below `build/`",
                span,
                help="write a path below `build/`, or `@name` for a result that other rules read",
            )
        else:
            continue
        sound = False
    return sound


def _may_be_made(text: str) -> bool:
    if text.startswith("@"):
        return len(text) > 1
    return text.startswith("build/") and outside(loose(text)) is None


def _check_input(text: str, span: Span, out: Diagnostics) -> bool:
    problem = None if text.startswith("@") else outside(text)
    if problem is None:
        return True
    out.error(
        "VN1110",
        f"`{text}` {problem}",
        span,
        help="write a path from the project's folder, with `/`, such as `art/logo.svg`",
    )
    return False


def outside(name: str) -> str | None:
    """Return why a name is no path of a file in the project; None if it is one."""
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or re.match("[A-Za-z]:", name) or ".." in parts:
        return "leads out of the project"
    if parts[0] in (".comfyvn", ".git"):
        return "is not a source: nothing there is the writer's"
    if "" in parts or "." in parts:
        return "is not a path in its shortest form"
    return None


def _check_action(rule: Declared, out: Diagnostics) -> bool:
    if rule.command:
        return True
    problem = missing(rule.rule.action)
    if problem is not None:
        out.error("VN1104", problem[0], rule.span, help=problem[1])
    return problem is None


def _check_override(rule: Declared, shipped: Declared, out: Diagnostics) -> bool:
    lacking = _listed(set(shipped.outputs) - set(rule.outputs))
    further = _listed(set(rule.outputs) - set(shipped.outputs))
    if not lacking and not further:
        return True
    parts = [f"lacks {lacking}"] * bool(lacking) + [f"has {further}"] * bool(further)
    out.error(
        "VN1111",
        f"the rule `{rule.rule.name}` overrides one with other outputs: it {' and '.join(parts)}",
        rule.span,
        help="keep the outputs, which other rules read, or give the rule a name of its own",
        related=[Related(shipped.span, "the rule that is overridden")],
    )
    return False


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
