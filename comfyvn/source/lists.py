"""Which list an item belongs to, and the ways in which Markdown sees other lists than writers."""

from __future__ import annotations

from comfyvn.source.blocks import Block, Comment, Fence, ListBlock
from comfyvn.source.report import Report
from comfyvn.source.syntax import At


def join_list(children: list[Block], marker: str, at: At, blanks: int, report: Report) -> ListBlock:
    """Return the list at the end of `children` that an item with `marker` joins, or a new one.

    `blanks` is the number of empty lines above the item.
    """
    ordered = marker in ".)"
    last = children[-1] if children else None
    if isinstance(last, ListBlock):
        if last.marker == marker or (last.reported and last.ordered == ordered):
            if blanks < 2:
                return last
            report.error(
                "VN0305",
                "empty lines do not part two lists: this item joins the list above",
                at,
                help="part them with a line `<!-- -->`; between items of one list leave at "
                "most one empty line",
                related=[(last.at, "the list above begins here")],
            )
        elif last.ordered == ordered:
            report.error(
                "VN0306",
                f"a changed marker begins a new list: `{marker}` after `{last.marker}`",
                at,
                help=f"write `{last.marker}` for every item; part two lists with `<!-- -->`",
                related=[(last.at, "the list above begins here")],
            )
            last.reported = True
            return last
    elif (before := _list_before_split(children, marker, report)) is not None:
        return before
    new = ListBlock(marker, [], at)
    children.append(new)
    return new


def _list_before_split(children: list[Block], marker: str, report: Report) -> ListBlock | None:
    """Report comments and fences that split a list; put them into its last item."""
    first = len(children)
    while first and _splits(children[first - 1]):
        first -= 1
    before = children[first - 1] if 0 < first < len(children) else None
    if not isinstance(before, ListBlock) or before.marker != marker:
        return None
    split = children[first]
    assert isinstance(split, Comment | Fence)
    report.error(
        "VN0307",
        "this splits the list around it",
        split.at,
        help="indent it as far as the text of the item it belongs to; to part two lists write "
        "`<!-- -->`",
        related=[(before.at, "the list begins here")],
    )
    before.items[-1].children.extend(children[first:])
    del children[first:]
    return before


def _splits(block: Block) -> bool:
    return isinstance(block, Fence) or (isinstance(block, Comment) and bool(block.text))


def check_number(siblings: ListBlock, report: Report) -> None:
    """Check the number of a list's last item: they begin at 1 and are all 1 or ascend by one."""
    items = siblings.items
    item = items[-1]
    number = item.number
    if number is None or siblings.reported:
        return
    if len(items) == 1:
        if number == 1:
            return
        siblings.reported = True
        before_dot = At(item.at.line, item.at.end_column - 1, item.at.end_column - 1)
        report.error(
            "VN0308",
            f"`{number}{siblings.marker}` begins a numbered list in Markdown",
            item.at,
            help=f"escape it when it is text: `{number}\\{siblings.marker}`; the items of a pick "
            "are numbered from 1",
            fix=[(before_dot, "\\")],
        )
        return
    before = items[-2].number
    if number == (1 if before == 1 and items[0] is not items[-2] else len(items)):
        return
    if len(items) == 2 and number == 1:
        return
    siblings.reported = True
    report.error(
        "VN0308",
        f"`{number}` after `{before}` in one list",
        item.at,
        help="number the items 1, 2, 3 … or all 1; if a new list begins here, put `<!-- -->` "
        "above it",
        related=[(siblings.at, "the list begins here")],
    )
