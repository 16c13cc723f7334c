"""The page that shows takes side by side: one file, for a desk and for a phone."""

from __future__ import annotations

import html
import json
from base64 import b64encode
from collections.abc import Sequence

from comfyvn.plan.prompt import Piece, Prompt
from comfyvn.plan.takes import Take, seed_in
from comfyvn.plan.voice_takes import Clip, VoicedLine, VoiceTake

_STYLE = """
:root { color-scheme: light dark; --ground: #f4f2ee; --card: #fff; --text: #1d2126;
  --muted: #666d75; --line: #d9d6d0; --accent: #9a4f14 }
@media (prefers-color-scheme: dark) { :root { --ground: #14171c; --card: #1d2229;
  --text: #eceae6; --muted: #9aa2ac; --line: #333a44; --accent: #f0a561 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 96rem; padding: clamp(1rem, 3vw, 2.5rem);
  background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
h1 { margin: 0 0 .25rem; font-size: clamp(1.3rem, 4vw, 2rem); line-height: 1.2 }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.1rem }
p { margin: 0; color: var(--muted) }
.takes { display: grid; gap: 1rem; margin-top: 1.5rem; padding: 0;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, var(--card-width)), 1fr)) }
figure { margin: 0; overflow: hidden; border: 1px solid var(--line); border-radius: .75rem;
  background: var(--card) }
figure.pinned { border-color: var(--accent); box-shadow: 0 0 0 2px var(--accent) }
.picture { position: relative; display: grid; place-items: center; aspect-ratio: var(--shape);
  background: repeating-conic-gradient(#8d939c 0 25%, #a2a8b0 0 50%) 0 0 / 1.5rem 1.5rem }
.picture img { position: absolute; width: 100%; height: 100%; object-fit: contain }
.clip { padding: .9rem .8rem .2rem }
.clip q { display: block; margin-bottom: .5rem }
.clip audio { width: 100% }
figcaption { display: flex; flex-wrap: wrap; gap: .25rem .75rem; padding: .7rem .8rem;
  align-items: baseline }
figcaption b { font-size: 1.05rem }
figcaption i { font-style: normal; color: var(--accent); font-weight: 600 }
figcaption span { color: var(--muted); font-size: .85rem; font-variant-numeric: tabular-nums }
code { flex-basis: 100%; padding: .5rem .6rem; border-radius: .4rem; background: var(--ground);
  font: .82rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; user-select: all }
table { width: 100%; border-collapse: collapse; font-size: .92rem }
td { padding: .4rem .75rem .4rem 0; border-top: 1px solid var(--line); vertical-align: top;
  overflow-wrap: anywhere }
td + td { color: var(--muted); width: 38% }
"""


def picture_page(name: str, takes: Sequence[Take], pinned: int, prompt: Prompt, wide: bool) -> str:
    """Return the page of a picture's takes as HTML that needs no other file.

    Args:
        name: what is shown: `sprite kit grin`.
        takes: the takes; those without a picture are said to have failed.
        pinned: the number of the one in use.
        prompt: what they have in common.
        wide: whether the pictures are wider than they are high.
    """
    cards = [
        _card(name, take.number, pinned, seed_in(take.brief), _picture(name, take))
        for take in takes
    ]
    shape, width = ("16 / 9", "26rem") if wide else ("2 / 3", "clamp(9rem, 42vw, 15rem)")
    below = f"""<h2>Prompt</h2>
{_table(prompt.positive)}
<h2>Negative prompt</h2>
{_table(prompt.negative)}"""
    return _page(name, cards, f"--shape: {shape}; --card-width: {width}", below)


def voice_page(line: VoicedLine, takes: Sequence[VoiceTake], pinned: int) -> str:
    """Return the page of a line's takes, likewise.

    Args:
        line: what is said.
        takes: the takes; those without a sound are said to have failed.
        pinned: the number of the one in use.
    """
    cards = [
        _card(line.name, take.number, pinned, take.seed, "".join(map(_clip, take.clips)))
        for take in takes
    ]
    below = f"<h2>Where</h2>\n<p>{html.escape(line.scene)}, spoken by {line.maker}</p>"
    return _page(line.name, cards, "--card-width: 20rem", below)


def _page(name: str, cards: Sequence[str], style: str, below: str) -> str:
    shown, listed = html.escape(name), "\n".join(cards)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Takes of {shown}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{shown}</h1>
<p>{len(cards)} takes. To use one, run the command under it; vn.lock remembers it.</p>
<main class="takes" style="{style}">
{listed}
</main>
{below}
</body>
</html>
"""


def _card(name: str, number: int, pinned: int, seed: int | None, shows: str) -> str:
    seeded = f"<span>seed {seed}</span>" if seed is not None else ""
    in_use = "<i>in use</i>" if number == pinned else ""
    command = html.escape(f"comfyvn assets review {json.dumps(name)} --pin {number}")
    return (
        f"<figure{' class=pinned' if number == pinned else ''}>{shows}"
        f"<figcaption><b>Take {number}</b>{in_use}{seeded}<code>{command}</code>"
        "</figcaption></figure>"
    )


def _picture(name: str, take: Take) -> str:
    if take.picture is None:
        return f'<div class="picture">{_FAILED}</div>'
    alt = html.escape(f"{name}, take {take.number}")
    return f'<div class="picture"><img src="{_data("image/webp", take.picture)}" alt="{alt}"></div>'


def _clip(clip: Clip) -> str:
    text = html.escape(clip.text)
    if clip.opus is None:
        return f'<div class="clip"><q>{text}</q>{_FAILED}</div>'
    kinds = (("audio/ogg; codecs=opus", clip.opus), ("audio/mp4", clip.aac))
    sources = "".join(
        f'<source src="{_data(kind.partition(";")[0], data)}" type="{kind}">'
        for kind, data in kinds
        if data is not None
    )
    return (
        f'<div class="clip"><q>{text}</q>'
        f'<audio controls preload="metadata" aria-label="{text}">{sources}</audio></div>'
    )


_FAILED = "<p>could not be made</p>"


def _data(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{b64encode(data).decode()}"


def _table(pieces: Sequence[Piece]) -> str:
    rows = "".join(
        f"<tr><td>{html.escape(piece.words)}</td><td>{html.escape(piece.origin)}</td></tr>"
        for piece in pieces
    )
    return f"<table>{rows}</table>"
