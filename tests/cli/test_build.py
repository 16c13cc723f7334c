"""`comfyvn build`: what it writes, what it refuses, what it exits with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from comfyvn.cli.main import main

VN = "format: 1\nid: tiny\ntitle: Tiny\nstart: one\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "scenes").mkdir()
    (tmp_path / "vn.yaml").write_text(VN)
    (tmp_path / "scenes/one.md").write_text('Hello.\n\n`ending done "Done"`\n')
    return tmp_path


def files_of(folder: Path) -> dict[str, bytes]:
    """What the user sees: everything but the engine's own state."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".comfyvn" not in path.parts
    }


@pytest.mark.parametrize("target", ["web", "renpy"])
def test_a_second_build_changes_nothing(
    project: Path, target: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", target, "--json", "-C", str(project)]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[-1])
    before = files_of(project)
    assert first["target"] == target
    assert first["ran"] > 0
    assert main(["build", target, "--json", "-C", str(project)]) == 0
    second = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert second["ran"] == 0
    assert second["reused"] == first["ran"]
    assert files_of(project) == before


def test_a_target_of_another_folder_is_the_same(project: Path, tmp_path_factory) -> None:
    other = tmp_path_factory.mktemp("elsewhere") / "deep" / "copy"
    shutil.copytree(project, other)
    assert main(["build", "all", "-q", "-C", str(project)]) == 0
    assert main(["build", "all", "-q", "-C", str(other)]) == 0
    assert files_of(project) == files_of(other)


def test_errors_build_nothing_and_keep_what_is_built(project: Path) -> None:
    assert main(["build", "web", "-q", "-C", str(project)]) == 0
    before = files_of(project / "build")
    (project / "scenes/one.md").write_text("Hello.\n\n[go](#nowhere)\n")
    assert main(["build", "web", "-q", "-C", str(project)]) == 1
    assert files_of(project / "build") == before


def test_json_names_what_was_not_built(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "scenes/one.md").write_text("[go](#nowhere)\n")
    assert main(["build", "all", "--json", "-C", str(project)]) == 1
    results = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [result.pop("target") for result in results] == ["renpy", "web"]
    for result in results:
        assert Path(result.pop("out")).parent == project / "build"
        assert (result["reused"], result["failed"]) == (0, 1)
    (project / "scenes/one.md").write_text('Hello.\n\n`ending done "Done"`\n')
    (project / "build").write_text("in the way")
    assert main(["build", "web", "--json", "-C", str(project)]) == 3
    assert json.loads(capsys.readouterr().out)["failed"] >= 1


@pytest.mark.parametrize(
    ("words", "settings", "targets"),
    [
        (["web"], "", ["web"]),
        (["all"], "targets: [web]\n", ["renpy", "web"]),
        ([], "targets: [web, web]\n", ["web"]),
        ([], "targets: [wed]\n", ["renpy", "web"]),
        ([], "titel: [\n", ["renpy", "web"]),
    ],
)
def test_json_names_each_target_where_nothing_can_be_written(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    settings: str,
    targets: list[str],
) -> None:
    (project / "vn.yaml").write_text(VN + settings)
    (project / ".comfyvn").write_text("in the way")
    assert main(["build", *words, "--json", "-C", str(project)]) == 3
    results = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["target"], each["failed"]) for each in results] == [(t, 1) for t in targets]


def test_locked_refuses_a_lock_that_would_change(project: Path) -> None:
    assert main(["build", "web", "--locked", "-q", "-C", str(project)]) == 1
    assert not (project / "vn.lock").exists()
    assert main(["build", "web", "-q", "-C", str(project)]) == 0
    assert main(["build", "web", "--locked", "-q", "-C", str(project)]) == 0


def test_a_release_stops_at_what_a_draft_may_have(project: Path) -> None:
    (project / "scenes/one.md").write_text('TODO: more.\n\n`ending done "Done"`\n')
    assert main(["build", "web", "-q", "-C", str(project)]) == 0
    assert main(["build", "web", "--profile", "release", "-q", "-C", str(project)]) == 1


def test_a_release_stops_at_advice_that_the_project_calls_an_error(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "waivers.yaml").write_text("- {code: VN1799, at: start, reason: not ours}\n")
    settings = project / "vn.yaml"
    text = settings.read_text("utf-8")
    assert "lint:" not in text
    release = ["build", "web", "--profile", "release", "-q", "-C", str(project)]
    settings.write_text(text + "\nlint: {VN1703: error}\n", "utf-8")
    assert main(release) == 1
    assert "error[VN1703]" in capsys.readouterr().err
    assert not (project / "build" / "web").exists()
    assert main(["build", "web", "-q", "-C", str(project)]) == 0
    settings.write_text(text + "\nlint: {VN1703: off}\n", "utf-8")
    assert main(release) == 0


def test_an_unknown_target_is_wrong_usage(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "wed", "-C", str(project)]) == 2
    assert "wed" in capsys.readouterr().err


