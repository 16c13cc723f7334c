"""The pages behind `comfyvn explain`: one for each diagnostic code, with examples that are tested.

A page begins with `# VN0301: title`. Fenced blocks whose info string ends with `bad` or `good`
(`md bad`, `yaml good path=vn.yaml`) are sources that raise the code, or do not. A block without
`path=` is the scene `scenes/start.md`; blocks of one verdict with different paths make up one
project, and a path that comes again begins the next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

PAGES = Path(__file__).parent / "pages"

_FENCE = re.compile(
    r"^(?P<fence>`{3,})(?P<language>\w+) (?P<verdict>bad|good)(?: path=(?P<path>\S+))?\n"
    r"(?P<source>.*?)^(?P=fence)[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_EXAMPLE_SCENE = "scenes/start.md"


@dataclass(slots=True)
class Example:
    """Files, by path, that are right or wrong together."""

    verdict: str
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """What a code means: a title, Markdown without the heading, and the examples in it."""

    code: str
    title: str
    text: str
    examples: tuple[Example, ...]


def codes() -> list[str]:
    """Return every code that has a page, in order."""
    return sorted(path.stem for path in PAGES.glob("VN*.md"))


def page(code: str) -> Page | None:
    """Return the page of a code, or None when there is none."""
    path = PAGES / f"{code}.md"
    if not re.fullmatch(r"VN\d{4}", code) or not path.is_file():
        return None
    heading, _, text = path.read_text(encoding="utf-8").partition("\n")
    title = heading.removeprefix(f"# {code}: ").strip()
    return Page(code, title, text.strip() + "\n", tuple(_examples(text)))


def _examples(text: str) -> list[Example]:
    found: list[Example] = []
    for block in _FENCE.finditer(text):
        path = block["path"] or _EXAMPLE_SCENE
        same = [item for item in found if item.verdict == block["verdict"]]
        if same and path not in same[-1].files:
            same[-1].files[path] = block["source"]
        else:
            found.append(Example(block["verdict"], {path: block["source"]}))
    return found
