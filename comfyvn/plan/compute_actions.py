"""The step that reads `compute.yaml`: its findings, and what of it decides what steps make."""

from __future__ import annotations

from comfyvn.engine.action import Context
from comfyvn.engine.step import canonical_bytes
from comfyvn.model.compute_checks import FILE, read_compute
from comfyvn.source.diagnostics import Diagnostics


def compute(context: Context) -> None:
    """Read `compute.yaml` → `@models`, the digests of model files, by name.

    Where something is rendered is no part of what it is, so nothing else of the file is told.
    """
    if context.find(FILE) is None:
        context.write("@models", b"{}")
        return
    out = Diagnostics()
    found = read_compute(context.read, out)
    context.write("@models", canonical_bytes(found.models))
    for finding in out:
        context.report(finding)
