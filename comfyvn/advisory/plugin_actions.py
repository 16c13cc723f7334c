"""The step that runs the passes of other packages."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterable

from comfyvn.advisory.plugins import Found, Pass, Story
from comfyvn.engine.action import Context
from comfyvn.plan.front_artifacts import read
from comfyvn.source.diagnostics import Diagnostic, Span

_CODE = re.compile(r"(?!VN)[A-Z]{2,}[0-9]{1,6}")


def plugins(context: Context) -> None:
    """Run the passes of `@passes` over the story: `@globals`, `@part/*`, places of what is found.

    A pass that cannot be used, or that fails, is a finding, and leaves the others alone.
    """
    named = read(context, "@passes")
    if not named:
        return
    scenes: list[str] = read(context, "@scenes")
    story = Story(
        {scene: read(context, f"@part/{scene}") for scene in scenes}, read(context, "@globals")
    )
    found: list[Found] = []
    for name, value, *_ in named:
        try:
            found += _sound(_pass(value)(story))
        except Exception as error:  # what another package does wrong must not stop the rest
            said = str(error).partition("\n")[0] or type(error).__name__
            context.report(
                Diagnostic(
                    "VN1704",
                    "warning",
                    f"the pass `{name}` of another package failed: {said}",
                    Span.whole_file("vn.yaml"),
                    f"update or remove the package that brings `{value}`",
                )
            )
    if found:
        _report(context, scenes, found)


def _pass(value: str) -> Pass:
    module, _, name = value.partition(":")
    made: Pass = getattr(importlib.import_module(module), name)
    return made


def _sound(found: Iterable[Found]) -> list[Found]:
    """Return what a pass found, all of it in form.

    Raises:
        TypeError: it is no finding.
        ValueError: a code is not of the form that codes of others have.
    """
    made = [Found(*each) for each in found]
    for each in made:
        if not all(isinstance(said, str) for said in (*each[:4], each.help or "")):
            raise TypeError(f"{each}: what a finding says is text")
        if _CODE.fullmatch(each.code) is None or each.severity not in ("warning", "note"):
            raise ValueError(f"`{each.code}`, {each.severity}: no finding that a pass may have")
    return made


def _report(context: Context, scenes: Iterable[str], found: Iterable[Found]) -> None:
    spans: dict[str, Span] = {}
    for scene in scenes:
        path = json.loads(context.read(f"@spots/{scene}"))["path"]
        for id, (line, column) in read(context, f"@places/{scene}").items():
            spans[id] = Span.on_line(path, line, column, column + 1)
    for code, message, at, severity, help in found:
        span = spans.get(at) or Span.whole_file(at)
        context.report(Diagnostic(code, severity, message, span, help))
