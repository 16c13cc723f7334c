"""The report of an exploration as a page: one HTML file that asks nothing of any network."""

from __future__ import annotations

import re
from typing import NamedTuple

import jinja2
import networkx as nx
from markupsafe import Markup, escape

from comfyvn.data import data_folder
from comfyvn.explore.report import Report, Spread, Status
from comfyvn.plan import explore_figures
from comfyvn.plan.graph_layout import Box, lay_out_down

MOST_SECTIONS = 60
"""Sections that are drawn one by one; of more, the scenes are."""
MOST_SCENES = 600
"""Scenes that are drawn at all."""
_WIDTH, _HEIGHT = 188.0, 48.0
_LETTERS = 23
"""Of a title, that fit into a box."""


class Node(NamedTuple):
    """A box of the story graph.

    Attributes:
        box: where it stands.
        title: what it says, cut to fit.
        whole: the title in full.
        about: its second row.
        status: whether anybody comes there.
        kind: `start`, `section` or `ending`.
    """

    box: Box
    title: str
    whole: str
    about: str
    status: Status
    kind: str


class Arrow(NamedTuple):
    """A way between boxes."""

    path: str
    how: str
    status: Status


class Graph(NamedTuple):
    """The story graph, laid out."""

    nodes: list[Node]
    arrows: list[Arrow]
    width: float
    height: float
    start: float
    """The middle of the box where the story begins."""


def as_html(report: Report) -> str:
    """Return the page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(data_folder("templates/explore")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    figures = explore_figures
    environment.filters.update(
        number=figures.number, minutes=figures.minutes, short=figures.short, coded=coded
    )
    return environment.get_template("page.html").render(
        report=report,
        graph=story_graph(report),
        say=figures,
        columns=columns,
        titles={each.place: each.title for each in report.sections},
        endings=sorted(report.endings, key=lambda each: -each.walks),
    )


def coded(text: str) -> Markup:
    """Return a message with its names, which stand between backticks, as code."""
    parts = re.split(r"`([^`]*)`", text)
    marked = (
        Markup("<code>{}</code>").format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )
    return Markup("").join(marked)


def columns(spread: Spread) -> list[tuple[float, int, str]]:
    """Return a histogram's columns: how high from 0 to 1, how many, and their range in words."""
    most = max(spread.histogram)
    wide = (spread.most - spread.least) / len(spread.histogram)
    told = explore_figures.number
    return [
        (
            count / most,
            count,
            f"{told(spread.least + at * wide)} to {told(spread.least + (at + 1) * wide)}",
        )
        for at, count in enumerate(spread.histogram)
    ]


def story_graph(report: Report) -> Graph | None:
    """Return the story's sections with the ways between them; of a long story, its scenes; None of
    one that is longer still."""
    by_scene = len(report.sections) > MOST_SECTIONS
    graph: nx.DiGraph[str] = nx.DiGraph()

    def home(place: str) -> str:
        return f"{place.partition('#')[0]}#" if by_scene and "#" in place else place

    for section in report.sections:
        if home(section.place) == section.place:
            graph.add_node(section.place)
    if len(graph) > MOST_SCENES:
        return None
    hows: dict[tuple[str, str], tuple[str, Status]] = {}
    for ending in report.endings:
        graph.add_node(f"ending {ending.id}")
    for link in report.links:
        one, two = home(link.source), home(link.target)
        if link.how == "back" or one == two or one not in graph or two not in graph:
            continue
        graph.add_edge(one, two)
        if (one, two) not in hows or hows[one, two][1] != "reached":
            hows[one, two] = link.how, link.status
    if not graph:
        return None
    layout = lay_out_down(graph, _WIDTH, _HEIGHT)
    nodes = [*_section_nodes(report, layout.boxes), *_ending_nodes(report, layout.boxes)]
    arrows = [Arrow(layout.paths[edge], *hows[edge]) for edge in graph.edges]
    first = next((node.box.x for node in nodes if node.kind == "start"), 0.0)
    return Graph(nodes, arrows, layout.width, layout.height, first + _WIDTH / 2)


def _section_nodes(report: Report, boxes: dict[str, Box]) -> list[Node]:
    words: dict[str, int] = {}
    for section in report.sections:
        place = section.place if section.place in boxes else f"{section.place.partition('#')[0]}#"
        words[place] = words.get(place, 0) + section.words
    nodes = []
    for at, section in enumerate(report.sections):
        if section.place in boxes:
            count = words[section.place]
            about = explore_figures.counted(count, "word") if count else ""
            nodes.append(
                _node(
                    boxes[section.place],
                    section.title,
                    about,
                    section.status,
                    section.share if report.walks.runs else None,
                    "section" if at else "start",
                )
            )
    return nodes


def _ending_nodes(report: Report, boxes: dict[str, Box]) -> list[Node]:
    return [
        _node(
            boxes[f"ending {each.id}"],
            each.title or each.name,
            "ending",
            each.status,
            each.share if report.walks.runs else None,
            "ending",
        )
        for each in report.endings
    ]


def _node(box: Box, title: str, about: str, status: Status, share: float | None, kind: str) -> Node:
    if status != "reached":
        about = explore_figures.STATUSES[status]
    elif share is not None:
        about = " · ".join(filter(None, (about, explore_figures.share(share, 1))))
    return Node(box, explore_figures.short(title, _LETTERS), title, about, status, kind)
