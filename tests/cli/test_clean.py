"""`comfyvn clean` removes what was built and nothing else."""

from __future__ import annotations

from pathlib import Path

from cli.tiny import contents

from comfyvn.cli.main import main


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
