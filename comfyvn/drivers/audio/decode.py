"""Reading sounds of any format that FFmpeg knows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from comfyvn.drivers.audio.clip import Clip

if TYPE_CHECKING:
    import numpy as np
    from av import AudioFrame
    from numpy.typing import NDArray

LONGEST = 3600.0
"""Seconds. An hour of stereo at 48 kHz takes 1.4 GB."""


class AudioError(Exception):
    """A sound cannot be read; its text says why, without naming the file."""

    expected = True


class NoAudioError(AudioError):
    """It is no sound, or in a format that is not known."""


class DamagedError(AudioError):
    """It begins as a sound does, and cannot be read to the end."""


class TooLongError(AudioError):
    """It is longer than was allowed."""


def decode(source: Path | bytes, longest: float = LONGEST) -> Clip:
    """Return a sound; one of more than two channels is mixed down to stereo.

    Args:
        source: a file, or its content.
        longest: seconds; a longer sound is refused.

    Raises:
        NoAudioError, DamagedError, TooLongError: see there.
        OSError: the file cannot be read.
    """
    import numpy as np

    data = source if isinstance(source, bytes) else source.read_bytes()
    if not data:
        raise NoAudioError("it is empty")
    rate, parts, length = 0, [], 0
    for rate, part in _parts(data):
        parts.append(part)
        length += part.shape[1]
        if length > longest * rate:
            raise TooLongError(f"it is longer than {longest / 60:g} minutes")
    if not length:
        raise DamagedError("it holds no sound")
    samples = np.ascontiguousarray(np.concatenate(parts, axis=1).T)
    if not np.isfinite(samples).all():
        raise DamagedError("some of its samples are no numbers")
    return Clip(samples, rate)


def decode_all(path: Path) -> Clip:
    """Return a sound of any length; of a damaged one, what comes before the damage.

    Raises:
        NoAudioError, DamagedError: none of it can be read.
        OSError: the file cannot be read.
    """
    import numpy as np

    rate, parts = 0, []
    try:
        for each, part in _parts(path.read_bytes()):
            rate = each
            if not np.isfinite(part).all():
                raise DamagedError("some of its samples are no numbers")
            parts.append(part)
    except DamagedError:
        if not parts:
            raise
    if not parts:
        raise DamagedError("it holds no sound")
    return Clip(np.ascontiguousarray(np.concatenate(parts, axis=1).T), rate)


def _parts(data: bytes) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield the rate and the samples, of shape (channels, samples), of each frame."""
    import av

    try:
        with av.open(io.BytesIO(data), "r") as container:
            if not container.streams.audio:
                raise NoAudioError("there is no sound in it")
            stream = container.streams.audio[0]
            layout = "mono" if stream.codec_context.layout.nb_channels == 1 else "stereo"
            resampler = av.AudioResampler("fltp", layout, stream.codec_context.sample_rate)
            try:
                for frame in container.decode(stream):
                    for part in resampler.resample(frame):
                        yield part.sample_rate, _samples(part)
                for part in resampler.resample(None):
                    yield part.sample_rate, _samples(part)
            except (av.FFmpegError, ValueError) as error:
                raise DamagedError(f"it is damaged: {told(error)}") from error
    except av.EOFError as error:
        raise DamagedError("it ends before its sound begins") from error
    except av.FFmpegError as error:
        raise NoAudioError(f"it is no sound that can be read: {told(error)}") from error


def _samples(frame: AudioFrame) -> NDArray[np.float32]:
    import numpy as np

    return frame.to_ndarray().astype(np.float32, copy=False)


def told(error: Exception) -> str:
    """Return what FFmpeg says of an error, as the end of a sentence."""
    return (getattr(error, "strerror", None) or str(error)).lower()
