"""What a server made, looked into before it is believed: a killed one leaves files cut short."""

from __future__ import annotations

import io
import json
from typing import Any

from comfyvn.drivers.picture import damage

_PNG, _END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
_SOUNDS = (b"fLaC", b"OggS", b"ID3", b"RIFF", b"\xff\xfb", b"\xff\xf3")


def problem_of(data: bytes) -> str:
    """Return what is wrong with a picture or sound; empty if it can be decoded to its end."""
    if data.startswith(_SOUNDS) and data[8:12] != b"WEBP":
        return _sound_problem(data)
    if data.startswith(_PNG) and not data.endswith(_END):
        return "it is cut short"
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        return damage(error, data)
    return ""


def facts_in(data: bytes) -> dict[str, Any]:
    """Return what was written into a PNG when it was ordered (`extra_pnginfo`, `comfyvn`)."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            found = json.loads(getattr(image, "text", {}).get("comfyvn", "null"))
    except (OSError, ValueError, SyntaxError):
        return {}
    return found if isinstance(found, dict) else {}


def _sound_problem(data: bytes) -> str:
    try:
        import av
    except ImportError:  # without it nothing here can tell
        return ""
    try:
        with av.open(io.BytesIO(data), "r") as container:
            samples = sum(frame.samples for frame in container.decode(audio=0))
    except (av.FFmpegError, IndexError, ValueError) as error:
        return str(error)
    return "" if samples else "it is empty"
