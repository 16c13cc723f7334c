"""Whether a file's first bytes are those of a picture or a sound that the targets can use."""

from __future__ import annotations

import re

# PNG, JPEG, WebP, AVIF.
_PICTURE = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|RIFF....WEBP|....ftyp", re.DOTALL)
# Ogg (Vorbis, Opus), WAV, FLAC, M4A, MP3 with a tag.
_SOUND = re.compile(rb"OggS|(?:RIFF|RF64)....WAVE|fLaC|....ftyp|ID3", re.DOTALL)
# An MP3 without a tag may begin with anything; a frame's header is eleven set bits.
_MP3_FRAME = re.compile(rb"\xff[\xe0-\xff]")


def is_picture(start: bytes) -> bool:
    """Whether a file that begins with `start` is a picture."""
    return _PICTURE.match(start) is not None


def is_sound(start: bytes) -> bool:
    """Whether a file that begins with `start`, some thousand bytes, is a sound."""
    return _SOUND.match(start) is not None or _MP3_FRAME.search(start) is not None
