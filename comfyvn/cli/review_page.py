"""The page that shows takes side by side: one file, for a desk and for a phone."""

from __future__ import annotations

import html
import json
from base64 import b64encode
from collections.abc import Sequence

from comfyvn.plan.prompt import Piece, Prompt
from comfyvn.plan.takes import Take, seed_in

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


def review_page(name: str, takes: Sequence[Take], pinned: int, prompt: Prompt, wide: bool) -> str:
    """Return the page as HTML that needs no other file.

    Args:
        name: what is shown: `sprite kit grin`.
        takes: the takes; those without a picture are said to have failed.
        pinned: the number of the one in use.
        prompt: what they have in common.
        wide: whether the pictures are wider than they are high.
    """
    cards = "\n".join(_card(name, take, take.number == pinned) for take in takes)
    shape, width = ("16 / 9", "26rem") if wide else ("2 / 3", "clamp(9rem, 42vw, 15rem)")
    shown = html.escape(name)
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
<p>{len(takes)} takes. To use one, run the command under it; vn.lock remembers it.</p>
<main class="takes" style="--shape: {shape}; --card-width: {width}">
{cards}
</main>
<h2>Prompt</h2>
{_table(prompt.positive)}
<h2>Negative prompt</h2>
{_table(prompt.negative)}
</body>
</html>
"""


def _card(name: str, take: Take, is_pinned: bool) -> str:
    label = f"take {take.number}"
    if take.picture is None:
        picture = "<p>could not be made</p>"
    else:
        data = b64encode(take.picture).decode()
        alt = html.escape(f"{name}, {label}")
        picture = f'<img src="data:image/webp;base64,{data}" alt="{alt}">'
    seed = seed_in(take.brief)
    seeded = f"<span>seed {seed}</span>" if seed is not None else ""
    in_use = "<i>in use</i>" if is_pinned else ""
    command = html.escape(f"comfyvn assets review {json.dumps(name)} --pin {take.number}")
    return (
        f'<figure{" class=pinned" if is_pinned else ""}><div class="picture">{picture}</div>'
        f"<figcaption><b>{label.capitalize()}</b>{in_use}{seeded}<code>{command}</code>"
        "</figcaption></figure>"
    )


def _table(pieces: Sequence[Piece]) -> str:
    rows = "".join(
        f"<tr><td>{html.escape(piece.words)}</td><td>{html.escape(piece.origin)}</td></tr>"
        for piece in pieces
    )
    return f"<table>{rows}</table>"