def test_a_folder_without_a_project_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "-C", str(tmp_path)]) == 1
    assert "vn.yaml" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [["-j", "0"], ["-j", "-2"], ["-j", "two"], ["--dry-run", "--verify"]]
)
def test_options_that_mean_nothing_are_wrong_usage(project: Path, options: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["build", *options, "-C", str(project)])
    assert ended.value.code == 2
    assert not (project / "build").exists()


def test_every_way_to_nothing_says_the_same(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "web", "-C", str(project)]) == 0
    assert " steps run, 0 reused, " in capsys.readouterr().err
    said = []
    for options in ([], ["--explain"], ["-j", "2"]):
        assert main(["build", "web", *options, "-C", str(project)]) == 0
        said.append(capsys.readouterr().err)
    assert len(set(said)) == 1
    assert said[0].startswith("web: nothing to do, ")


def test_a_failed_step_leaves_its_target_unfinished_and_says_so(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "web", "-q", "-C", str(project)]) == 0
    (project / "build/web/index.html").unlink()
    (project / "build/web/index.html").mkdir()
    assert main(["build", "web", "-C", str(project)]) == 3
    assert "web: not finished" in capsys.readouterr().err


def test_a_dry_run_says_that_rules_are_not_trusted(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "rules").mkdir()
    (project / "rules/own.yaml").write_text(
        "own:\n  outputs: [build/web/x]\n  target: web\n  command: [touch, '{output}']\n"
    )
    assert main(["build", "web", "--dry-run", "-C", str(project)]) == 1
    assert "VN1113" in capsys.readouterr().err
    assert main(["build", "web", "--dry-run", "--trust", "-C", str(project)]) == 0
    assert main(["build", "web", "--dry-run", "-C", str(project)]) == 1  # It wrote nothing.


def test_check_reads_the_rules_of_the_project(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "rules").mkdir()
    (project / "rules/own.yaml").write_text("own:\n  outputs: [scenes/x.md]\n  command: [ls]\n")
    assert main(["check", "-C", str(project)]) == 1
    assert "VN1109" in capsys.readouterr().out
    assert not (project / "build").exists()


def test_a_file_where_the_folder_should_be_is_said_once(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "build").write_text("mine")
    assert main(["build", "web", "-C", str(project)]) == 3
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert (project / "build").read_text() == "mine"


def test_a_variable_that_means_nothing_fails_no_build(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = project.parent / "cache"
    monkeypatch.setenv("COMFYVN_CACHE", str(cache))
    monkeypatch.setenv("COMFYVN_CACHE_MODE", "both")
    assert main(["build", "web", "-C", str(project)]) == 0
    assert "the mode `both` of the shared cache" in capsys.readouterr().err
    assert not cache.exists()
    assert main(["cache", "stats", "-C", str(project)]) == 2


def test_a_cache_that_nothing_opens_is_said_before_anything_is_built(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "web", "--cache", "foo://x", "-C", str(project)]) == 2
    assert "`foo://`" in capsys.readouterr().err
    assert not (project / ".comfyvn").exists()


def test_what_the_shared_cache_had_is_told_apart(
    project: Path, tmp_path_factory, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "art").mkdir()
    (project / "art/a.txt").write_text("a")
    (project / "rules").mkdir()
    (project / "rules/own.yaml").write_text(
        'kept:\n  for: {files: "art/*.txt"}\n  target: web\n  inputs: ["{path}"]\n'
        '  outputs: ["build/web/x/{stem}.txt"]\n  action: comfyvn.engine.actions:copy\n'
        "  cache: shared\n"
    )
    other = Path(shutil.copytree(project, tmp_path_factory.mktemp("elsewhere") / "tiny"))
    cache = ["--cache", str(tmp_path_factory.mktemp("cache"))]
    assert main(["build", "web", *cache, "--cache-mode", "write", "-C", str(project)]) == 0
    assert "fetched" not in capsys.readouterr().err
    # Another text: what is kept of the whole build does not fit, what is kept singly does.
    (other / "scenes/one.md").write_text('Bye.\n\n`ending done "Done"`\n')
    assert main(["build", "web", *cache, "--json", "-C", str(other)]) == 0
    said = capsys.readouterr()
    assert " run, 1 fetched, 0 reused, " in said.err
    told = json.loads(said.out)
    assert (told["fetched"], told["reused"]) == (1, 1)
    assert main(["build", "web", "--json", "-C", str(other)]) == 0
    assert json.loads(capsys.readouterr().out)["fetched"] == 0


def test_a_null_build_says_its_warnings_again_and_writes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "scenes/one.md").write_text('TODO: more.\n\n`ending done "Done"`\n')
    assert main(["build", "all", "-q", "-C", str(project)]) == 0
    warned = capsys.readouterr().err
    assert "warning[VN0337]" in warned
    (project / ".comfyvn/lock").unlink()
    for target in ("web", "all"):
        assert main(["build", target, "-q", "-C", str(project)]) == 0
        assert capsys.readouterr().err == warned
    assert not (project / ".comfyvn/lock").exists()
