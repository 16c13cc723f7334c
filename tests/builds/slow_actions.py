"""Actions of rules that tests write."""

from __future__ import annotations

import time

from comfyvn.engine.action import Context
from comfyvn.source.diagnostics import Diagnostic, Span


def shout(context: Context) -> None:
    """Write the input in capitals, and what it was read from."""
    time.sleep(context.params["seconds"])
    path = context.path(context.inputs[0])
    assert path.read_bytes() == context.read(context.inputs[0])
    context.write(context.outputs[0], context.read(context.inputs[0]).upper())


def complain(context: Context) -> None:
    """Report something about the first input."""
    span = Span.whole_file(context.inputs[0])
    context.report(Diagnostic("VN0337", "warning", "it could be better", span))
