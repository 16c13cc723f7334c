"""`comfyvn why`, and what all questions of builds have in common."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from builds.example import EXAMPLE, Cache, copy_project
from cli.tiny import SCENES, edit, make

from comfyvn.cli.main import main


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
    # Of what it was to make, the same is told.
    of_file = ask("why", "build/web/x/a.txt")
    assert (of_file["kind"], of_file["steps"]) == ("output", ["grep art/a.txt"])
    assert of_file["failed"] == ask("why", "grep art/a.txt")["failed"]
    assert main(["why", "build/web/x/a.txt", "-C", str(project)]) == 0
    assert "`grep art/a.txt` failed: `sh` failed with exit code 7" in capsys.readouterr().out
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
    (project / "papers").mkdir()
    assert main(["why", "papers", "-C", str(project)]) == 2
    assert "`papers` is a folder of which no build" in capsys.readouterr().err


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


def test_the_example_is_explained_in_a_page(
    tmp_path: Path, drawings: Cache, capsys, monkeypatch
) -> None:
    """Its pictures are fetched, which take long to paint; the tree has its nineteen scenes."""
    root = copy_project(EXAMPLE, tmp_path / "example")
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["build", "web", "--dry-run", "-C", str(root)]) == 0
    capsys.readouterr()
    cached = ["--cache", drawings.url, "--cache-mode", "read"]
    assert main(["build", "web", "-q", "-C", str(root), *cached]) == 0
    assert main(["why", "build/web/index.html", "-C", str(root)]) == 0
    said = capsys.readouterr().out
    assert "lower  19 scenes" in said
    assert "characters/*.yaml (5)" in said
    assert len(said.splitlines()) < 80
