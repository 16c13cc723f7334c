"""Hand-made pictures, read within bounds: what they are, and what a player is to see of them.

Whatever the bytes, reading them ends soon, takes little memory, and raises `PictureError` alone.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

if TYPE_CHECKING:
    from PIL import Image

Seen = TypeVar("Seen")
FORMATS = {
    "PNG": (".png",),
    "JPEG": (".jpg", ".jpeg"),
    "WEBP": (".webp",),
    "AVIF": (".avif",),
    "GIF": (".gif",),
}
"""The formats that are read, with the endings of their files, the usual one first."""
MOST_PIXELS = 50_000_000
"""What a picture may have to be decoded: 200 MB of memory."""
LONGEST_SIDE = 8192
"""What a side may have to be shown: what the graphics memory of many devices takes."""
MOST_BYTES = 100_000_000
"""What a file may have to be read."""
_MOST_SCANS = 100
"""A progressive JPEG has ten; each costs a walk over all pixels, however few bytes it has."""

Alpha = Literal["none", "some", "all", "unknown"]


class PictureError(Exception):
    """A picture cannot be read; the message says why, as the end of a sentence.

    Attributes:
        help: what to do about it, if that is known.
    """

    help = ""


class HugePictureError(PictureError):
    """A picture is too large to be read."""


class Facts(NamedTuple):
    """What a picture is.

    Attributes:
        format: one of `FORMATS`.
        width: in pixels, as it is shown: upright.
        height: likewise.
        mode: how Pillow calls its colours: `RGB`, `RGBA`, `P`, `CMYK` …
        moves: whether it has more than one frame; only the first is read.
        deep: whether it has more than 8 bits a channel.
        profile: whether its colours are of another space than sRGB.
        turned: whether it is stored in another position than it is shown.
        transparent: whether `none`, `some` or `all` of it is invisible, at least in part; `unknown`
            as long as nobody looked.
    """

    format: str
    width: int
    height: int
    mode: str
    moves: bool
    deep: bool
    profile: bool
    turned: bool
    transparent: Alpha = "unknown"

    @property
    def plain(self) -> bool:
        """Whether everything that reads its format shows it as it is meant."""
        odd = self.moves or self.deep or self.profile or self.turned
        return not odd and self.mode in {"1", "L", "LA", "P", "RGB", "RGBA"}


class Picture(NamedTuple):
    """A picture as it is shown: `RGB`, or `RGBA` where something shines through; sRGB, upright."""

    facts: Facts
    image: Image.Image


def read_picture(data: bytes) -> Picture:
    """Return what a file holds.

    Raises:
        HugePictureError: it has more than `MOST_PIXELS` or `MOST_BYTES`.
        PictureError: it holds no picture, or not all of one.
    """
    return _opened(data, _read)


def head_of(data: bytes) -> Facts:
    """Return what a file says that it holds, without decoding it.

    Raises:
        PictureError: as `read_picture` does, where the beginning of the file tells.
    """
    return _opened(data, _facts)


def _opened(data: bytes, look: Callable[[Image.Image, bytes], Seen]) -> Seen:
    from PIL import Image

    if len(data) > MOST_BYTES:
        raise HugePictureError(f"has {len(data) / 1e6:,.0f} MB")
    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > _MOST_SCANS:
        raise PictureError("is drawn over and over, as no camera or program writes it")
    try:
        # What Pillow finds odd and reads nevertheless is no matter of the user's.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise HugePictureError(f"is {image.width:,}×{image.height:,}")
                return look(image, data)
    except PictureError:
        raise
    except Image.DecompressionBombError:
        raise HugePictureError("has far too many pixels") from None
    except Exception as error:  # the parsers of five formats raise what they come across
        found = PictureError(f"cannot be decoded: {damage(error, data)}")
        if _is_of_texts(error):
            found.help = "export it without comments and other data beside the picture"
        raise found from error


def damage(error: Exception, data: bytes) -> str:
    """Return why a picture cannot be decoded, for people: Pillow's own words tell of its insides.

    Args:
        error: what Pillow raised.
        data: the file.
    """
    if isinstance(error, MemoryError):
        return "it asks for too much memory"
    if _is_of_texts(error):
        return "the texts beside the picture are far too large"
    if "truncated" in str(error).lower():
        return "it ends too early"
    if _has_no_pixels(data):
        return "it says that it has no pixels"
    return "its parts contradict each other"


def _is_of_texts(error: Exception) -> bool:
    return isinstance(error, ValueError) and "MAX_TEXT" in str(error)


def _has_no_pixels(data: bytes) -> bool:
    """Whether a PNG or a GIF says that it is 0 pixels wide or high."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return b"\0\0\0\0" in (data[16:20], data[20:24])
    return data.startswith((b"GIF87a", b"GIF89a")) and b"\0\0" in (data[6:8], data[8:10])


