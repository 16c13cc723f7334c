"""Pictures as WebP, for engines that cannot read what they were saved as."""

from __future__ import annotations

import io

QUALITY = 90
"""Of lossy WebP; what is converted was lossy before."""


def as_webp(picture: bytes) -> bytes:
    """Return a picture as WebP; transparency is kept exactly.

    Raises:
        OSError: it is no picture that Pillow can read.
    """
    from PIL import Image

    made = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        mode = "RGBA" if image.has_transparency_data else "RGB"
        image.convert(mode).save(made, "WEBP", quality=QUALITY, alpha_quality=100, method=4)
    return made.getvalue()
