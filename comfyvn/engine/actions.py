"""Actions that know nothing of stories, for a project's own rules."""

from __future__ import annotations

from comfyvn.engine.action import Context


def copy(context: Context) -> None:
    """Make every output a copy of the input in the same place."""
    for name, source in zip(context.outputs, context.inputs, strict=True):
        context.copy(name, source)
