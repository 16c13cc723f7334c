"""Findings of an exploration as diagnostics, at the places that a source map has for ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from comfyvn.explore.result import Finding, Witness
from comfyvn.source.diagnostics import Diagnostic, Span

Spot = Callable[[str], Span]
"""Where the source of an id stands, or of `variable NAME`."""
MOST_ANSWERS = 40
"""A route of more answers is told by how it is got."""


def placed(finding: Finding, spot: Spot) -> Diagnostic:
    """Return a finding at its place, with the route that shows it in its help."""
    told = [finding.help] if finding.help else []
    if finding.witness is not None:
        told.append(f"{route_told(finding.witness)} shows it")
    return Diagnostic(
        finding.code,
        finding.severity,
        finding.message,
        spot(finding.id),
        "; ".join(told) or None,
    )


def route_told(witness: Witness) -> str:
    """Return what plays a route."""
    played = f"comfyvn play --seed {witness.seed}"
    if not witness.answers:
        return f"`{played}`"
    if len(witness.answers) > MOST_ANSWERS:
        return (
            f"a route of {len(witness.answers)} answers, which `comfyvn explore --routes` writes,"
        )
    answers = answers_told(witness.answers)
    if '"' in answers:
        answers = "'{}'".format(answers.replace("'", "'\\''"))
    return f"`{played} --choices {answers}`"


def answers_told(answers: Sequence[int | str]) -> str:
    """Return answers as `--choices` of `comfyvn play` takes them."""
    quoted = (
        '"{}"'.format(each.replace("\\", "\\\\").replace('"', '\\"'))
        if isinstance(each, str)
        else str(each)
        for each in answers
    )
    return ",".join(quoted)
