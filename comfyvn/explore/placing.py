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
        told.append(f"to see it: {route_told(finding.witness)}")
    return Diagnostic(
        finding.code,
        finding.severity,
        finding.message,
        spot(finding.id),
        "; ".join(told) or None,
    )


def route_told(witness: Witness) -> str:
    """Return the command that plays a route."""
    if len(witness.answers) > MOST_ANSWERS:
        return f"a route of {len(witness.answers)} answers, that `comfyvn explore --routes` writes"
    answers = answers_told(witness.answers)
    quote = "'" if '"' in answers or not answers else ""
    quoted = quote + answers.replace("'", "'\\''" if quote else "'") + quote
    return f"`comfyvn play --on interpreter --seed {witness.seed} --choices {quoted}`"


def answers_told(answers: Sequence[int | str]) -> str:
    """Return answers as `--choices` of `comfyvn play` takes them."""
    quoted = (
        '"{}"'.format(each.replace("\\", "\\\\").replace('"', '\\"'))
        if isinstance(each, str)
        else str(each)
        for each in answers
    )
    return ",".join(quoted)
