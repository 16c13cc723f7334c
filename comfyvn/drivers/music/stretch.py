"""Another tempo and another pitch, each without the other: a phase vocoder with locked phases.

After Laroche and Dolson, "Improved phase vocoder time-scale modification of audio" (1999): around
each peak of the spectrum phases keep their distances, so that tones stay clear and both ears hear
one picture.
"""

from __future__ import annotations

import numpy as np

from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.music.track import FADE, RATE, Floats, Track, turned

SIZE = 4096
HOP = SIZE // 4
_REACH = 0.01
"""Seconds by which a loop is made shorter or longer, to end where it fits its beginning best."""


def stretched(samples: Floats, factor: float) -> Floats:
    """Return a sound that lasts `factor` times as long and has its pitch."""
    length = round(len(samples) * factor)
    count = length // HOP + 5
    window = np.hanning(SIZE + 1)[:SIZE, None]
    # A frame is looked at a hop earlier too: by how far its phases turn in a hop.
    ahead = SIZE + HOP
    padded = np.pad(samples, ((ahead, 2 * SIZE + HOP), (0, 0)))
    made = np.zeros(((count + 4) * HOP, samples.shape[1]))
    heard: np.ndarray | None = None
    for frame in range(count):
        # The first frames lie before the beginning: what follows is whole.
        at = min(round((frame - 2) * HOP / factor), len(samples)) + ahead - SIZE // 2
        at = max(at, HOP)
        now = np.fft.rfft(padded[at : at + SIZE] * window, axis=0)
        middle = now.sum(axis=1)
        if heard is not None:
            before = np.fft.rfft(padded[at - HOP : at - HOP + SIZE] * window, axis=0).sum(axis=1)
            turn = _locked(middle, before, heard)
            now, middle = now * turn[:, None], middle * turn
        heard = middle
        place = slice(frame * HOP, frame * HOP + SIZE)
        made[place] += np.fft.irfft(now, SIZE, axis=0) * window
    # Four squared windows overlap to one and a half; the middle of frame 2 is the beginning.
    begin = 2 * HOP + SIZE // 2
    return made[begin : begin + length] / 1.5


def _locked(now: np.ndarray, before: np.ndarray, heard: np.ndarray) -> np.ndarray:
    """Return by what each part of a spectrum is turned to go on from what was heard."""
    level = np.abs(now)
    inner = level[2:-2]
    is_peak = (
        (inner > level[1:-3]) & (inner >= level[3:-1]) & (inner > level[:-4]) & (inner >= level[4:])
    )
    peaks = np.flatnonzero(is_peak) + 2
    if not len(peaks):
        return np.ones(len(now), complex)
    # Turned as far in a hop as it turned in the source.
    turn = heard[peaks] * np.conj(before[peaks])
    size = np.abs(turn)
    turn = np.where(size > 1e-12, turn / np.maximum(size, 1e-12), 1)
    # Each bin belongs to the nearest peak.
    owner = np.searchsorted((peaks[1:] + peaks[:-1]) / 2, np.arange(len(now)))
    found: np.ndarray = turn[owner]
    return found


def retimed(track: Track, tempo: float, semitones: float) -> Track:
    """Return a track at another tempo and another pitch, whose loop still has no seam."""
    if tempo == 1 and semitones == 0:
        return track
    samples, start, end = track
    around = SIZE * 2
    length = end - start
    lead = np.zeros((around, samples.shape[1]))
    if start < around:
        missing = around - start
        lead = np.concatenate([lead[missing:] * 0, turned(track, missing, 0)[:missing]])
        lead = np.concatenate([np.zeros((around - len(lead), samples.shape[1])), lead])
    tail = turned(track, 0, around)[length:] if end == len(samples) else lead * 0
    made = _shifted(np.concatenate([lead, samples, tail]), tempo, semitones)
    ahead, begin, close = (round(at / tempo) for at in (around, around + start, around + end))
    close = _fitting(made, begin, close)
    made = _crossed(made, begin, close)
    stop = close if end == len(samples) else round((around + len(samples)) / tempo)
    return Track(made[ahead:stop], begin - ahead, close - ahead)


def _shifted(samples: Floats, tempo: float, semitones: float) -> Floats:
    from comfyvn.drivers.audio.resample import resampled

    ratio = 2 ** (semitones / 12)
    length = round(len(samples) / tempo)
    made = stretched(samples, ratio / tempo)
    if semitones:
        # Read faster or slower: as if it had been recorded at another rate.
        clip = Clip(made.astype(np.float32), round(RATE * ratio))
        made = resampled(clip, RATE).samples.astype(np.float64)
    short = max(0, length - len(made))
    return np.pad(made[:length], ((0, short), (0, 0)))


def _fitting(samples: Floats, start: int, end: int) -> int:
    """Return where near its end a loop sounds most like what leads into its beginning."""
    width, reach = round(FADE * RATE), round(_REACH * RATE)
    model = samples[start - width : start].mean(axis=1)
    heard = samples[end - reach - width : end + reach].mean(axis=1)
    if len(heard) < width + 2 * reach:
        return end
    likeness = np.correlate(heard, model, "valid")
    power = np.convolve(heard**2, np.ones(width), "valid")
    return end - reach + int(np.argmax(likeness / np.sqrt(power + 1e-9)))


def _crossed(samples: Floats, start: int, end: int) -> Floats:
    """Return a sound whose loop ends in what leads into its beginning."""
    width = round(FADE * RATE)
    old, new = samples[end - width : end], samples[start - width : start]
    likeness = float((old * new).sum() / (np.sqrt((old**2).sum() * (new**2).sum()) + 1e-12))
    into = np.sin(np.pi / 2 * (np.arange(width) + 0.5) / width)[:, None] ** 2
    # As loud all the way, be the two alike or not.
    power = into**2 + (1 - into) ** 2 + 2 * into * (1 - into) * max(0.0, likeness)
    mixed = (old * (1 - into) + new * into) / np.sqrt(power)
    made = samples.copy()
    apart = (mixed - old)[::-1] * into[::-1]
    made[end - width : end] = mixed
    behind = min(width, len(made) - end)
    made[end : end + behind] += apart[:behind]
    return made
