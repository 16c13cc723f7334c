"""`comfyvn stats`: what the ledger counts, whatever happened to it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from cli.tiny import edit

from comfyvn.cli.main import main


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


def test_damaged_tables_are_no_reason_to_write_the_others_anew(project: Path, ask) -> None:
    ledger = project / ".comfyvn/ledger"
    before = ask("stats")
    for number in range(17):
        (ledger / f"steps-{number:03}.parquet").write_text("junk")
    sound = {path: path.stat().st_ino for path in ledger.glob("*.parquet")}
    assert len(ask("stats").pop("left_out")) == 17
    assert {path: path.stat().st_ino for path in ledger.glob("*.parquet")} == sound
    for path in sound:
        if path.name.startswith("steps-") and path.read_bytes() != b"junk":
            path.unlink()
    found = ask("stats")
    assert (found["builds"], found["slowest"]) == (before["builds"], [])


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
