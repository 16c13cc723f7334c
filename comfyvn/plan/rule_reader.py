"""One file of rules, from YAML to `Declared`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from comfyvn.engine.step import Rule
from comfyvn.model.rule import FileSelection, RuleEntry, RuleFile
from comfyvn.model.validate import validate
from comfyvn.plan.rules import Declared, Place
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.nearest import nearest
from comfyvn.source.yaml import Node, load_yaml

_RUNS = ("action", "command")
"""The keys that say what a rule runs."""


def read_file(text: str, path: str, shipped: bool, out: Diagnostics) -> Iterator[Declared]:
    """Yield the rules of a file, reporting what is wrong with it; never raises."""
    node = load_yaml(text, path, out)
    if node is None:
        return
    file = validate(RuleFile, node, out)
    if file is None:
        return
    for name, entry in file.root.items():
        if entry.action is None and entry.command is None and _meant(node.plain()[name]):
            continue  # What is wrong with the key is said already.
        if (entry.action is None) == (entry.command is None):
            out.error(
                "VN1101",
                f"the rule `{name}` has "
                + ("no action" if entry.action is None else "both an action and a command"),
                node.key_at(name),
                help="write `action: module:function` or `command: [program, argument]`, not both",
            )
        elif entry.where == "command" and entry.action is not None:
            out.error(
                "VN1101",
                f"the rule `{name}` runs as a command and has none",
                node.at(name, "where"),
                help="write `where: worker` for an action that takes long",
            )
        elif entry.command is not None and entry.where in ("here", "worker"):
            out.error(
                "VN1101",
                f"a command cannot run `{entry.where}`",
                node.at(name, "where"),
                help="delete this line, or write `where: job` to run it in the background",
            )
        else:
            yield _declared(name, entry, node, path, shipped)


def _meant(entry: Mapping[str, object]) -> bool:
    """Whether keys of a rule that are not valid were to say what it runs."""
    fields = list(RuleEntry.model_fields)
    return any(
        value is not None and (key if key in fields else nearest(str(key), fields)) in _RUNS
        for key, value in entry.items()
    )


def _declared(name: str, entry: RuleEntry, node: Node, path: str, shipped: bool) -> Declared:
    if isinstance(entry.over, FileSelection):
        over, files = "files", entry.over.files
    else:
        over, files = entry.over or "", ""
    rule = Rule(
        name=name,
        action=entry.action or "command",
        version=str(entry.version),
        message=entry.message,
        where=entry.where or ("command" if entry.command else "here"),
        cache=entry.cache,
        reproducible=entry.reproducible,
        tool=entry.tool,
        pool=entry.pool,
        cpu=entry.cpu,
        reads=tuple(entry.reads),
        resources=tuple(sorted(entry.resources.items())),
        origin=(path, node.key_at(name).line),
        timeout=float(entry.timeout),
    )
    return Declared(
        rule, entry.stage, entry.target or "", over, files, tuple(entry.inputs),
        tuple(entry.outputs), entry.params, tuple(entry.command or ()), shipped,
        tuple(_places(name, entry, node)),
    )  # fmt: skip


def _places(name: str, entry: RuleEntry, node: Node) -> Iterator[Place]:
    for key, count in (("inputs", len(entry.inputs)), ("outputs", len(entry.outputs))):
        for index in range(count):
            span = node.at(name, key, index)
            yield span.line, span.column, span.end_column
