"""Pictures as WebP, for engines that cannot read what they were saved as."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

QUALITY = 90
"""Of lossy WebP."""


def as_webp(picture: bytes) -> bytes:
    """Return a picture as WebP; transparency is kept exactly.

    Raises:
        OSError: it is no picture that Pillow can read.
    """
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as image:
        return encoded(image.convert("RGBA" if image.has_transparency_data else "RGB"))


def encoded(image: Image) -> bytes:
    """Return a picture, RGB or RGBA, as a WebP file."""
    made = io.BytesIO()
    image.save(made, "WEBP", quality=QUALITY, alpha_quality=100, method=4)
    return made.getvalue()
