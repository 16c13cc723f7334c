"""Steps of the variations of music: what is repeated of their sources, and making them."""

from __future__ import annotations

import json

from comfyvn.drivers.music.loop import loop_fault
from comfyvn.engine.action import Context
from comfyvn.engine.digest import ABSENT
from comfyvn.engine.step import canonical
from comfyvn.model.listing import SIDECAR
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.text import read_text


def source_loop(context: Context) -> None:
    """Keep of the sidecar of a source what is repeated: `@sidecar/FROM` → `@looped/KEY`.

    So a change of its licence makes nothing again.
    """
    said = {}
    for name in context.inputs:
        if context.digest(name) != ABSENT:
            said = json.loads(context.read(name))
    context.write(context.outputs[0], canonical(said.get("loop")).encode())


def check(context: Context) -> None:
    """Look whether loops lie within their tracks: `@brief/KEY`, `@looped/KEY`, `@checked/FROM` →
    `@checked/KEY`; absent if it cannot be made. Reads of `music/` what a finding is about.
    """
    brief, looped, checked = context.inputs
    if context.digest(checked) == ABSENT:
        return
    told, facts = json.loads(context.read(brief)), json.loads(context.read(checked))
    if "seconds" in facts:
        seconds = facts["seconds"]
        loops = [(told["from"] + SIDECAR, told["from"], json.loads(context.read(looped)))]
        for step in told["steps"]:
            loops.append((f"music/{step['name']}.yaml", step["name"], step.get("loop")))
        tempos = (1, *(step["tempo"] for step in told["steps"]))
        for (path, name, loop), tempo in zip(loops, tempos, strict=True):
            fault = loop_fault(loop, seconds) if loop else None
            if fault is not None:
                _report(context, "VN1334", f"the loop of `{name}` {fault}", path, "loop", _WITHIN)
                return
            seconds /= tempo
    context.write(context.outputs[0], b"{}")


_WITHIN = "its seconds are those of its source; let it lie within them"


def _report(context: Context, code: str, message: str, path: str, key: str, help: str) -> None:
    out = Diagnostics()
    out.error(code, message, value_at(context, path, key), help=help)
    for finding in out:
        context.report(finding)


def value_at(context: Context, path: str, key: str) -> Span:
    """Return where the value of a key of a YAML source stands; positions are in no artifact."""
    from comfyvn.source.yaml import load_yaml

    try:
        text = read_text(path, context.read, Diagnostics()) if key else None
    except KeyError:
        text = None
    node = load_yaml(text, path, Diagnostics()) if text is not None else None
    return node.at(key) if node is not None else Span.whole_file(path)


def variation(context: Context) -> None:
    """Make a variation: `@brief/KEY`, its file, `@checked/KEY`, `@looped/KEY` → `@made/KEY`,
    `@aac/KEY`, `@varied/KEY`, `@origin/KEY`. Of what did not pass its check nothing is made.
    """
    from comfyvn.drivers.audio.decode import AudioError
    from comfyvn.drivers.music.vary import LoopError, vary

    brief, path, checked, looped = context.inputs
    if context.digest(checked) == ABSENT:
        return
    sound, aac, facts, origin = context.outputs
    told = json.loads(context.read(brief))
    source = f"music/{told['name']}.yaml"
    try:
        made = vary(context.path(path), told["steps"], json.loads(context.read(looped)))
    except LoopError as error:
        message = f"the loop of `{told['name']}` {error}"
        _report(context, "VN1334", message, source, "", _WITHIN)
        return
    except AudioError as error:
        message = f"`{told['name']}` cannot be made from `{path}`: {error}"
        _report(context, "VN1335", message, source, "", "let it be made from another file")
        return
    context.write(sound, made.data)
    context.write(aac, made.aac)
    known = {name: value for name, value in made._asdict().items() if name not in ("data", "aac")}
    context.write(facts, canonical(known).encode())
    style = told["steps"][-1]["style"]
    whence = {"maker": "variation", "model": style, "draft": False, "source": path}
    context.write(origin, canonical(whence).encode())
