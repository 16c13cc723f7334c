"""What is wrong with how a project asks for what is to be made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comfyvn.drivers.speech.makers import present
from comfyvn.drivers.speech.voices import voices
from comfyvn.plan.library import Library, files_below
from comfyvn.plan.render_brief import SIZES, is_rendered, workflow_of
from comfyvn.plan.renderings import named
from comfyvn.plan.requests import AssetRequest, asset_requests
from comfyvn.plan.speech_checks import check_speech
from comfyvn.plan.workflows import Workflows
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Span
from comfyvn.source.files import read_file
from comfyvn.source.lock_file import LOCK_FILE

if TYPE_CHECKING:
    from comfyvn.model.load import LoadedProject


def check_pins(pins: Mapping[str, int], requests: Iterable[AssetRequest], out: Diagnostics) -> None:
    """Report pins of what nothing asks for any more; they are kept, should it come back."""
    known = {named(request) for request in requests}
    for name in sorted(pins.keys() - known):
        if name.partition(" ")[0] in SIZES:
            out.append(
                Diagnostic(
                    "VN1411",
                    "note",
                    f"`vn.lock` pins take {pins[name]} of `{name}`, which nothing shows any more",
                    Span.whole_file(LOCK_FILE),
                    help="it is kept, should it come back; to be rid of it, delete its line",
                )
            )


def check_renderings(
    root: Path,
    loaded: LoadedProject,
    program: Mapping[str, Any],
    pins: Mapping[str, int],
    out: Diagnostics,
) -> None:
    """Report pins of nothing, and what is wrong with the workflows and voices that are named.

    Args:
        root: the project's folder.
        loaded: its YAML sources.
        program: its Program.
        pins: those of `vn.lock`.
        out: where findings go.
    """
    from comfyvn.model.globals import globals_of

    requests = asset_requests(program)
    check_pins(pins, requests, out)
    said = globals_of(loaded)
    workflows = Workflows.of(root, out)
    rendered = [each for each in requests if is_rendered(said, each.kind)]
    if rendered:
        answered = Library(files_below(root)).answers(rendered, Diagnostics())
        for kind in sorted({each.kind for each in rendered if each not in answered}):
            workflows.inputs(workflow_of(said, kind), kind)
    known = {name: voices(name) for name in present()}
    check_speech(program, said, known, workflows, lambda path: read_file(root / path), out)
