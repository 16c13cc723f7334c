"""Reading rules: what is wrong with them is said where it stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from plan.rules_project import read, write

from comfyvn.data import data_folder
from comfyvn.model.rule import RuleEntry
from comfyvn.plan import rule_reader
from comfyvn.plan.collections import COLLECTIONS
from comfyvn.plan.rules import CACHE, NOT_RULES


def codes(root: Path, text: str) -> list[tuple[str, int, int]]:
    _, found = read(root, text)
    return [(item.code, item.span.line, item.span.column) for item in found]


def test_the_shipped_rules_are_sound(tmp_path: Path) -> None:
    rules, found = read(tmp_path)
    assert found == []
    files = {path.name for path in data_folder("rules").glob("*.yaml")} - {NOT_RULES}
    assert {rule.rule.origin[0] for rule in rules.declared.values()} == {
        f"comfyvn/rules/{name}" for name in files
    }
    assert all(rule.shipped for rule in rules.declared.values())


def test_a_rule_has_what_it_says(tmp_path: Path) -> None:
    rules, found = read(
        tmp_path,
        """
        thumbs:
          for: {files: "art/**/*.svg"}
          target: web
          message: shrinking {name}
          inputs: ["{path}"]
          reads: ["@head"]
          outputs: ["build/web/thumbs/{stem}.png"]
          params: {size: 64}
          command: [convert, "{input}", "{output}"]
          version: 3
          where: job
          cache: shared
          reproducible: false
          tool: false
          pool: art
          cpu: 2
          resources: {gpu: 1}
          timeout: 90
        """,
    )
    assert found == []
    made = rules.declared["thumbs"]
    assert made.rule._replace(origin=("", 0)) == (
        type(made.rule)(
            "thumbs", "command", "3", "shrinking {name}", "job", "shared", False, False, "art", 2,
            ("@head",), (("gpu", 1.0),),
        )._replace(timeout=90.0)
    )  # fmt: skip
    assert made.rule.origin == ("rules/own.yaml", 2)
    assert (made.stage, made.target, made.over, made.files) == (
        "back", "web", "files", "art/**/*.svg",
    )  # fmt: skip
    assert made.command == ("convert", "{input}", "{output}")
    assert made.input_at(0)[:3] == ("rules/own.yaml", 6, 12)
    assert made.output_at(0)[:3] == ("rules/own.yaml", 8, 13)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: {outputs: ['@x']}", ("VN1101", 1, 1)),
        ("a: {outputs: ['@x'], DO, command: [x]}", ("VN1101", 1, 1)),
        ("a: {outputs: ['@x'], where: command, DO}", ("VN1101", 1, 29)),
        ("a: {outputs: ['@x'], command: [x], where: worker}", ("VN1101", 1, 43)),
        ("a: {outputs: ['@x'], DO, for: scenes}", ("VN1102", 1, 1)),
        ("a: {outputs: ['@x'], DO, for: fragment, stage: front}", ("VN1102", 1, 1)),
        ("a: {outputs: ['@x/{scen}'], DO, for: scene}", ("VN1103", 1, 15)),
        ("a: {outputs: ['@x/{scene}'], DO}", ("VN1103", 1, 15)),
        ("a: {outputs: ['@x/}'], DO}", ("VN1103", 1, 15)),
        ("a: {outputs: ['@x'], params: {b: [{c: '{d}'}]}, DO}", ("VN1103", 1, 1)),
        ("a: {outputs: ['@x'], command: ['{inputs}']}", ("VN1103", 1, 1)),
        ("a: {outputs: ['@x'], command: ['{params.size}']}", ("VN1103", 1, 1)),
        ("a: {outputs: ['@x'], command: ['{output[1]}']}", ("VN1103", 1, 1)),
        ("a: {outputs: ['@x', '@y'], command: ['to={output}']}", ("VN1103", 1, 1)),
        ("a: {outputs: ['@x'], message: '{input}', DO}", ("VN1103", 1, 1)),
        ("a: {outputs: ['@x'], action: 'comfyvn.plan.asset_checks:chek'}", ("VN1104", 1, 1)),
        ("a: {outputs: ['@x'], action: 'comfyvn.plan.nothing:check'}", ("VN1104", 1, 1)),
        ("a: {outputs: ['@x'], action: nobody_offers_this}", ("VN1104", 1, 1)),
        ("a: {outputs: ['@x'], action: 'a b'}", ("VN1104", 1, 1)),
        ("a: {outputs: [art/x.png], DO}", ("VN1109", 1, 15)),
        ("a: {outputs: [build/../x], DO}", ("VN1109", 1, 15)),
        ("a: {outputs: ['@lock/x'], DO}", ("VN1109", 1, 15)),
        ("a: {outputs: ['@lock/{scene}'], for: scene, DO}", ("VN1109", 1, 15)),
        ("a: {outputs: ['@x'], inputs: [../secret], DO}", ("VN1110", 1, 31)),
        ("a: {outputs: ['@x'], inputs: [/etc/passwd], DO}", ("VN1110", 1, 31)),
        ("a: {outputs: ['@x'], inputs: ['C:/x'], DO}", ("VN1110", 1, 31)),
        ("a: {outputs: ['@x'], inputs: [.comfyvn/store.db], DO}", ("VN1110", 1, 31)),
        ("a: {outputs: ['@x'], reads: [../*], DO}", ("VN1110", 1, 1)),
        ("a: {outputs: ['@x'], for: {files: '/**'}, DO}", ("VN1110", 1, 1)),
        ("draw: {outputs: ['@x'], DO}", ("VN1111", 1, 1)),
        ("a: {output: ['@x'], DO}", ("VN0210", 1, 5)),
        ("a: {outputs: '@x', DO}", ("VN0212", 1, 14)),
        ("A b: {outputs: ['@x'], DO}", ("VN0214", 1, 1)),
        ("a: {outputs: ['@x'], cpu: 0, DO}", ("VN0214", 1, 27)),
        ("a: {outputs: ['@x'], target: psp, DO}", ("VN0213", 1, 30)),
        ("a: [", ("VN0201", 1, 5)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(tmp_path: Path, text: str, expected: tuple[str, int, int]) -> None:
    found = codes(tmp_path, text)
    assert expected[0] in [item[0] for item in found]
    assert expected in found


def test_the_nearest_names_are_offered(tmp_path: Path) -> None:
    _, found = read(
        tmp_path,
        """
        a: {outputs: ["@x"], DO, for: scenes}
        b: {outputs: ["@y/{scen}"], DO, for: scene}
        c: {outputs: ["@z"], action: "comfyvn.plan.asset_checks:chek"}
        """,
    )
    assert [item.help for item in found] == [
        "did you mean `scene`?",
        "did you mean `scene`?",
        "did you mean `check`?",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: {outputs: ['@x'], comand: [x]}", ("VN0210", "did you mean `command`?")),
        ("a: {outputs: ['@x'], acton: 'a:b'}", ("VN0210", "did you mean `action`?")),
        ("a: {outputs: ['@x'], command: touch x}", ("VN0212", "write `command: [touch x]`")),
        ("a: {outputs: ['@x'], command: []}", ("VN0214", None)),
        ("a: {outputs: ['@x'], action: [x]}", ("VN0212", None)),
        (
            "Bad Name: {outputs: ['@x'], DO}",
            ("VN0214", "names are small letters, digits, `-` and `_`, and begin with a letter"),
        ),
    ],
)
def test_a_mistake_in_what_a_rule_runs_is_said_once(
    tmp_path: Path, text: str, said: tuple[str, str | None]
) -> None:
    rules, found = read(tmp_path, text)
    assert [(item.code, item.help) for item in found] == [said]
    assert all(rule.shipped for rule in rules.declared.values())


@pytest.mark.parametrize("key", ["version: 2", "action: null", "colour: red"])
def test_a_rule_that_says_nothing_of_what_it_runs_has_no_action(tmp_path: Path, key: str) -> None:
    assert ("VN1101", 1, 1) in codes(tmp_path, f"a: {{outputs: ['@x'], {key}}}")


def test_a_rule_that_stands_twice_names_both(tmp_path: Path) -> None:
    write(tmp_path, "a: {outputs: ['@x'], DO}", "one.yaml")
    write(tmp_path, "\na: {outputs: ['@y'], DO}", "two.yaml")
    _, found = read(tmp_path)
    assert [(item.code, item.span.path, item.span.line) for item in found] == [
        ("VN1112", "rules/two.yaml", 2)
    ]
    assert found[0].related[0].span.path == "rules/one.yaml"


def test_a_rule_of_the_project_wins(tmp_path: Path) -> None:
    shipped = read(tmp_path)[0].declared["draw"]
    rules, found = read(
        tmp_path,
        """
        draw:
          for: drawing
          inputs: ["@brief/{key}"]
          outputs: ["@made/{key}"]
          command: [paint, "{input}", "{output}"]
        """,
    )
    assert found == []
    made = rules.declared["draw"]
    assert made.outputs == shipped.outputs
    assert (made.shipped, made.rule.where) == (False, "command")


def test_reading_again_reads_no_yaml(tmp_path: Path, monkeypatch) -> None:
    text = """
        a: {for: {files: "art/*"}, inputs: ["{path}"], outputs: ["@x/{name}"], DO,
            params: {p: [1, {q: "{name}"}]}, resources: {gpu: 1}, reads: ["@head"]}
        """
    first, _ = read(tmp_path, text)

    def refuse(*_: object) -> None:
        pytest.fail("YAML was read")

    with monkeypatch.context() as patch:
        patch.setattr(rule_reader, "read_file", refuse)
        assert read(tmp_path) == (first, [])
    damaged = (tmp_path / CACHE).read_bytes()[:-9] + b"x" * 9
    (tmp_path / CACHE).write_bytes(damaged)
    assert read(tmp_path) == (first, [])
    changed, _ = read(tmp_path, text.replace("@x/", "@y/"))
    assert changed.declared["a"].outputs == ("@y/{name}",)
    assert changed.digest != first.digest


def test_findings_are_said_each_time(tmp_path: Path) -> None:
    text = "a: {outputs: [art/x.png], DO}"
    assert codes(tmp_path, text) == codes(tmp_path, text) != []


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / ".comfyvn").write_text("a file")
    _, found = read(tmp_path, "a: {outputs: ['@x'], DO}")
    assert found == []


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/own.yaml").write_bytes(b"a: \xff\xfe\0")
    _, found = read(tmp_path)
    assert found
    shutil.rmtree(tmp_path / "rules")
    assert read(tmp_path)[1] == []


def test_the_page_on_rules_names_all_there_is() -> None:
    page = (data_folder("rules").parent / "docs/rules.md").read_text(encoding="utf-8")
    for name, selection in COLLECTIONS.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
        assert row.endswith(f"| {', '.join(f'`{field}`' for field in selection.fields)} |")
    keys = {field.alias or name for name, field in RuleEntry.model_fields.items()}
    table = page.split("## What a rule says")[1].split("## Names")[0]
    first = "".join(line.split(" | ")[0] for line in table.splitlines() if line.startswith("| `"))
    assert set(first.replace("`", " ").split()) - {"|", "or"} == keys
