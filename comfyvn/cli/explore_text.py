"""The report of an exploration on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from comfyvn.cli.bar import bar
from comfyvn.cli.console import PlainConsole
from comfyvn.explore.report import Place, Report, Route
from comfyvn.plan.explore_figures import (
    KINDS,
    STATUSES,
    counted,
    method,
    minutes,
    missing_told,
    number,
    remarks,
    share,
    short,
    walks_told,
    whole_story,
)

_NARROW = 92
"""Columns of a terminal below which tables leave something out."""
_MISSING = 12
"""How many of what is not reached are named; `--json` and `--html` have all."""
_ORDER = ("endings", "sections", "choices", "lines", "assets")
_QUARTERS = (
    ("low", "one in four shorter"),
    ("middle", "half of them shorter"),
    ("high", "one in four longer"),
)


def print_report(report: Report) -> None:
    """Print a report to standard output."""
    console = PlainConsole()
    narrow = console.width < _NARROW
    console.print(Text.assemble((report.title, "bold"), f" {report.version}"))
    console.print(Text(whole_story(report)))
    console.print(Text(method(report), "dim"))
    for part in (
        _coverage(report, narrow=narrow),
        _missing(report, console.width),
        _missed(report, console.width),
        _endings(report, narrow=narrow),
        _lengths(report, narrow=narrow),
        _choices(report, console.width, narrow=narrow),
        _speakers(report, narrow=narrow),
    ):
        if part is not None:
            console.print()
            console.print(part)
    console.print()


def _table(title: str, caption: str = "") -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        caption=caption or None,
        caption_justify="left",
        caption_style="dim",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        header_style="dim",
        show_edge=False,
    )


def _columns(table: Table, *names: str) -> None:
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)


def _coverage(report: Report, *, narrow: bool) -> Table:
    routes = any(each.by_routes is not None for each in report.coverage)
    table = _table("Coverage")
    table.add_column("of", no_wrap=True)
    _columns(table, "reached")
    if not narrow:
        table.add_column("", no_wrap=True)
    _columns(table, *(["at random"] if report.walks.runs else []), *(["routes"] if routes else []))
    table.add_column("not reached", overflow="fold")
    for each in report.coverage:
        if not each.total:
            continue
        row = [KINDS[each.kind], f"{number(each.reached)} of {number(each.total)}"]
        if not narrow:
            row.append(bar(each.reached / each.total if each.total else 1.0, 12))
        if report.walks.runs:
            row.append(share(each.by_walks, each.total))
        if routes:
            row.append(share(each.by_routes or 0, each.total))
        table.add_row(*row, missing_told(each) or "–")
    return table


def _missing(report: Report, width: int) -> Table | None:
    places = _places((each.kind, each.missing) for each in report.coverage)
    places.sort(key=lambda each: each[1].status != "impossible")
    rows = [
        (STATUSES[place.status], place.place.removesuffix("#") or kind.removesuffix("s"), place)
        for kind, place in places
    ]
    return _of_places("Not reached", "--html and --json list", rows, width)


def _missed(report: Report, width: int) -> Table | None:
    """Return what the given routes do not come to."""
    places = _places((each.kind, each.missed_by_routes) for each in report.coverage)
    places.sort(key=lambda each: _ORDER.index(each[0]))
    rows = [
        (kind.removesuffix("s"), place.place.removesuffix("#"), place) for kind, place in places
    ]
    return _of_places("Reached, but not by these routes", "--json lists", rows, width)


def _places(kinds: Iterable[tuple[str, Iterable[Place]]]) -> list[tuple[str, Place]]:
    """Return places with their kinds; a section that nobody comes to stands for its lines."""
    places = [(kind, place) for kind, found in kinds for place in found]
    closed = {place.place for kind, place in places if kind == "sections"}
    return [
        (kind, place)
        for kind, place in places
        if kind in ("sections", "endings", "assets") or place.place not in closed
    ]


def _of_places(
    title: str, who_lists: str, rows: Sequence[tuple[str, str, Place]], width: int
) -> Table | None:
    if not rows:
        return None
    rest = len(rows) - _MISSING
    more = f"and {counted(rest, 'other')}: {who_lists} them all" if rest > 0 else ""
    table = _table(title, more)
    table.add_column("", no_wrap=True)
    table.add_column("where", overflow="fold")
    table.add_column("", overflow="fold")
    for about, where, place in rows[:_MISSING]:
        table.add_row(about, where, Text(short(place.text, max(width - 46, 24))))
    return table


def _endings(report: Report, *, narrow: bool) -> Table | None:
    if not report.endings:
        return None
    # The others' are the shortest that were found.
    surely = all(each.fewest for each in report.endings if each.shortest)
    about = "the route to each with the fewest answers"
    table = _table("Endings", about if surely else f"{about}; ≤ where fewer may do")
    table.add_column("ending", overflow="fold", min_width=12)
    if not narrow:
        table.add_column("", no_wrap=True)
    _columns(table, "choices", "words", *([] if narrow else ["to read"]))
    if report.walks.runs:
        _columns(table, "at random")
        if not narrow:
            table.add_column("", no_wrap=True)
    for each in sorted(report.endings, key=lambda each: -each.walks):
        row: list[str | Text] = [Text(each.title or each.name)]
        if not narrow:
            row.append(STATUSES[each.status])
        elif each.status != "reached":
            row = [Text(f"{each.title or each.name} ({STATUSES[each.status]})")]
        route = each.shortest
        sign = "" if each.fewest else "≤ "
        row += [f"{sign}{route.choices}", number(route.words)] if route else ["–", "–"]
        if not narrow:
            row.append(minutes(route.minutes) if route else "–")
        if report.walks.runs:
            row.append(share(each.walks, report.walks.runs))
            if not narrow:
                row.append(bar(each.share, 12))
        table.add_row(*row)
    return table


def _lengths(report: Report, *, narrow: bool) -> Table | None:
    lengths, walks = report.lengths, report.walks
    if lengths.shortest is None:
        return None
    pace = f"reading at {report.pace.reading:g} words a minute"
    source = "" if report.pace.source == "given" or narrow else f" ({report.pace.source})"
    title = "Routes to an ending"
    table = _table(title, f"{walks_told(walks)}; {pace}{source}")
    table.add_column("", no_wrap=True)
    _columns(table, "lines", "choices", "words", "to read")
    table.add_row("shortest found", *_route(lengths.shortest))
    for name, label in _QUARTERS:
        spreads = (walks.lines, walks.choices, walks.words, walks.minutes)
        if all(spreads):
            values = [getattr(each, name) for each in spreads]
            table.add_row(label, *map(number, values[:3]), minutes(values[3]))
    if lengths.endless:
        table.add_row("longest", *["no end"] * 4)
    elif lengths.longest is not None:
        table.add_row("longest found", *_route(lengths.longest))
    return table


def _route(route: Route) -> list[str]:
    return [number(route.lines), number(route.choices), number(route.words), minutes(route.minutes)]


def _choices(report: Report, width: int, *, narrow: bool) -> Padding | Table | None:
    if not report.choices or not report.walks.runs:
        return None
    notable = [(choice, told) for choice in report.choices if (told := remarks(choice))]
    menus = len({choice.menu for choice in report.choices})
    head = f"{counted(len(report.choices), 'choice')} in {counted(menus, 'menu')}"
    if not notable:
        return Padding(
            Text.assemble(("Choices", "bold"), f"  {head}; in random walks all of them are taken"),
            0,
        )
    rest = len(notable) - _MISSING
    more = f"; {counted(rest, 'other')} in --html and --json" if rest > 0 else ""
    table = _table("Choices that stand out", f"{head}{more}; in random walks")
    table.add_column("choice", overflow="fold")
    if not narrow:
        table.add_column("where", overflow="fold")
    _columns(table, "offered", "locked", "taken")
    table.add_column("", no_wrap=True)
    for choice, told in notable[:_MISSING]:
        where = [] if narrow else [Text(choice.place.removesuffix("#"))]
        table.add_row(
            Text(short(choice.text, max(width - 62, 40))),
            *where,
            number(choice.offered),
            number(choice.locked),
            number(choice.taken),
            told,
        )
    return table


def _speakers(report: Report, *, narrow: bool) -> Table | None:
    if not report.speakers:
        return None
    measured = any(each.clips for each in report.speakers)
    pace = f"spoken at {report.pace.speaking:g} words a minute"
    table = _table("Who speaks", pace + ("; clips as the last build made them" * measured))
    table.add_column("", overflow="fold")
    _columns(table, "lines", "words", "to say", *(["clips", "they last"] if measured else []))
    if not narrow:
        table.add_column("", no_wrap=True)
    most = max(each.words for each in report.speakers) or 1
    for each in report.speakers:
        row = [number(each.lines), number(each.words), minutes(each.minutes)]
        if measured:
            told = "–" if each.measured is None else minutes(each.measured)
            row += [f"{each.clips}", told]
        row += [] if narrow else [bar(each.words / most, 12)]
        table.add_row(Text(each.name), *row)
    return table
