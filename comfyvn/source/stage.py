"""Stage directions: lines of code spans, and `stage` fences."""

from __future__ import annotations

from comfyvn.source.blocks import Fence
from comfyvn.source.ends import Notes, first_word
from comfyvn.source.link import link_at, resolve
from comfyvn.source.raw import Source
from comfyvn.source.report import Report
from comfyvn.source.syntax import At, Directives, Link, Span


def directive_line(source: Source, notes: Notes, report: Report) -> Directives | None:
    """Parse a line of code spans; None when there is anything else on it.

    A link may follow `call …`, a comment anything.
    """
    text = source.text
    spans: list[Span] = []
    position, length = 0, len(text)
    while position < length and text[position] == "`":
        start = position + 1
        while start < length and text[start] == "`":
            start += 1
        close = _closing(text, start - position, start)
        content = text[start:close]
        span = content.strip()
        if close < 0 or not span or "\n" in content:
            return None
        offset = start + len(content) - len(content.lstrip())
        spans.append(Span(span, source.at(offset, offset + len(span))))
        position = close + start - position
        while position < length and text[position] in " \t":
            position += 1
    link: Link | None = None
    if text.startswith("[", position) and first_word(spans[-1].source) == "call":
        found = link_at(text, position)
        if found is None:
            return None
        position = found.end
        while position < length and text[position] in " \t":
            position += 1
        if position < length and not text.startswith("<!--", position):
            return None
        link = resolve(found, source.at(*found.target_at), report)
    if position < length:
        if not text.startswith("<!--", position) or text.find("-->", position + 2) != length - 3:
            return None
        notes.add(text[position + 4 : -3].strip(), source.at(position, length))
    return Directives(spans, link, source.at(0, length))


def _closing(text: str, size: int, start: int) -> int:
    """Return where a run of exactly `size` backticks begins, from `start` on, or -1."""
    while (found := text.find("`" * size, start)) >= 0:
        start = found + size
        while text.startswith("`", start):
            start += 1
        if start - found == size:
            return found
    return -1


def fence_lines(fence: Fence, report: Report) -> list[Directives]:
    """Parse a `stage` fence: one directive a line, `#` begins a comment."""
    if fence.info != "stage":
        report.error(
            "VN0319",
            f"a fence of `{fence.info[:20]}` has no meaning in a scene"
            if fence.info
            else "a fence without a word behind it has no meaning in a scene",
            fence.at,
            help="write ```` ```stage ```` for directives; text needs no fence",
        )
        return []
    lines: list[Directives] = []
    for line, margin, raw in fence.rows:
        text = _without_comment(raw).rstrip(" \t")
        column = margin + len(text)
        text = text.lstrip(" \t")
        column -= len(text)
        if not text:
            continue
        at = At(line, column, column + len(text))
        link: Link | None = None
        begin = text.find("[")
        if begin > 0 and first_word(text) == "call":
            found = link_at(text, begin)
            if found is not None and found.end == len(text):
                start, end = found.target_at
                link = resolve(found, At(line, column + start, column + end), report)
                text = text[:begin].rstrip(" \t")
        span = Span(text, At(line, column, column + len(text)))
        lines.append(Directives([span], link, at))
    return lines


def _without_comment(line: str) -> str:
    """Take a `#` comment off, unless it stands in quotes."""
    if "#" not in line:
        return line
    quoted = False
    for index, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif char == "#" and not quoted and (index == 0 or line[index - 1] in " \t"):
            return line[:index]
    return line
