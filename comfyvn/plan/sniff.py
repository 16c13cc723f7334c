"""Whether a file's first bytes are those of a picture or a sound that the targets can use."""

from __future__ import annotations

import re

# PNG, JPEG, WebP, AVIF, GIF.
_PICTURE = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|RIFF....WEBP|....ftyp(?:avi[fs]|mif1.{8,32}avif)|GIF8[79]a",
    re.DOTALL,
)
_OTHERS = {
    "a Photoshop document": re.compile(rb"8BPS"),
    "a TIFF": re.compile(rb"II\*\0|MM\0\*"),
    "a BMP": re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL),
    "a HEIC, as telephones write it": re.compile(
        rb"....ftyp(?:hei[cfmsx]|hev[cmsx]|mif1|msf1)", re.DOTALL
    ),
    "an SVG": re.compile(
        rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml.{0,2000})?(?:<!.{0,1000}>\s*)*<svg\b", re.DOTALL
    ),
    "a JPEG XL": re.compile(rb"\xff\x0a|\0\0\0\x0cJXL "),
    "a JPEG 2000": re.compile(rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51"),
    "a GIMP image": re.compile(rb"gimp xcf "),
    "a Krita document": re.compile(rb"PK.{28,60}application/x-krita", re.DOTALL),
    "a PDF": re.compile(rb"%PDF-"),
    "an icon": re.compile(rb"\0\0\x01\0"),
    "an OpenEXR picture": re.compile(rb"v/1\x01"),
    "a video": re.compile(rb"....ftyp|\x1aE\xdf\xa3", re.DOTALL),
    "a web page": re.compile(rb"\s*<(?:!doctype html|html)", re.IGNORECASE),
}
"""Files that are given names of pictures, and that no game shows."""
# Ogg (Vorbis, Opus), WAV, FLAC, M4A, MP3 with a tag.
_SOUND = re.compile(rb"OggS|(?:RIFF|RF64)....WAVE|fLaC|....ftyp|ID3", re.DOTALL)
# An MP3 without a tag may begin with anything; a frame's header is eleven set bits.
_MP3_FRAME = re.compile(rb"\xff[\xe0-\xff]")


def is_picture(start: bytes) -> bool:
    """Whether a file that begins with `start` is a picture."""
    return _PICTURE.match(start) is not None


def other_than_picture(start: bytes) -> str | None:
    """Return what a file that no picture could be read from is, by its first bytes.

    Empty if it does begin like a picture; None if it is anything at all.
    """
    if is_picture(start):
        return ""
    return next((what for what, begins in _OTHERS.items() if begins.match(start)), None)


def is_sound(start: bytes) -> bool:
    """Whether a file that begins with `start`, some thousand bytes, is a sound."""
    return _SOUND.match(start) is not None or _MP3_FRAME.search(start) is not None
