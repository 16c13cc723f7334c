"""What is said about lines whose block structure is not what it looks like."""

from __future__ import annotations

from comfyvn.source.blocks import Comment, Fence
from comfyvn.source.report import Report
from comfyvn.source.syntax import At


def lazy(report: Report, at: At, in_page: bool) -> None:
    """Text without indent or `>` goes on in the paragraph of a list or page."""
    report.error(
        "VN0304",
        f"text directly under a {'page' if in_page else 'list'} joins its last "
        f"{'line' if in_page else 'item'}",
        at,
        help="put an empty line above it, or "
        + ("begin it with `> `" if in_page else "indent it as far as the item's text"),
    )


def underline(report: Report, at: At, shown: str, is_break: bool) -> None:
    """A line of `-` or `=` makes the text above it a heading."""
    report.error(
        "VN0301",
        f"`{shown[:12]}` directly under text makes that text a heading",
        at,
        help="put an empty line above it" + ("" if is_break else ", or take it away"),
    )


def table(report: Report, at: At) -> None:
    """A row of dashes makes the lines around it a table."""
    report.error(
        "VN0314",
        "tables have no meaning in a scene",
        at,
        help="write the rows as lines, or as a page: `> text`",
    )


_IN_PAGE = {
    "another page": "write one `>` a line; an empty line begins a new page",
    "a menu or a pick": "end the page with an empty line, then begin the list at the margin",
    "a scene break": "end the page with an empty line; a bare `>` makes a gap",
    "a label": "write the heading at the margin, and link to it from here: `[](#its-anchor)`",
}


def in_page(report: Report, at: At, what: str) -> None:
    """A page holds `what`, one of the keys of `_IN_PAGE`."""
    report.error("VN0316", f"a page cannot hold {what}", at, help=_IN_PAGE[what])


def label_in_item(report: Report, at: At) -> None:
    """A heading stands inside a list item."""
    report.error("VN0317", "a label cannot stand inside a list item", at, help=_IN_PAGE["a label"])


def almost_label(report: Report, at: At, shown: str) -> None:
    """`##word` is text."""
    hashes = "#" * min(6, at.end_column - at.column)
    report.warning(
        "VN0333",
        f"`{shown}` is text, not a heading",
        at,
        help=f"put a space behind the `{hashes}`; if it is text, write `\\#`",
    )


def too_deep(report: Report, at: At, most: int) -> None:
    """Containers are nested beyond what is read."""
    report.error(
        "VN0320",
        f"lists and pages are nested more than {most} deep",
        at,
        help="move the inner part under a heading of its own and link to it",
    )


def html(report: Report, at: At) -> None:
    """A tag begins a line or stands in text."""
    report.error(
        "VN0312",
        "HTML is not part of a scene",
        at,
        help="write `*em*`, `**strong**`, `~~gone~~` or `<ruby>`; to show it as text write `\\<`",
    )


def behind_comment(report: Report, at: At) -> None:
    """Text goes on behind a comment that began the line."""
    report.error(
        "VN0310",
        "text behind `-->` vanishes in Markdown",
        at,
        help="put it on a line of its own, or the comment behind it",
    )


def unclosed(report: Report, leaf: Comment | Fence, fence: str) -> None:
    """A comment, or a fence begun by `fence`, runs on to the end of its container."""
    if isinstance(leaf, Fence):
        report.error(
            "VN0318",
            "this fence is not closed, and swallows what follows",
            leaf.at,
            help=f"put a line `{fence[:12]}` below the last directive",
        )
    else:
        report.error(
            "VN0311",
            "this comment is not closed, and swallows what follows",
            At(leaf.at.line, leaf.at.column, leaf.at.column + 4),
            help="write `-->` at its end",
        )
