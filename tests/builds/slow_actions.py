"""An action that takes a while, for builds that something happens to meanwhile."""

from __future__ import annotations

import time

from comfyvn.engine.action import Context


def shout(context: Context) -> None:
    """Write the input in capitals, and what it was read from."""
    time.sleep(context.params["seconds"])
    path = context.path(context.inputs[0])
    assert path.read_bytes() == context.read(context.inputs[0])
    context.write(context.outputs[0], context.read(context.inputs[0]).upper())
