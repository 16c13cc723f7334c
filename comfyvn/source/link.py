"""Links and pictures, in the one form of Markdown's that scenes use."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from comfyvn.source.report import Report
from comfyvn.source.syntax import At, Link

# Possessive throughout: a target that does not end must not be tried in other ways.
_LINK = re.compile(
    r"(?P<bang>!?)\[(?P<text>(?:[^\[\]\\`<]|\\.)*+)\]\([ \t]*+"
    r"(?:<(?P<angled>(?:[^<>\\\n]|\\.)*+)>"
    r"|(?P<bare>(?!<)(?:[^\s()<>\\\x00-\x1f\x7f]|\\[!-/:-@\[-`{-~]?"
    r"|\([^\s()<>\\\x00-\x1f\x7f]*+\))*+))"
    r"(?P<rest>[^()]*+)\)"
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,31}:|//")


class LinkSyntax(NamedTuple):
    """A link or picture as it stands in its line; offsets into that line."""

    picture: bool
    text: tuple[int, int]
    target: str
    target_at: tuple[int, int]
    rest: str
    end: int


def link_at(text: str, start: int) -> LinkSyntax | None:
    """Return the link or picture that begins at `start`, if it is one.

    `rest` is what stands between target and closing parenthesis: a title, or a space in a target
    that Markdown does not take.
    """
    match = _LINK.match(text, start)
    if match is None:
        return None
    group = "bare" if match["angled"] is None else "angled"
    target = unescape(_ESCAPE.sub(r"\1", match[group]))
    return LinkSyntax(
        bool(match["bang"]),
        match.span("text"),
        target,
        match.span(group),
        match["rest"].strip(),
        match.end(),
    )


def resolve(link: LinkSyntax, at: At, report: Report) -> Link | None:
    """Turn the target into path and label; None, and a report, when it cannot be one."""
    decoded = decode(link, at, report)
    if decoded is None:
        return None
    if "\\" in decoded:
        report.error(
            "VN0329",
            "a link's path has a backslash",
            at,
            help="write `/` between folders, on every system",
        )
        return None
    if _SCHEME.match(decoded):
        report.error(
            "VN0329",
            "a link leads to a place of the story, not to the web",
            at,
            help="write `file.md`, `file.md#label` or `#label`",
        )
        return None
    path, _, label = decoded.partition("#")
    if not path and not label:
        report.error(
            "VN0329",
            "a link without a target",
            at,
            help="write `file.md`, `file.md#label` or `#label` between the parentheses",
        )
        return None
    return Link(path, label, at)


def decode(link: LinkSyntax, at: At, report: Report) -> str | None:
    """Return the target percent-decoded and in NFC; None, and a report, when it is malformed."""
    if link.rest:
        title = link.rest[0] in "\"'"
        report.error(
            "VN0329",
            "a title has no meaning here" if title else "a target with a space ends at the space",
            At(at.line, at.column, at.end_column + 1 + len(link.rest)),
            help=f"write `({link.target})`"
            if title
            else f"write `<{link.target} {link.rest}>` between the parentheses",
        )
        return None
    try:
        target = unquote_to_bytes(link.target).decode("utf-8")
    except UnicodeDecodeError:
        report.error(
            "VN0329",
            "the percent signs of this target give no text",
            at,
            help="write the name as it is, or `%25` for a percent sign",
        )
        return None
    if any(unicodedata.category(char) == "Cc" for char in target):
        report.error(
            "VN0329", "a control character in a target", at, help="take it out of the name"
        )
        return None
    return unicodedata.normalize("NFC", target)
