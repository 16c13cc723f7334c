"""`comfyvn explore`: what it prints and writes, and its exit codes."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from explore_report.branching import FILES, HIDDEN, make_fork
from pydantic import TypeAdapter

from comfyvn.cli.explore_routes import RouteFile, named_apart
from comfyvn.cli.main import main
from comfyvn.explore.report import Report
from comfyvn.explore.result import Witness
from comfyvn.plan.explore_page import coded
from tests.generate.build import write

EXAMPLE = Path(__file__).parent.parent.parent / "example_project"
RUNS = ("--runs", "40")


@pytest.fixture
def fork(tmp_path: Path) -> Path:
    return make_fork(tmp_path / "fork")


def printed(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> str:
    capsys.readouterr()
    assert main(["explore", *map(str, words)]) == code
    return capsys.readouterr().out


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_report_fits_the_terminal_and_says_what_is_what(
    fork: Path, capsys, monkeypatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    make_fork(fork, HIDDEN)
    told = printed(capsys, *RUNS, "-C", fork)
    assert max(map(len, told.splitlines())) <= width
    for words in ("The Fork", "4 endings", "The Cellar", "The Attic", "Ada"):
        assert words in told
    # The status of what nobody reaches is said in words.
    assert re.search(r"cannot be reached|not found", told)
    assert "\x1b" not in told


def test_json_is_one_object_that_fits_the_schema(fork: Path, capsys) -> None:
    report = TypeAdapter(Report).validate_json(printed(capsys, *RUNS, "--json", "-C", fork))
    assert report.title == "The Fork"
    assert report.walks.runs == 40
    again = TypeAdapter(Report).validate_json(printed(capsys, *RUNS, "--json", "-C", fork))
    assert again == report
    other = printed(capsys, *RUNS, "--seed", "7", "--json", "-C", fork)
    assert TypeAdapter(Report).validate_json(other).walks.seed == 7


def test_routes_are_files_that_play_and_pass_everything(fork: Path, tmp_path, capsys) -> None:
    folder = tmp_path / "routes"
    printed(capsys, *RUNS, "--routes", folder, "-q", "-C", fork)
    names = {path.stem for path in folder.iterdir()}
    wanted = {"ending-away", "ending-cellar", "ending-home", "shortest", "longest", "tour-01"}
    assert wanted <= names
    for name in ("away", "cellar", "home"):
        route = folder / f"ending-{name}.yaml"
        capsys.readouterr()
        assert main(["play", "--on", "interpreter", "--route", str(route), "-C", str(fork)]) == 0
        last = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert (last["t"], last["name"]) == ("ending", name)
    # Each answer says which choice it takes.
    cellar = (folder / "ending-cellar.yaml").read_text("utf-8")
    assert "Take the key." in cellar
    assert "Unlock the cellar." in cellar
    covered = printed(capsys, "--runs", "0", "--covered-by", folder, "--json", "-C", fork)
    coverage = {each["kind"]: each for each in json.loads(covered)["coverage"]}
    for kind in ("lines", "choices", "endings", "sections", "assets"):
        assert coverage[kind]["by_routes"] == coverage[kind]["total"], kind
    # The tours alone do.
    for path in folder.iterdir():
        if not path.stem.startswith("tour"):
            path.unlink()
    covered = printed(capsys, "--runs", "0", "--covered-by", folder, "--json", "-C", fork)
    for each in json.loads(covered)["coverage"]:
        assert each["by_routes"] == each["total"], each["kind"]


def test_an_input_is_answered_in_a_route_with_its_text(fork: Path, tmp_path, capsys) -> None:
    write(
        {
            "state.yaml": "key: {type: bool}\nname: {type: text}\n",
            "scenes/door.md": 'Who are you?\n\n`input name "Name: #1" default "O\'Hara: 1 #2"`\n\n'
            "[In](hall.md)\n",
        },
        fork,
    )
    folder = tmp_path / "routes"
    printed(capsys, *RUNS, "--routes", folder, "-q", "-C", fork)
    route = folder / "ending-home.yaml"
    assert main(["play", "--on", "interpreter", "--route", str(route), "-C", str(fork)]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["value"] for each in records if each["t"] == "input"] == ["O'Hara: 1 #2"]
    assert records[-1]["name"] == "home"


def test_routes_of_one_name_are_files_each(tmp_path: Path) -> None:
    names = ["a", "A", "a-2", "a"]
    ways = [RouteFile(name, "", Witness(seed, ())) for seed, name in enumerate(names)]
    assert [(each.name, each.way.seed) for each in named_apart(ways)] == [
        ("a", 0), ("A-2", 1), ("a-2-2", 2), ("a-3", 3),
    ]  # fmt: skip


def test_routes_that_cannot_be_read_are_wrong_usage(fork: Path, tmp_path, capsys) -> None:
    bad, empty = tmp_path / "bad.yaml", tmp_path / "empty"
    bad.write_text("choices: [-1]\n", encoding="utf-8")
    empty.mkdir()
    for path in (bad, empty, tmp_path / "nowhere.yaml"):
        printed(capsys, "--runs", "0", "--covered-by", path, "-C", fork, code=2)
    with pytest.raises(SystemExit) as wrong:
        main(["explore", "--runs", "some", "-C", str(fork)])
    assert wrong.value.code == 2


def test_errors_in_sources_and_files_that_cannot_be_written(fork: Path, capsys) -> None:
    printed(capsys, *RUNS, "--html", fork / "no" / "page.html", "-C", fork, code=3)
    write({"scenes/door.md": "Broken. `set nothing = 1`\n"}, fork)
    assert printed(capsys, *RUNS, "-C", fork, code=1) == ""


def page_of(root: Path, file: Path) -> str:
    assert main(["explore", *RUNS, "--html", str(file), "-q", "-C", str(root)]) == 0
    return file.read_text("utf-8")


def test_the_page_has_all_of_the_report_and_asks_no_network(fork: Path, tmp_path, capsys) -> None:
    make_fork(fork, {**HIDDEN, "characters/bo.yaml": "name: '<b>Bo & \"Co\"</b>'\n"})
    page = page_of(fork, tmp_path / "page.html")
    assert "<b>Bo" not in page
    assert "&lt;b&gt;Bo &amp; &#34;Co&#34;&lt;/b&gt;" in page
    assert "http" not in page.replace("http-equiv", "")
    for text in ("Unlock the cellar.", "The Attic", "Nobody ever comes up here.", "Home Again"):
        assert text in page
    drawn = page[page.index("<svg") : page.index("</svg>") + 6]
    svg = ET.fromstring(drawn)
    boxes = [each for each in svg.iter("g") if each.get("transform")]
    assert [each.findtext("title") for each in boxes] == [
        "door", "hall", "attic", "Away", "The Cellar", "Home Again", "The Attic",
    ]  # fmt: skip
    arrows = [each for each in svg.iter("path") if each.get("marker-end")]
    # door to hall, its ending, hall to two, attic to its own.
    assert len(arrows) == 5


def test_findings_are_judged_printed_and_on_the_page(fork: Path, tmp_path, capsys) -> None:
    write({"state.yaml": "key: {type: bool}\nunread: {type: int}\n"}, fork)
    page = page_of(fork, tmp_path / "page.html")
    err = capsys.readouterr().err
    assert "VN1616" in err
    assert "state.yaml:2:1" in err
    assert "<code>unread</code> is neither set nor asked for" in page
    assert "VN1616" in page
    assert "state.yaml:2" in page
    told = json.loads(printed(capsys, "--runs", "0", "--json", "-C", fork))["findings"]
    assert [(each["code"], each["path"], each["line"]) for each in told] == [
        ("VN1616", "state.yaml", 2)
    ]
    printed(capsys, "--runs", "0", "--strict", "-q", "-C", fork, code=1)
    # A project's own severity.
    settings = FILES["vn.yaml"] + "lint: {VN1616: off}\n"
    write({"vn.yaml": settings}, fork)
    printed(capsys, "--runs", "0", "--strict", "-q", "-C", fork)
    # A waiver.
    write({"vn.yaml": FILES["vn.yaml"]}, fork)
    write({"waivers.yaml": "- {code: VN1616, at: state.yaml, reason: for later, by: Ada}\n"}, fork)
    printed(capsys, "--runs", "0", "--strict", "-q", "-C", fork)


def test_names_in_messages_are_code_and_nothing_else_is_markup() -> None:
    assert coded("a `b<c>` & ``, `d") == "a <code>b&lt;c&gt;</code> &amp; <code></code>, `d"


def test_a_story_of_many_sections_is_drawn_by_scenes(fork: Path, tmp_path, capsys) -> None:
    rooms = "".join(f"Room.\n\n## Room {n}\n\n" for n in range(80))
    write({"scenes/hall.md": f'The hall.\n\n{rooms}\n`ending home "Home"`\n'}, fork)
    write({"scenes/door.md": "A door.\n\n- [Go in.](hall.md)\n- [Late](hall.md#room-70)\n"}, fork)
    page = page_of(fork, tmp_path / "page.html")
    drawn = ET.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])
    boxes = [each.findtext("title") for each in drawn.iter("g") if each.get("transform")]
    assert boxes == ["door", "hall", "Home"]


@pytest.fixture(scope="module")
def page_of_example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "page.html"
    words = ("--runs", "20", "--states", "2000", "--html", str(file), "-q", "-C", str(EXAMPLE))
    assert main(["explore", *words]) == 0
    return file


@pytest.mark.chromium
@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_the_screen_in_light_and_dark(
    page_of_example: Path, browser, size: tuple[int, int], scheme: str
) -> None:
    wrong: list[str] = []
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(page_of_example.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # Tables need no scrolling sideways, and the story begins in sight.
    wide = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter((e) => e.scrollWidth > e.clientWidth)"
        ".length"
    )
    assert wide == 0
    box = page.locator(".graph .start").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    page.locator("#h-choices ~ details summary").click()
    assert page.locator("#h-choices ~ details tbody tr").first.is_visible()
    contrast = page.evaluate(
        """() => {
          const light = (rgb) => rgb.match(/[\\d.]+/g).slice(0, 3).map((v) => v / 255)
            .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const card = document.querySelector("main section");
          const paper = light(getComputedStyle(card).backgroundColor);
          return [...document.querySelectorAll("main section *")].filter((e) => !e.closest("svg")
            && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).map((e) => {
              const ink = light(getComputedStyle(e).color);
              return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
          }).reduce((a, b) => Math.min(a, b), 21);
        }"""
    )
    assert contrast >= 4.5
    page.close()
    assert wrong == []
