"""Where a sound is asked for first: the place of findings on sounds that have no file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from comfyvn.engine.action import Context
from comfyvn.plan.requests import AssetRequest
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.text import read_text


class FirstUse:
    """Finds where sounds are asked for; scenes and worlds are read when one is looked for."""

    def __init__(self, context: Context, worlds: Iterable[str]) -> None:
        """Begin; the step may read `@scenes`, `scenes/**` and `worlds/*.yaml`."""
        self.context = context
        self.worlds = [f"worlds/{name}.yaml" for name in worlds]
        self.texts: dict[str, list[str]] = {}

    def __call__(self, request: AssetRequest) -> Span:
        """Return the first place of a sound, in the order of files; the folder if it has none."""
        name = re.escape(request.subject)
        written = rf"""["']?({name})["']?(?![\w/.-])"""
        told = "voice" if request.kind == "voice" else rf"play\s+{request.kind}"
        use = re.compile(rf"`\s*{told}\s+{written}|^\s*{request.kind}:\s*{written}")
        for path in self._paths(request):
            for number, line in enumerate(self._lines(path), start=1):
                if (found := use.search(line)) is not None:
                    start, end = found.span(found.lastindex or 0)
                    return Span.on_line(path, number, start + 1, end + 1)
        return Span.whole_file("assets")

    def _paths(self, request: AssetRequest) -> Iterator[str]:
        yield from (f"scenes/{scene}.md" for scene in json.loads(self.context.read("@scenes")))
        if request.kind == "ambience":
            yield from self.worlds

    def _lines(self, path: str) -> list[str]:
        if path not in self.texts:
            try:
                text = read_text(path, self.context.read, Diagnostics())
            except KeyError:
                text = None
            self.texts[path] = (text or "").split("\n")
        return self.texts[path]
