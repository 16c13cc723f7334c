"""`comfyvn why`: what an output is made from, why it was made last, what changed since."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from comfyvn.cli.common import add_project_options, project_at
from comfyvn.cli.reasons import ago, because, not_known, path_of, shown

if TYPE_CHECKING:
    from rich.tree import Tree

    from comfyvn.plan.made_from import Branch
    from comfyvn.plan.why import Answer, Change

_WRITTEN_OUT = 3
"""Up to how many files of a folder are named one by one."""

_OUTPUTS = 6
"""How many of the files that a source goes into are shown."""

_LAST = 5
"""How many lines of what a failed step said are shown."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "why",
        help="say what an output is made from, why it was made last and what changed since",
        description="Follow a file in build/ back to the sources: which steps made it, why they "
        "ran last, and what is not as they saw it. Of a source, say where it went.",
    )
    parser.add_argument(
        "output",
        metavar="OUTPUT",
        help="a file in build/, a source, the name of a step (`lower opening`) or rule, a target",
    )
    add_project_options(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Print; return 0, 1 (no project, nothing was built), 2 (no such thing) or 3 (unreadable)."""
    from comfyvn.plan.meaning import NotKnownError
    from comfyvn.plan.why import as_json, why

    root = project_at(args.directory)
    if root is None:
        return 1
    try:
        answer = why(root, path_of(args.output, root))
    except NotKnownError as error:
        if error.empty:
            print("nothing was built yet: run `comfyvn build`", file=sys.stderr)
            return 1
        print(not_known(error, root), file=sys.stderr)
        return 2
    except OSError as error:
        print(f"cannot read {error.filename}: {error.strerror}", file=sys.stderr)
        return 3
    if args.json:
        print(json.dumps(as_json(answer), ensure_ascii=False))
    else:
        _print(answer)
    return 0


def _print(answer: Answer) -> None:
    from rich.text import Text
    from rich.tree import Tree

    from comfyvn.cli.console import PlainConsole

    console = PlainConsole()
    asked = answer.asked
    console.print(Text(asked.name, "bold"), Text(f"  {asked.kind}", "dim"), sep="", end="\n\n")
    if answer.chain:
        first = answer.chain[0].cause
        console.print(Text(f"Made {ago(time.time() - first.at)}, because", "bold"))
        width = max(len(link.step) for link in answer.chain)
        for link in answer.chain:
            why = because(link.cause.why, link.cause.names, link.cause.more)
            if link.cause.how != "ran":
                why += {"reused": ", and an earlier result held"}.get(
                    link.cause.how, ", and the shared cache had the result"
                )
            console.print(Text(f"  {link.step:<{min(width, 32)}}  ").append(why, "dim"))
        console.print()
    console.print(Text("Changed since", "bold"))
    for line in _changes(answer):
        console.print(Text(f"  {line}"))
    for step, said in answer.failures.items():
        how, *lines = said.splitlines() or [""]
        console.print(Text(f"  `{step}` failed: {how}"))
        for line in lines[-_LAST:]:
            console.print(Text(f"    {line}", "dim"))
    if answer.tree:
        console.print()
        tree = Tree(Text("Made from", "bold"), guide_style="dim")
        for branch in answer.tree:
            _add(tree, branch)
        console.print(tree)
    for target, files in answer.used.items():
        console.print()
        head = f"Goes into {len(files)} file{'s' if len(files) > 1 else ''} of {target or 'build'}"
        console.print(Text(head, "bold").append(", or decides on them", "not bold dim"))
        for name in files[:_OUTPUTS]:
            console.print(Text(f"  {name}"))
        if len(files) > _OUTPUTS:
            console.print(Text(f"  and {len(files) - _OUTPUTS} more", "dim"))


def _changes(answer: Answer) -> list[str]:
    lines = [_change(each) for each in answer.changes[:10]]
    if len(answer.changes) > 10:
        lines.append(f"and {len(answer.changes) - 10} more")
    if not lines:
        return ["nothing" + (", but what it depends on is to be built" if answer.may else "")]
    return lines


def _change(each: Change) -> str:
    steps = f"`{each.steps[0]}`" + (
        f" and {len(each.steps) - 1} more" if len(each.steps) > 1 else ""
    )
    match each.kind:
        case "tool":
            return f"ComfyVN itself: {steps} will run"
        case "definition":
            return f"the rule `{each.name}`: {steps} will run"
        case "output":
            return f"{shown(each.name)}, which is not as it was left: it will be put back"
        case "unfinished":
            return f"{steps} has no result: it will run"
    return f"{shown(each.name)}: {steps} will run"


def _add(tree: Tree, branch: Branch) -> None:
    from rich.text import Text

    count = len(branch.steps)
    if count == 1:
        label = Text(branch.steps[0], "cyan")
    else:
        label = Text(branch.rule, "cyan").append(f"  {count} {_plural(branch.items)}", "default")
    if branch.seen:
        tree.add(label.append("  as above", "dim"))
        return
    below = tree.add(label)
    for text in collapsed(branch.sources):
        below.add(Text(text, "green"))
    for each in branch.branches:
        _add(below, each)


def _plural(items: str) -> str:
    return f"{items}s" if items and not items.endswith("s") else items or "steps"


def collapsed(names: Sequence[str]) -> list[str]:
    """Return names in few lines: many files of a folder as `scenes/**/*.md (19)`."""
    groups: dict[str, list[str]] = {}
    for name in names:
        folder, _, last = name.partition("/")
        suffix = re.search(r"\.[^./]+$", last)
        ending = suffix[0] if suffix else ""
        groups.setdefault(f"{folder}/…{ending}" if last else name, []).append(name)
    lines: list[str] = []
    for key, found in groups.items():
        if len(found) <= _WRITTEN_OUT:
            lines += [shown(name).strip("`") for name in found]
        elif key.startswith("@lock/"):
            lines.append(f"the lines of {len(found)} scenes in vn.lock")
        else:
            head, _, ending = key.partition("…")
            lines.append(f"{head}*{ending} ({len(found)})")
    return lines
