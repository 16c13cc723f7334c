"""What one asks of builds: `why`, `graph`, `stats`, `clean`, `build --dry-run`, of real builds."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from comfyvn.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "example_project"
SCENES = {
    "one": "Hello.\n\n[Go on](two.md)\n",
    "two": 'World of paper and rain.\n\n`ending done "Done"`\n',
    "three": "Nobody comes here.\n\n[Back](one.md)\n",
}


def make(root: Path) -> Path:
    (root / "scenes").mkdir(parents=True)
    (root / "vn.yaml").write_text(
        "format: 1\nid: tiny\ntitle: Tiny\nstart: one\ntargets: [web]\n", encoding="utf-8"
    )
    for name, text in SCENES.items():
        (root / f"scenes/{name}.md").write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make(tmp_path_factory.mktemp("built") / "tiny")
    assert main(["build", "web", "-q", "-C", str(root)]) == 0
    return root


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "tiny"))


@pytest.fixture
def ask(project: Path, capsys: pytest.CaptureFixture[str]):
    def asked(*words: str) -> dict:
        capsys.readouterr()
        assert main([*words, "--json", "-C", str(project)]) == 0
        return json.loads(capsys.readouterr().out)

    return asked


def contents(root: Path) -> dict[str, tuple[int, bytes]]:
    return {
        path.relative_to(root).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in root.rglob("*")
        if path.is_file()
    }


def edit(project: Path, scene: str = "two") -> None:
    path = project / f"scenes/{scene}.md"
    path.write_text(path.read_text("utf-8").replace("World", "Worlds"), encoding="utf-8")


# build --dry-run


def test_a_dry_run_of_a_project_never_built_writes_nothing(tmp_path: Path, capsys) -> None:
    root = make(tmp_path / "new")
    before = contents(root)
    assert main(["build", "web", "--dry-run", "-C", str(root)]) == 0
    said = capsys.readouterr().out
    assert contents(root) == before
    assert not (root / ".comfyvn").exists()
    assert "not known until the sources have been read" in said
    assert "vn.lock would be written" in said


def test_a_dry_run_tells_what_runs_and_what_may(project: Path, ask) -> None:
    edit(project)
    before = contents(project)
    told = ask("build", "--dry-run")
    assert contents(project) == before
    front, _, targets = told["stages"]
    how = {each["step"]: each["how"] for each in front["would"]}
    assert how["declare two"] == "runs"
    assert how["lower two"] == "runs"
    assert how["link"] == "may"
    assert "declare one" not in how
    assert front["known"]
    assert not targets["known"]
    assert any(each["step"].startswith("web-fragment") for each in targets["would"])
    assert 0 < told["seconds"]["least"] <= told["seconds"]["most"]


EDITS = {
    "text": edit,
    "comment": lambda root: (root / "scenes/two.md").write_text(
        "<!-- later -->\n\n" + SCENES["two"], encoding="utf-8"
    ),
    "label": lambda root: (root / "scenes/three.md").write_text(
        SCENES["three"] + "\n## attic\n\nDust.\n\n[Back](one.md)\n", encoding="utf-8"
    ),
    "title": lambda root: (root / "vn.yaml").write_text(
        (root / "vn.yaml").read_text("utf-8").replace("Tiny", "Small"), encoding="utf-8"
    ),
    "a scene more": lambda root: (root / "scenes/four.md").write_text(
        "More.\n\n[Back](one.md)\n", encoding="utf-8"
    ),
    "a scene less": lambda root: (root / "scenes/three.md").unlink(),
    "a character": lambda root: (
        (root / "characters").mkdir(),
        (root / "characters/mei.yaml").write_text("name: Mei\n", encoding="utf-8"),
    ),
    "outputs gone": lambda root: shutil.rmtree(root / "build/web/story"),
    "an output altered": lambda root: (root / "build/web/sw.js").write_text("mine"),
    "the state gone": lambda root: shutil.rmtree(root / ".comfyvn"),
    "the store gone": lambda root: (root / ".comfyvn/store.db").unlink(),
    "the manifest gone": lambda root: (root / ".comfyvn/manifest").unlink(),
}


@pytest.mark.parametrize("what", EDITS)
def test_a_dry_run_keeps_its_word(project: Path, ask, what: str) -> None:
    EDITS[what](project)
    before = contents(project)
    told = ask("build", "--dry-run")
    assert contents(project) == before
    known = {stage["stage"] for stage in told["stages"] if stage["known"]}
    may = {each["step"] for stage in told["stages"] for each in stage["would"]}
    must = {
        each["step"]
        for stage in told["stages"]
        if stage["known"]
        for each in stage["would"]
        if each["how"] == "runs"
    }
    ran = {each["step"] for each in ask("build", "--explain")["steps"]}
    assert must <= ran
    of_front = {"project", "declare", "lower", "link", "count", "labels", "locate", "requests"}
    surely = (
        ran
        if known == {"front", "assets", "targets"}
        else {step for step in ran if step.partition(" ")[0] in of_front}
    )
    assert surely <= may


def test_a_change_that_is_undone_is_taken_from_the_store(project: Path, ask) -> None:
    before = (project / "scenes/two.md").read_bytes()
    edit(project)
    assert main(["build", "-q", "-C", str(project)]) == 0
    (project / "scenes/two.md").write_bytes(before)
    told = ask("build", "--dry-run")
    would = {e["step"]: e["how"] for stage in told["stages"] for e in stage["would"]}
    assert would["declare two"] == would["lower two"] == "taken"
    must = {step for step, how in would.items() if how == "runs"}
    outcome = ask("build", "--explain")
    ran = {each["step"] for each in outcome["steps"] if each["how"] == "ran"}
    assert must <= ran <= would.keys()


def test_a_dry_run_with_nothing_to_do_says_so(project: Path, capsys) -> None:
    assert main(["build", "--dry-run", "-C", str(project)]) == 0
    assert "nothing to do" in capsys.readouterr().out


def test_a_dry_run_sees_an_output_that_is_gone(project: Path, ask) -> None:
    (project / "build/web/sw.js").unlink()
    told = ask("build", "--dry-run")
    would = [each for stage in told["stages"] for each in stage["would"]]
    assert [each["step"] for each in would] == ["web-worker"]
    assert would[0]["why"] == "outputs"


def test_only_the_outputs_that_are_gone_are_named(project: Path, ask, capsys) -> None:
    icons = sorted((project / "build/web/icons").iterdir())
    assert len(icons) > 1
    gone = f"build/web/icons/{icons[0].name}"
    (project / gone).unlink()
    told = ask("build", "--dry-run")
    would = [each for stage in told["stages"] for each in stage["would"] if each["how"] == "runs"]
    assert [(each["step"], each["why"], each["names"]) for each in would] == [
        ("web-icons", "outputs", [gone])
    ]
    assert [each["name"] for each in ask("why", "web-icons")["changes"]] == [gone]
    assert main(["build", "web", "--explain", "-C", str(project)]) == 0
    assert f"because `{gone}` is not as it was left\n" in capsys.readouterr().err


# why


def test_why_follows_an_output_to_the_scenes(ask) -> None:
    answer = ask("why", "build/web/index.html")

    def sources(branches: list[dict]) -> set[str]:
        return {name for each in branches for name in (*each["sources"], *sources(each["from"]))}

    found = sources(answer["from"])
    assert {f"scenes/{name}.md" for name in SCENES} | {"vn.yaml"} <= found
    assert answer["changes"] == []
    assert not answer["may_change"]
    assert answer["made"][0]["why"] == "new"


def test_why_names_the_source_that_changed_since(project: Path, ask) -> None:
    edit(project)
    answer = ask("why", "build/web/index.html")
    assert [(each["name"], each["kind"]) for each in answer["changes"]] == [
        ("scenes/two.md", "source")
    ]
    # What another scene is made of has not changed.
    assert ask("why", "declare one")["changes"] == []


def test_why_tells_the_chain_of_the_last_build(project: Path, ask) -> None:
    edit(project)
    assert main(["build", "-q", "-C", str(project)]) == 0
    chain = ask("why", "build/web/index.html")["made"]
    assert [link["step"] for link in chain][:2] == ["web-page", "web-index"]
    assert chain[-1]["step"] in ("lower two", "declare two")
    assert chain[-1]["names"] == ["scenes/two.md"]
    assert len({link["at"] for link in chain}) == 1


def test_why_says_that_an_output_was_altered(project: Path, ask) -> None:
    (project / "build/web/index.html").write_text("mine now")
    changes = ask("why", "build/web/index.html")["changes"]
    assert ("build/web/index.html", "output") in [(e["name"], e["kind"]) for e in changes]


def test_why_sees_a_rule_that_changed(project: Path, ask) -> None:
    (project / "rules").mkdir()
    (project / "rules/own.yaml").write_text(
        "web-worker:\n  target: web\n  inputs: ['@web/face', '@web/page', '@web/index', "
        "'@web/code', '@web/fonts', '@web/icons', '@web/fragment/*', '@web/asset/*']\n"
        "  outputs: [build/web/sw.js]\n  action: comfyvn.targets.web_actions:worker\n"
        "  version: 2\n",
        encoding="utf-8",
    )
    changes = ask("why", "build/web/sw.js")["changes"]
    assert ("web-worker", "definition") in [(each["name"], each["kind"]) for each in changes]


def test_why_of_a_source_says_where_it_goes(ask) -> None:
    answer = ask("why", "scenes/two.md")
    assert answer["kind"] == "source"
    assert "build/web/sw.js" in answer["used_in"]["web"]


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("build/web/indx.html", "build/web/index.html"),
        ("index.html", "build/web/index.html"),
        ("lower tow", "lower two"),
        ("scenes/on.md", "scenes/one.md"),
    ],
)
def test_why_offers_the_nearest_name(project: Path, capsys, asked: str, near: str) -> None:
    assert main(["why", asked, "-C", str(project)]) == 2
    assert f"did you mean `{near}`?" in capsys.readouterr().err


def test_of_a_step_that_failed_it_is_told_how(project: Path, ask, capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    (project / "rules").mkdir()
    (project / "rules/own.yaml").write_text(
        'grep:\n  for: {files: "art/*.txt"}\n  target: web\n  inputs: ["{path}"]\n'
        '  outputs: ["build/web/x/{stem}.txt"]\n'
        '  command: [sh, -c, "grep good {input} > {output} || { for i in 1 2 3 4 5 6 7; do'
        ' echo line $i; done; exit 7; }"]\n'.replace("{ for", "{{ for").replace("; }", "; }}"),
        encoding="utf-8",
    )
    (project / "art").mkdir()
    (project / "art/a.txt").write_text("bad")
    assert main(["build", "-q", "--trust", "-C", str(project)]) == 3
    assert main(["why", "grep art/a.txt", "-C", str(project)]) == 0
    said = capsys.readouterr().out
    assert "`grep art/a.txt` failed: `sh` failed with exit code 7" in said
    assert "line 7" in said
    assert "line 2" not in said
    assert "exit code 7" in ask("why", "grep art/a.txt")["failed"]["grep art/a.txt"]
    assert main(["build", "--dry-run", "-C", str(project)]) == 0
    assert "it, or a step that it needs, failed before" in capsys.readouterr().out
    (project / "art/a.txt").write_text("good")
    assert main(["build", "-q", "-C", str(project)]) == 0
    assert ask("why", "grep art/a.txt")["failed"] == {}
    assert json.loads((project / ".comfyvn/failures.json").read_text()) == {}


@pytest.mark.parametrize("command", ["why", "graph"])
@pytest.mark.parametrize(
    ("folder", "named"),
    [
        ("build", "`build/web/index.html`"),
        ("build/web/story", "`build/web/story/"),
        ("scenes/", "`scenes/one.md`"),
        (".", "`build/web/index.html`"),
    ],
)
def test_of_a_folder_a_few_files_in_it_are_named(
    project: Path, capsys, command: str, folder: str, named: str
) -> None:
    assert main([command, folder, "-C", str(project)]) == 2
    said = capsys.readouterr().err
    assert f"`{folder.rstrip('/')}` is a folder" in said
    assert named in said
    assert said.count(", `") <= 2


def test_a_folder_of_which_builds_know_nothing_is_said_to_be_one(project: Path, capsys) -> None:
    (project / "drafts").mkdir()
    assert main(["why", "drafts", "-C", str(project)]) == 2
    assert "`drafts` is a folder of which no build" in capsys.readouterr().err


def test_why_says_what_it_answers_for(project: Path, capsys) -> None:
    assert main(["why", "quite something else", "-C", str(project)]) == 2
    assert "name a file in build/" in capsys.readouterr().err
    assert main(["why", "vn.lock", "-C", str(project)]) == 2
    assert "`@lock/SCENE`" in capsys.readouterr().err
    assert main(["why", "@lock/two", "-C", str(project)]) == 0


def test_questions_before_the_first_build_say_what_to_do(tmp_path: Path, capsys) -> None:
    root = make(tmp_path / "new")
    for words in (["why", "vn.yaml"], ["graph"], ["stats"]):
        assert main([*words, "-C", str(root)]) == 1
        assert "comfyvn build" in capsys.readouterr().err
    assert not (root / ".comfyvn").exists()


def test_questions_outside_of_a_project_say_so(tmp_path: Path, capsys) -> None:
    for words in (["why", "x"], ["graph"], ["stats"], ["clean"]):
        assert main([*words, "-C", str(tmp_path)]) == 1
        assert "vn.yaml" in capsys.readouterr().err


def test_why_is_readable_at_eighty_columns(project: Path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["why", "build/web/index.html", "-C", str(project)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert any("lower" in line and "3 scenes" in line for line in lines)
    assert len(lines) < 60


# graph


def test_the_graph_of_steps_leads_from_sources_to_outputs(ask, project: Path, capsys) -> None:
    import networkx as nx

    capsys.readouterr()
    assert main(["graph", "--steps", "--format", "json", "-C", str(project)]) == 0
    told = json.loads(capsys.readouterr().out)
    graph = nx.DiGraph([(each["from"], each["to"]) for each in told["edges"]])
    assert nx.is_directed_acyclic_graph(graph)
    assert nx.has_path(graph, "scenes/two.md", "build/web/index.html")
    kinds = {each["id"]: each["kind"] for each in told["nodes"]}
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


# stats


def test_the_ledger_counts_every_build(project: Path, ask) -> None:
    first = ask("stats")
    assert first["builds"]["all"] == 1
    edit(project)
    ran = ask("build")["ran"]
    main(["build", "-q", "-C", str(project)])
    (project / "scenes/one.md").write_text("[go](#nowhere)\n")
    assert main(["build", "-q", "-C", str(project)]) == 1
    found = ask("stats")
    assert found["builds"]["all"] == 4
    assert found["builds"]["sources"] == 1
    assert [each["ran"] for each in found["growth"]][-1] == ran
    rules = {each["rule"]: each for each in found["rules"]}
    lower = rules["lower"]
    # Three at first, one after the edit; the build with an error looked at one more.
    assert lower["ran"] >= 4
    assert lower["steps"] == lower["ran"] + lower["reused"] + lower["fetched"] + lower["failed"]
    assert 0 < lower["hits"] < 1
    assert found["slowest"] == sorted(found["slowest"], key=lambda each: -each["seconds"])
    assert {"step", "seconds", "bytes", "runs"} <= found["slowest"][0].keys()


def test_what_is_folded_is_counted_once(project: Path, ask) -> None:
    once = ask("stats")
    assert once == ask("stats")
    ledger = project / ".comfyvn/ledger"
    assert not (ledger / "journal.jsonl").exists()
    assert sorted(path.name.partition("-")[0] for path in ledger.glob("*.parquet")) == [
        "builds", "rules", "steps",
    ]  # fmt: skip


def test_a_fold_that_was_killed_is_done_again(project: Path, ask) -> None:
    ledger = project / ".comfyvn/ledger"
    journal = (ledger / "journal.jsonl").read_bytes()
    before = ask("stats")
    part = next(ledger.glob("builds-*.parquet")).stem.removeprefix("builds-")
    # Killed after the tables were written and before the journal was removed.
    (ledger / f"journal-{part}.jsonl").write_bytes(journal)
    next(ledger.glob("steps-*.parquet")).unlink()
    assert ask("stats") == before


def test_a_line_that_was_cut_off_spoils_no_other(project: Path, ask) -> None:
    journal = project / ".comfyvn/ledger/journal.jsonl"
    journal.write_bytes(journal.read_bytes() + b'\n{"at": 12, "nu')
    main(["build", "-q", "-C", str(project)])
    assert ask("stats")["builds"]["all"] == 2


@pytest.mark.parametrize("writable", [True, False])
def test_what_cannot_be_read_of_the_ledger_is_left_out_and_told(
    project: Path, ask, capsys, writable: bool
) -> None:
    ledger = project / ".comfyvn/ledger"
    before = ask("stats")
    (ledger / "steps-junk.parquet").write_text("junk")
    if not writable:
        (ledger / "lock").unlink()
        (ledger / "lock").mkdir()
    (ledger / "journal.jsonl").write_text(
        'junk\n\n{"at": 1}\n[]\n"null"\n{"at":1,"null":{"web":3}}\n'
    )
    assert main(["stats", "--json", "-C", str(project)]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["builds"]["all"] == before["builds"]["all"] + 1
    assert len(json.loads(said.out)["left_out"]) == 2
    assert "left out: `ledger/steps-junk.parquet` cannot be read (" in said.err
    assert "left out: 4 lines of `ledger/journal.jsonl`" in said.err


def test_a_ledger_of_which_nothing_can_be_read_says_so(project: Path, capsys) -> None:
    ledger = project / ".comfyvn/ledger"
    shutil.rmtree(ledger)
    ledger.write_text("junk")
    assert main(["stats", "-C", str(project)]) == 1
    assert "left out: `.comfyvn/ledger` is a file" in capsys.readouterr().err


def test_many_folds_leave_a_damaged_table_alone(project: Path, ask) -> None:
    from comfyvn.engine.ledger import append_null

    junk = project / ".comfyvn/ledger/builds-000.parquet"
    ask("stats")
    junk.write_text("junk")
    for _ in range(20):
        append_null(project / ".comfyvn", {"web": 7})
        found = ask("stats")
    assert found["builds"]["all"] == 21
    assert junk.read_text() == "junk"
    assert len(list(junk.parent.glob("builds-*.parquet"))) <= 18


def test_many_folds_become_one(project: Path, ask) -> None:
    from comfyvn.engine.ledger import append_null

    for _ in range(20):
        append_null(project / ".comfyvn", {"web": 7})
        found = ask("stats")
    assert found["builds"]["all"] == 21
    assert found["builds"]["null"] == 20
    assert len(list((project / ".comfyvn/ledger").glob("builds-*.parquet"))) <= 17


def test_a_ledger_that_cannot_be_written_fails_no_build(project: Path) -> None:
    shutil.rmtree(project / ".comfyvn/ledger")
    (project / ".comfyvn/ledger").write_text("in the way")
    edit(project)
    assert main(["build", "-q", "-C", str(project)]) == 0


def test_stats_are_readable_at_eighty_columns(project: Path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["stats", "-C", str(project)]) == 0
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 80
    for title in ("Time by rule", "Slowest steps", "Growth"):
        assert title in said
    assert "…" not in said.partition("Growth")[2]


def test_stats_cut_off_no_number_at_sixty_columns(project: Path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert main(["stats", "-C", str(project)]) == 0
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 60
    assert "…" not in said


# clean


def test_clean_removes_what_was_built_and_nothing_else(project: Path, capsys) -> None:
    built = contents(project / "build")
    listing = built.pop(".files")
    mine = project / "build/web/notes.txt"
    mine.write_text("mine")
    assert main(["clean", "-C", str(project)]) == 0
    said = capsys.readouterr().err
    assert f"removed {len(built)} files" in said
    assert "build/web/notes.txt" in said
    assert sorted(path for path in (project / "build").rglob("*") if path.is_file()) == [
        project / "build/.files",
        mine,
    ]
    mine.unlink()
    assert main(["build", "-q", "-C", str(project)]) == 0
    now = contents(project / "build")
    assert now.pop(".files")[1] == listing[1]
    assert {name: data for name, (_, data) in now.items()} == {
        name: data for name, (_, data) in built.items()
    }


def test_clean_all_removes_the_state_but_no_saves(project: Path) -> None:
    saves = project / ".comfyvn/saves"
    saves.mkdir(exist_ok=True)
    (saves / "1.json").write_text("{}")
    assert main(["clean", "--all", "-q", "-C", str(project)]) == 0
    assert not (project / "build").exists()
    assert {path.name for path in (project / ".comfyvn").iterdir()} <= {"saves", "lock"}
    assert (saves / "1.json").exists()
    assert main(["build", "-q", "-C", str(project)]) == 0
    assert (project / "build/web/index.html").exists()


def test_a_dry_clean_removes_nothing(project: Path) -> None:
    before = contents(project)
    assert main(["clean", "--all", "--dry-run", "-q", "-C", str(project)]) == 0
    assert contents(project) == before


def test_clean_of_no_such_target_is_wrong_usage(project: Path, capsys) -> None:
    assert main(["clean", "wed", "-C", str(project)]) == 2
    assert "wed" in capsys.readouterr().err


# The example


def test_the_example_is_explained_in_a_page(tmp_path: Path, capsys, monkeypatch) -> None:
    """Without its pictures, which take long to draw; the tree has its nineteen scenes."""
    root = tmp_path / "example"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("build", ".comfyvn", "tools"))
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["build", "web", "--dry-run", "-C", str(root)]) == 0
    capsys.readouterr()
    assert main(["build", "web", "-q", "-C", str(root)]) == 0
    assert main(["why", "build/web/index.html", "-C", str(root)]) == 0
    said = capsys.readouterr().out
    assert "lower  19 scenes" in said
    assert "characters/*.yaml (5)" in said
    assert len(said.splitlines()) < 70
