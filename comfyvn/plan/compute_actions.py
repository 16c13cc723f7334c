"""The step that reads `compute.yaml`: its findings, and what of it decides what steps make."""

from __future__ import annotations

from comfyvn.drivers.speech.makers import ASKED
from comfyvn.engine.action import Context
from comfyvn.engine.step import canonical_bytes
from comfyvn.model.compute import Compute
from comfyvn.model.compute_checks import FILE, read_compute
from comfyvn.source.diagnostics import Diagnostics


def compute(context: Context) -> None:
    """Read `compute.yaml` → `@models`, the digests of model files by name, and `@speakers`, the
    kinds of servers that speak.

    Where something is made is no part of what it is, so nothing else of the file is told.
    """
    out = Diagnostics()
    found = Compute() if context.find(FILE) is None else read_compute(context.read, out)
    context.write("@models", canonical_bytes(found.models))
    # A server that something is wrong with is there: nothing is to be said of its absence, too.
    kinds = sorted(ASKED) if out.has_errors else speakers(found)
    context.write("@speakers", canonical_bytes(kinds))
    for finding in out:
        context.report(finding)


def speakers(found: Compute) -> list[str]:
    """Return the kinds of servers that have the role `speech`, sorted."""
    return sorted({each.kind for each in found.servers.values() if "speech" in each.roles})
