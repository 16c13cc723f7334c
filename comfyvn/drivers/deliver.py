"""Pictures as players get them: upright, in sRGB, no larger than shown, in a format of theirs."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple

from comfyvn.drivers.picture import FORMATS, LONGEST_SIDE, Facts, head_of, read_picture

if TYPE_CHECKING:
    from PIL.Image import Image

Codec = Literal["avif", "webp", "kept", "plain"]
"""avif: with WebP beside it; kept: as it is, if browsers show it; plain: if Ren'Py does."""
KEPT = {
    "avif": frozenset({"WEBP"}),
    "webp": frozenset({"WEBP"}),
    "kept": frozenset({"PNG", "JPEG", "WEBP", "AVIF"}),
    "plain": frozenset({"PNG", "JPEG", "WEBP"}),
}
"""The formats that are delivered byte for byte, if nothing is odd about the picture."""
QUALITY = 85
"""Of lossy WebP: 33.9 dB on a photograph, where 90 gives 1 dB more for a fifth more bytes."""
AVIF_QUALITY = 70
"""33.5 dB there, in 24% fewer bytes; at 75 it is 34.0 dB in 14% fewer."""
AVIF_SPEED = 6
"""0.4 s for 1920×1080; 4 takes seven times that, and saves 2%."""
_WORTH = 0.9
"""What a file must have come down to for another format to be worth it."""
_FLAT = 0.6
"""From what part of pixels that equal their neighbour on a picture is drawn rather than painted."""

_SLACK = 1.02
"""How much wider than it is shown a picture may stay: a pixel or two are not worth resampling."""
_LEFT = 1.3
"""The same of one that is encoded already: to lose something twice costs more than it saves, 3% of
the bytes of sprites at 1.28 times their size."""

Fit = Callable[[int, int], tuple[int, int]]
"""From the width and height of a picture to the largest that is of use, which may be larger."""


class Delivered(NamedTuple):
    """A picture for players.

    Attributes:
        data: the file; the source itself where that was good.
        suffix: its ending.
        width: in pixels.
        height: likewise.
        avif: the same as AVIF, if that was asked for and is at least a tenth smaller; else nothing.
    """

    data: bytes
    suffix: str
    width: int
    height: int
    avif: bytes = b""


def deliver(data: bytes, codec: Codec, fit: Fit) -> Delivered:
    """Return a picture as a target delivers it; the same bytes for the same picture.

    Args:
        data: the file.
        codec: what the target wants.
        fit: how large it is shown; not asked where pictures are kept as they are.

    Raises:
        comfyvn.drivers.picture.PictureError: it cannot be read.
    """
    keeps = codec in ("kept", "plain")
    facts = head_of(data)
    whole = (facts.width, facts.height)
    size = whole if keeps else _size(facts, fit, facts.format in KEPT[codec])
    same = facts.plain and size == whole
    if same and facts.format in KEPT[codec] and codec != "avif":
        return Delivered(data, FORMATS[facts.format][0], *size)
    size = _bounded(*size)
    same = same and size == whole
    image = read_picture(data).image
    if size != image.size:
        image = image.resize(size, resample=1)  # Lanczos
    if same and facts.format in KEPT[codec]:
        made, suffix = data, FORMATS[facts.format][0]
    else:
        made, suffix = webp(image), ".webp"
        if same and facts.format in ("PNG", "JPEG") and len(data) * _WORTH <= len(made):
            made, suffix = data, FORMATS[facts.format][0]
    better = b""
    if codec == "avif":
        given = same and facts.format == "AVIF"
        better = data if given else avif(image)
        better = better if len(better) <= len(made) * _WORTH else b""
    return Delivered(made, suffix, *size, better)


def _size(facts: Facts, fit: Fit, encoded: bool) -> tuple[int, int]:
    """Return how large a picture is delivered; `encoded`: it has the format that is wanted."""
    width, height = fit(facts.width, facts.height)
    if facts.width > width * (_LEFT if encoded else _SLACK):
        return width, height
    return facts.width, facts.height


def _bounded(width: int, height: int) -> tuple[int, int]:
    """Return a size whose longer side devices can show, and encoders take."""
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def webp(image: Image) -> bytes:
    """Return a picture as WebP: without loss if it is drawn in flat colours and that is smaller."""
    lossy = _saved(image, "WEBP", quality=QUALITY, alpha_quality=100, method=4)
    if _flatness(image) < _FLAT:
        return lossy
    exact = _saved(image, "WEBP", lossless=True, quality=50, method=3)
    return min(exact, lossy, key=len)


def avif(image: Image) -> bytes:
    """Return a picture as AVIF. One thread, as several would not always give the same bytes."""
    return _saved(
        image,
        "AVIF",
        quality=AVIF_QUALITY,
        speed=AVIF_SPEED,
        codec="aom",
        max_threads=1,
        autotiling=False,
    )


def _saved(image: Image, format: str, **options: object) -> bytes:
    made = io.BytesIO()
    image.save(made, format, **options)
    return made.getvalue()


def _flatness(image: Image) -> float:
    """Return what part of the pixels that are seen equals its left neighbour."""
    import numpy as np

    pixels = np.asarray(image)
    equal = (pixels[:, 1:] == pixels[:, :-1]).all(axis=2)
    if image.mode == "RGBA":
        equal = equal[pixels[:, 1:, 3] > 0]
    return float(equal.mean()) if equal.size else 1.0
