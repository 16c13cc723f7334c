"""Findings of an exploration as diagnostics, at the places that a source map has for ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from comfyvn.explore.result import Finding, Witness
from comfyvn.source.diagnostics import Diagnostic, Span

Spot = Callable[[str, str], Span]
"""Where the source of an id stands, or of `variable NAME`; or a spot in the scene of the id."""
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
        spot(finding.id, finding.spot),
        "; ".join(told) or None,
    )


def route_told(witness: Witness) -> str:
    """Return what plays a route."""
    if len(witness.answers) > MOST_ANSWERS:
        return (
            f"a route of {len(witness.answers)} answers, which `comfyvn explore --routes` writes,"
        )
    return f"`{command_told(*witness)}`"


def command_told(seed: int, answers: Sequence[int | str], options: str = "") -> str:
    """Return the command that plays some answers, as a shell takes it."""
    played = f"comfyvn play --seed {seed}{options}"
    if not answers:
        return played
    told = answers_told(answers)
    if '"' in told:
        told = "'{}'".format(told.replace("'", "'\\''"))
    return f"{played} --choices {told}"


def answers_told(answers: Sequence[int | str]) -> str:
    """Return answers as `--choices` of `comfyvn play` takes them."""
    quoted = (
        '"{}"'.format(each.replace("\\", "\\\\").replace('"', '\\"'))
        if isinstance(each, str)
        else str(each)
        for each in answers
    )
    return ",".join(quoted)
