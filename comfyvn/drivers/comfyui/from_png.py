"""The workflow that ComfyUI writes into each PNG it saves, unless it is told not to."""

from __future__ import annotations

import io
import json

from comfyvn.source.diagnostics import Diagnostics, Span

PNG = ".png"
_HELP = "export the workflow itself: in ComfyUI use Workflow > Export (API)"


def prompt_in(path: str, data: bytes, out: Diagnostics) -> str | None:
    """Return the workflow in a PNG, in API format; None, with a finding, if there is none."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            texts = dict(getattr(image, "text", {}))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        out.error("VN1413", "this is no PNG that can be read", Span.whole_file(path), help=_HELP)
        return None
    text = texts.get("prompt")
    if text is None:
        why = (
            "this PNG holds only a workflow in the format of ComfyUI's editor, which no server runs"
            if "workflow" in texts
            else "there is no workflow in this PNG"
        )
        out.error("VN1413", why, Span.whole_file(path), help=_HELP)
        return None
    return _plain(str(text))


def _plain(text: str) -> str:
    """Return a prompt without what the server noted in it when it ran."""
    try:
        graph = json.loads(text)
    except (ValueError, RecursionError):
        return text
    for entry in graph.values() if isinstance(graph, dict) else ():
        if isinstance(entry, dict):
            entry.pop("is_changed", None)
    return json.dumps(graph, indent=2)
