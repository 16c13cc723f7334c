"""Writing sounds: the same samples give the same bytes.

Muxers and encoders run bit-exact: no date, no version of the encoder, a fixed serial number in Ogg.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from comfyvn.drivers.audio.clip import Clip

Codec = Literal["opus", "aac", "flac"]


class _Form(NamedTuple):
    container: str
    encoder: str
    sample_format: str
    bitrate: int
    options: dict[str, str]
    coding: dict[str, str]


_FORMS: dict[Codec, _Form] = {
    "opus": _Form("ogg", "libopus", "flt", 32_000, {"serial_offset": "1"}, {}),
    # The index first, so that playing begins before all is there.
    "aac": _Form("ipod", "aac", "fltp", 56_000, {"movflags": "faststart"}, {"aac_coder": "fast"}),
    "flac": _Form("flac", "flac", "s16", 0, {}, {}),
}

OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)
AAC_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)


def encode(clip: Clip, codec: Codec, bitrate: int | None = None) -> bytes:
    """Return a sound as Opus in Ogg, AAC in MPEG-4 (`.m4a`) or 16-bit FLAC.

    Args:
        clip: what is written; Opus and AAC are resampled where they do not know its rate.
        codec: one of the three.
        bitrate: bits a second; default: what suits speech, for each channel. FLAC has none.
    """
    import av
    from av.codec.context import Flags

    from comfyvn.drivers.audio.resample import frames, resampled

    form = _FORMS[codec]
    if codec != "flac":
        clip = resampled(clip, _rate(clip.rate, OPUS_RATES if codec == "opus" else AAC_RATES))
    layout = "mono" if clip.channels == 1 else "stereo"
    with tempfile.TemporaryDirectory(prefix="comfyvn-") as folder:
        # To move the index, the muxer opens its file a second time: it has to have a name.
        path = Path(folder) / "clip"
        options = {"fflags": "bitexact", **form.options}
        with av.open(str(path), "w", format=form.container, options=options) as container:
            stream = container.add_stream(
                form.encoder, rate=clip.rate, layout=layout, options=form.coding
            )
            assert isinstance(stream, av.AudioStream)
            context = stream.codec_context
            context.flags |= Flags.bitexact
            context.format = form.sample_format
            if form.bitrate:
                context.bit_rate = bitrate or form.bitrate * clip.channels
            for frame in frames(clip, form.sample_format):
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path.read_bytes()


def _rate(rate: int, known: Sequence[int]) -> int:
    """Return the lowest rate that keeps everything; the highest if there is none."""
    return next((each for each in known if each >= rate), known[-1])
