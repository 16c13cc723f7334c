"""The step that reads how a project judges what is found."""

from __future__ import annotations

from comfyvn.engine.action import Context
from comfyvn.engine.step import canonical_bytes
from comfyvn.model.waiver import WAIVERS_FILE, read_waivers
from comfyvn.plan.front_artifacts import read, report
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.text import read_source


def judgement(context: Context) -> None:
    """Read `waivers.yaml`, if there is one, and `lint` of `vn.yaml` → `@judgement`."""
    out = Diagnostics()
    data = context.find(WAIVERS_FILE)
    waivers = []
    if data is not None:
        waivers = read_waivers(read_source(data, WAIVERS_FILE, out), WAIVERS_FILE, out)
    found = {
        "lint": read(context, "@globals")["project"].get("lint", {}),
        "waivers": [
            (*each[:4], each.until.isoformat() if each.until else None, each.span)
            for each in waivers
        ],
    }
    context.write("@judgement", canonical_bytes(found))
    report(context, out)
