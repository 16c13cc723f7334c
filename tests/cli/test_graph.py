"""`comfyvn graph`: what is made from what, in every format."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from comfyvn.cli.main import main


def test_the_graph_of_steps_leads_from_sources_to_outputs(ask, project: Path, capsys) -> None:
    import networkx as nx

    capsys.readouterr()
    assert main(["graph", "--steps", "--format", "json", "-C", str(project)]) == 0
    told = json.loads(capsys.readouterr().out)
    graph = nx.node_link_graph(told, edges="edges")
    assert type(graph) is nx.DiGraph
    assert set(told) == {"directed", "multigraph", "graph", "nodes", "edges"}
    assert nx.is_directed_acyclic_graph(graph)
    assert nx.has_path(graph, "scenes/two.md", "build/web/index.html")
    kinds = dict(graph.nodes(data="kind"))
    assert kinds["scenes/two.md"] == "source"
    assert kinds["step lower two"] == "step"
    assert kinds["build/web/index.html"] == "output"
    # A scene that has a change is read by its own steps only.
    assert set(graph.successors("scenes/two.md")) == {"step declare two", "step lower two"}


def test_the_graph_of_an_output_holds_only_what_it_is_made_from(project: Path, capsys) -> None:
    assert main(["graph", "lower two", "--format", "json", "-C", str(project)]) == 0
    told = json.loads(capsys.readouterr().out)
    rules = {each["label"] for each in told["nodes"] if each["kind"] == "rule"}
    assert {"lower", "declare", "project"} <= rules
    assert not any(name.startswith("web") for name in rules)


def test_the_formats_hold_the_same_rules(project: Path, tmp_path: Path, capsys) -> None:
    for name in ("g.dot", "g.mmd", "g.txt", "g.html"):
        assert main(["graph", "-q", "-o", str(tmp_path / name), "-C", str(project)]) == 0
        text = (tmp_path / name).read_text("utf-8")
        assert "web-fragment" in text
        assert "scenes/*.md" in text
    assert (tmp_path / "g.dot").read_text("utf-8").startswith("digraph")
    assert (tmp_path / "g.mmd").read_text("utf-8").startswith("flowchart")
    page = (tmp_path / "g.html").read_text("utf-8")
    drawn = page[page.index("<svg id") : page.index("</svg>") + 6]
    assert len(ET.fromstring(drawn).findall(".//*[@role='button']")) > 20
    assert "http" not in page.replace("http-equiv", "")


def test_an_unknown_output_or_a_file_that_cannot_be_written(project: Path, capsys) -> None:
    assert main(["graph", "lower tow", "-C", str(project)]) == 2
    assert "`lower two`" in capsys.readouterr().err
    nowhere = str(project / "nowhere" / "g.dot")
    assert main(["graph", "-o", nowhere, "-C", str(project)]) == 3


def test_a_graph_in_a_format_that_there_is_not_is_not_written(project: Path, capsys) -> None:
    there = project.parent / "g.svg"
    assert main(["graph", "-o", str(there), "-C", str(project)]) == 2
    said = capsys.readouterr().err
    assert "`.svg`" in said
    assert all(ending in said for ending in (".html", ".dot", ".mmd", ".json", ".txt", "--format"))
    assert not there.exists()
    assert main(["graph", "-o", str(there), "--format", "text", "-q", "-C", str(project)]) == 0
    assert main(["graph", "-o", str(there.with_suffix("")), "-q", "-C", str(project)]) == 0
    assert there.read_text("utf-8") == there.with_suffix("").read_text("utf-8")


@pytest.mark.chromium
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_the_page_is_found_searched_and_followed(
    project: Path, tmp_path: Path, size, browser
) -> None:
    page_file = tmp_path / "g.html"
    assert main(["graph", "-q", "-o", str(page_file), "-C", str(project)]) == 0
    wrong: list[str] = []
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda request: wrong.extend([request.url] * (not request.url.startswith("file:"))),
    )
    page.goto(page_file.as_uri())
    page.keyboard.press("/")
    page.keyboard.type("web-index")
    page.keyboard.press("Enter")
    assert page.inner_text("#about h2") == "web-index"
    box = page.locator(".node.on").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    page.get_by_role("button", name="web-page").last.click()
    assert page.inner_text("#about h2") == "web-page"
    before = page.get_attribute("#world", "transform")
    page.mouse.move(size[0] / 2, size[1] / 3)
    page.mouse.wheel(0, -300)
    assert page.get_attribute("#world", "transform") != before
    page.keyboard.press("Escape")
    assert page.locator("#about").is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
    assert wrong == []