def _facts(image: Image.Image, data: bytes) -> Facts:
    # A JPEG with more pictures inside, as telephones write it, has a name of its own.
    known = image.format in FORMATS
    format = str(image.format) if known else "JPEG"
    mode = image.mode
    turn = _orientation(image)
    width, height = image.size
    return Facts(
        format,
        height if turn > 4 else width,
        width if turn > 4 else height,
        mode,
        moves=known and bool(getattr(image, "is_animated", False)),
        deep=mode.startswith(("I", "F")) or (format == "PNG" and data[24:25] == b"\x10"),
        profile=bool(_foreign_profile(image)),
        turned=turn in _TURNS,
    )


def _read(image: Image.Image, data: bytes) -> Picture:
    from PIL import Image

    facts = _facts(image, data)
    image.load()
    shown = _in_srgb(_eight_bits(image), _foreign_profile(image))
    if facts.turned:
        shown = shown.transpose(Image.Transpose[_TURNS[_orientation(image)]])
    transparent = _transparent(shown)
    if transparent == "none":
        shown = shown.convert("RGB")
    return Picture(facts._replace(transparent=transparent), shown)


def _transparent(image: Image.Image) -> Alpha:
    if image.mode != "RGBA":
        return "none"
    low, high = image.getchannel("A").getextrema()
    return "all" if high == 0 else "some" if low != 255 else "none"


_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""What brings a picture upright, by the values of Exif's `Orientation` (Exif 2.32, 4.6.4)."""


def _orientation(image: Image.Image) -> int:
    try:
        value = int(image.getexif().get(0x0112, 1))
    except Exception:  # a broken note on a picture is none
        return 1
    return value if value in _TURNS else 1


def _foreign_profile(image: Image.Image) -> bytes:
    """Return the ICC profile of a picture that is not in sRGB, else nothing."""
    profile = image.info.get("icc_profile") or b""
    # The name of sRGB stands in the profile, as ASCII or UTF-16.
    return b"" if b"sRGB" in profile or b"s\0R\0G\0B" in profile else profile


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return a picture with 8 bits a channel; Pillow itself would cut off what is brighter."""
    if not image.mode.startswith(("I", "F")):
        return image
    import numpy as np
    from PIL import Image

    values = np.asarray(image).astype(np.float64)
    top = 65535.0 if image.mode.startswith("I") else max(float(values.max(initial=0)), 1.0)
    made = Image.fromarray((np.clip(values / top, 0, 1) * 255 + 0.5).astype(np.uint8))
    made.info = dict(image.info)
    return made


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return a picture as `RGB` or `RGBA`, its colours those of sRGB."""
    from PIL import ImageCms

    wanted = "RGBA" if image.has_transparency_data else "RGB"
    if profile:
        base = image if image.mode in {"L", "RGB", "RGBA", "CMYK"} else image.convert(wanted)
        try:
            made = ImageCms.profileToProfile(
                base,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGBA" if base.mode == "RGBA" else "RGB",
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            made = None  # a profile that is broken, or of other colours than the picture's
        image = made or image
    return image if image.mode == wanted else image.convert(wanted)
