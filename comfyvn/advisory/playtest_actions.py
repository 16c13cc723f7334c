"""The step that reads the playtests, which `comfyvn test` plays."""

from __future__ import annotations

from comfyvn.engine.action import Context
from comfyvn.model.playtest_files import read_playtests
from comfyvn.plan.front_artifacts import report
from comfyvn.source.diagnostics import Diagnostics


def playtests(context: Context) -> None:
    """Report what is wrong with the files of playtests, each of which is an input."""
    out = Diagnostics()
    read_playtests(context.inputs, context.read, out)
    report(context, out)
