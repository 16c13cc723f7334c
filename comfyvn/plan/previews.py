"""Small pictures of assets: thumbnails, and waveforms of sounds. No build makes them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

from comfyvn.engine.objects import write_file
from comfyvn.engine.pool import cores
from comfyvn.plan.library import PICTURE_ENDINGS
from comfyvn.plan.registry_rows import Row

SIZES = (256, 512)
"""The longer edge of a thumbnail, in pixels."""
_BARS = 120
_WIDTH, _HEIGHT = 480, 96


def preview_name(row: Row, size: int = SIZES[0]) -> str:
    """Return the file name of an asset's preview; empty where there is nothing to show."""
    if not row.digest:
        return ""
    return f"{row.digest[:16]}-{size}.webp" if is_picture(row) else f"{row.digest[:16]}.svg"


def is_picture(row: Row) -> bool:
    """Whether an asset is something to see."""
    if row.path:
        return Path(row.path).suffix.lower() in PICTURE_ENDINGS
    return row.kind in ("background", "image", "picture", "prop", "sprite")


def make_previews(
    rows: Iterable[Row], read: Callable[[Row], bytes | None], folder: Path
) -> dict[str, str]:
    """Make the previews that are not there yet; return the problems, by the name of the asset.

    Args:
        rows: what to make them of.
        read: gives the content of an asset, in the thread that calls this; None if there is none.
        folder: where they are kept, by the digest of the asset.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {
        name: (row, size)
        for row in rows
        for size in (SIZES if is_picture(row) else SIZES[:1])
        if (name := preview_name(row, size)) and not (folder / name).exists()
    }

    def make(name: str, data: bytes | None) -> str:
        row, size = wanted[name]
        if data is None:
            return "its content is kept no more"
        try:
            made = thumbnail(data, size) if is_picture(row) else waveform(data)
        except (OSError, ValueError) as error:
            return str(error)
        write_file(folder / name, made)
        return ""

    names, said = list(wanted), dict[str, str]()
    some = 4 * cores()
    with ThreadPoolExecutor(cores()) as pool:
        for first in range(0, len(names), some):
            # What builds keep is read by the thread that opened it only.
            part = names[first : first + some]
            contents = [read(wanted[name][0]) for name in part]
            said |= dict(zip(part, pool.map(make, part, contents), strict=True))
    return {wanted[name][0].name: problem for name, problem in said.items() if problem}


def thumbnail(data: bytes, size: int) -> bytes:
    """Return a picture made small, as WebP; upright, its longer edge at most `size` pixels.

    Raises:
        ValueError: it is no picture that can be read, or too large to be read.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    from comfyvn.drivers.picture import damage

    try:
        with Image.open(io.BytesIO(data)) as image:
            image.draft("RGB", (size, size))
            small = ImageOps.exif_transpose(image)
            small = small.convert("RGBA" if small.has_transparency_data else "RGB")
    except UnidentifiedImageError as error:
        raise ValueError("it is no picture" if data else "it is empty") from error
    except Image.DecompressionBombError as error:
        raise ValueError("it has far too many pixels") from error
    except (OSError, ValueError, SyntaxError) as error:  # the last: of a broken PNG
        raise ValueError(damage(error, data)) from error
    small.thumbnail((size, size), Image.Resampling.LANCZOS, reducing_gap=3.0)
    made = io.BytesIO()
    small.save(made, "WEBP", quality=80, method=4)
    return made.getvalue()


def waveform(data: bytes) -> bytes:
    """Return a sound as bars, SVG: in each the peak of its share of the time.

    Raises:
        OSError: it is no sound that can be read, or the `speech` extra is not installed.
    """
    import numpy as np

    from comfyvn.drivers.audio.clip import mono
    from comfyvn.drivers.audio.decode import AudioError, decode

    try:
        samples = np.abs(mono(decode(data)).samples[:, 0])
    except ModuleNotFoundError as error:
        raise OSError("reading sounds needs `pip install comfyvn[speech]`") from error
    except AudioError as error:
        raise OSError(str(error)) from error
    edges = np.linspace(0, len(samples), _BARS + 1).astype(int)
    peaks = [float(samples[a:b].max(initial=0)) for a, b in pairwise(edges)]
    step = _WIDTH / _BARS
    bars = "".join(
        f"M{i * step + step / 2:.1f} {_HEIGHT / 2 - h:.1f}v{2 * h:.1f}"
        for i, h in enumerate(max(0.5, peak * (_HEIGHT / 2 - 4)) for peak in peaks)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}">'
        f'<path d="{bars}" stroke="#7a8fb8" stroke-width="2.4" stroke-linecap="round"/></svg>'
    ).encode()
