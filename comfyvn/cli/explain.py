"""`comfyvn explain`: what a diagnostic's code means, or how a directive is written."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comfyvn.story.directives import Directive


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "explain",
        help="explain a diagnostic's code or a directive",
        description="Explain a code such as VN0603, or a directive such as `show`; without either, "
        "list them all.",
    )
    parser.add_argument("topic", nargs="?", metavar="CODE|DIRECTIVE")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Explain; return 0, or 2 when there is no such topic."""
    from comfyvn.source.codes import codes, page
    from comfyvn.source.nearest import nearest

    directives = _directives()
    if args.topic is None:
        _list(directives, args.json)
        return 0
    topic = args.topic.strip("`")
    found = page(topic.upper())
    if found is not None:
        if args.json:
            _print_json({"code": found.code, "title": found.title, "text": found.text})
        else:
            _print_markdown(f"# {found.code}: {found.title}\n\n{found.text}")
        return 0
    meanings = [each for each in directives if each.name == topic.lower()]
    if meanings:
        if args.json:
            _print_json([_as_json(each) for each in meanings])
        else:
            _print_markdown("\n\n".join(_directive_text(each) for each in meanings))
        return 0
    near = nearest(topic, [*codes(), *(each.name for each in directives)])
    hint = f"; did you mean `{near}`?" if near else ""
    print(f"there is no code or directive `{topic}`{hint}", file=sys.stderr)
    return 2


def _directives() -> list[Directive]:
    """Return all directives and the modifiers that trail a line."""
    from comfyvn.story.directives import DIRECTIVES, MODIFIERS

    return [*DIRECTIVES.values(), *MODIFIERS.values()]


def _as_json(each: Directive) -> dict[str, Any]:
    return {
        "name": each.name,
        "form": each.form,
        "means": each.doc,
        "example": each.example,
        "inside_text": each.inline,
    }


def _directive_text(each: Directive) -> str:
    text = f"# {each.name}\n\n{each.doc}\n\n```\n{each.form}\n```\n\nFor example:\n\n"
    text += f"```md\n{each.example}\n```\n"
    if each.inline:
        text += f"\nIt may also stand inside a line of text, as `{each.inline}`.\n"
    return text


def _list(directives: list[Directive], as_json: bool) -> None:
    from comfyvn.source.codes import codes, page

    titles = {code: found.title for code in codes() if (found := page(code))}
    if as_json:
        _print_json({"codes": titles, "directives": [_as_json(each) for each in directives]})
        return
    print("Directives:")
    for each in directives:
        print(f"  {each.form}")
    print("\nCodes:")
    for code, title in titles.items():
        print(f"  {code}  {title}")


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _print_markdown(text: str) -> None:
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        print(text.rstrip())
