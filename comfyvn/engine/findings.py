"""Diagnostics as JSON values: they are part of a step's result and said again when it is reused."""

from __future__ import annotations

from typing import Any

from comfyvn.source.diagnostics import Diagnostic, Edit, Related, Span


def as_json(finding: Diagnostic) -> list[Any]:
    """Return a diagnostic as a JSON value."""
    return [
        finding.code,
        finding.severity,
        finding.message,
        list(finding.span),
        finding.help,
        [[list(span), message] for span, message in finding.related],
        [[list(span), text] for span, text in finding.fix],
    ]


def from_json(value: Any) -> Diagnostic:
    """Return the diagnostic that `as_json` gave a value of."""
    code, severity, message, span, help, related, fix = value
    return Diagnostic(
        code,
        severity,
        message,
        Span(*span),
        help,
        tuple(Related(Span(*place), text) for place, text in related),
        tuple(Edit(Span(*place), text) for place, text in fix),
    )
