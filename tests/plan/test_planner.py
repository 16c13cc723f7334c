"""Plans: what rules become, in which order, and what is wrong with them together."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan.rules_project import planned

from comfyvn.engine.pattern import is_pattern, matches
from comfyvn.engine.step import Plan, Step, canonical, message
from comfyvn.plan.names import Names
from comfyvn.plan.template import expand, expand_params

SCENES = ("scenes/one.md", "scenes/part/two.md")


def step(made: Plan, name: str) -> Step:
    return next(item for item in made.steps if item.name == name)


def names(made: Plan) -> list[str]:
    return [item.name for item in made.steps]


def test_a_rule_has_a_step_for_each_item(tmp_path: Path) -> None:
    made, found = planned(
        tmp_path,
        """
        page:
          for: scene
          message: 'writing {scene} {{}}'
          inputs: ["{path}", "@lock/{scene}", "vn.yaml"]
          outputs: ["build/x/{scene}.html"]
          params: {scene: "{scene}", list: ['a "{scene}" {{}}'], n: 1}
          DO
        """,
        (*SCENES, "vn.yaml"),
        ("@lock/one", "@lock/part/two"),
    )
    assert found == []
    assert names(made) == ["page one", "page part/two"]
    assert made.steps[1] == Step(
        "page part/two",
        "page",
        canonical({"scene": "part/two", "list": ['a "part/two" {}'], "n": 1}),
        ("scenes/part/two.md", "@lock/part/two", "vn.yaml"),
        ("build/x/part/two.html",),
    )
    assert message(made.rules["page"], made.steps[1]) == "writing part/two {}"


def test_files_of_the_project_are_items(tmp_path: Path) -> None:
    made, found = planned(
        tmp_path,
        """
        png:
          for: {files: "art/**/*.svg"}
          message: drawing {name}
          inputs: ["{path}"]
          outputs: ["build/{folder}/{stem}{suffix}.png"]
          DO
        top: {for: {files: "*.txt"}, inputs: ["{path}"], outputs: ["build/{folder}/{name}"], DO}
        """,
        ("art/a.svg", "art/deep/b.svg", "art/c.txt", "art.svg", "note.txt"),
    )
    assert found == []
    assert [item.outputs for item in made.steps] == [
        ("build/art/a.svg.png",),
        ("build/art/deep/b.svg.png",),
        ("build/note.txt",),
    ]
    assert message(made.rules["png"], made.steps[1]) == "drawing b.svg"


def test_stars_stand_for_sources_and_outputs_of_earlier_rules(tmp_path: Path) -> None:
    made, found = planned(
        tmp_path,
        """
        all: {inputs: ["@part/*", "art/*", "@given/*", "@open/*"], outputs: ["build/all"], DO}
        each: {for: scene, inputs: ["@word/*/{scene}"], outputs: ["build/each/{scene}"], DO}
        part: {for: scene, inputs: ["{path}"], outputs: ["@part/{scene}", "@word/de/{scene}"], DO}
        open: {for: scene, outputs: ["@open/{scene}-*"], DO}
        """,
        (*SCENES, "art/b", "art/a", "art/deep/c"),
        ("@given/x", "@other"),
    )
    assert found == []
    assert step(made, "all").inputs == (
        "@part/one", "@part/part/two", "art/a", "art/b", "@given/x", "@open/one-*",
        "@open/part/two-*",
    )  # fmt: skip
    assert step(made, "each part/two").inputs == ("@word/de/part/two",)
    assert names(made).index("all") > names(made).index("part one")


def test_what_only_another_target_wants_is_not_planned(tmp_path: Path) -> None:
    text = """
        made: {stage: front, outputs: ["@for-web"], DO}
        page: {target: web, inputs: ["@for-web"], outputs: ["build/web/x"], DO}
        game: {target: renpy, outputs: ["build/renpy/x"], DO}
        mine: {outputs: ["build/both/x"], DO}
        """
    made = ("@for-web",)
    assert names(planned(tmp_path, text, stage="front", targets=("renpy",))[0]) == []
    assert names(planned(tmp_path, text, stage="front", targets=("web",))[0]) == ["made"]
    assert names(planned(tmp_path, text, made=made, targets=("web",))[0]) == ["page", "mine"]
    assert names(planned(tmp_path, text, made=made, targets=("renpy",))[0]) == ["game", "mine"]
    assert [found for _, found in [planned(tmp_path, text, made=made)]] == [[]]


def test_orphans_are_said_and_left_out(tmp_path: Path) -> None:
    text = """
        end: {outputs: ["@nobody"], inputs: ["@between"], DO}
        between: {outputs: ["@between"], DO}
        kept: {outputs: ["@kept/x"], DO}
        check: {inputs: ["@kept/x"], DO}
        """
    made, found = planned(tmp_path, text, kept=("@kept/*",))
    assert names(made) == ["kept", "check"]
    assert [(item.code, item.severity, item.span.line) for item in found] == [
        ("VN1108", "warning", 3),
        ("VN1108", "warning", 2),
    ]


def test_reads_come_after_what_they_may_ask_for(tmp_path: Path) -> None:
    made, found = planned(
        tmp_path,
        """
        inquire: {outputs: ["build/x"], reads: ["@part/*"], DO}
        part: {for: scene, outputs: ["@part/{scene}"], DO}
        """,
        SCENES,
    )
    assert found == []
    assert names(made) == ["part one", "part part/two", "inquire"]


def test_an_input_that_an_action_may_choose_to_make(tmp_path: Path) -> None:
    made, found = planned(
        tmp_path,
        """
        use: {inputs: ["@brief/mei", "@front/x"], outputs: ["build/x"], DO}
        brief: {outputs: ["@brief/*"], DO}
        """,
        made=("@front/*",),
    )
    assert found == []
    assert names(made) == ["brief", "use"]


def test_an_input_that_nothing_makes(tmp_path: Path) -> None:
    made, found = planned(
        tmp_path,
        """
        part: {for: scene, inputs: ["{path}"], outputs: ["@part/{scene}"], DO}
        page: {for: scene, inputs: ["@parts/{scene}"], outputs: ["@page/{scene}"], DO}
        site: {inputs: ["@page/one"], outputs: ["build/site"], DO}
        logo: {inputs: ["art/logo.svg", "@part/one"], outputs: ["build/logo.svg"], DO}
        """,
        (*SCENES, "art/logos.svg"),
    )
    assert [(item.code, item.span.line, item.message, item.help) for item in found] == [
        (
            "VN1105", 3, "the rule `page` needs `@parts/one`, and 1 like it, which nothing makes",
            "did you mean `@part/one`?",
        ),
        (
            "VN1105", 5, "the rule `logo` needs `art/logo.svg`, which nothing makes",
            "did you mean `art/logos.svg`?",
        ),
    ]  # fmt: skip
    assert names(made) == ["part one", "part part/two"]  # `site` is left out without a word


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            """
            a: {outputs: ["build/x"], DO}
            b: {outputs: ["@y", "build/x"], DO}
            """,
            "the steps `a` and `b` both write `build/x`",
        ),
        (
            """
            a: {for: scene, outputs: ["build/{scene}"], DO}
            b: {outputs: ["build/one"], DO}
            """,
            "the steps `a one` and `b` both write `build/one`",
        ),
        (
            """
            a: {outputs: ["build/x/*.json"], DO}
            b: {outputs: ["build/x/y-*"], DO}
            """,
            "the step `b` writes `build/x/y-*`, and `a` `build/x/*.json`: that can be one file",
        ),
        (
            """
            a: {outputs: ["build/x/page.json"], DO}
            b: {outputs: ["build/x/y.html", "build/**"], DO}
            """,
            "the step `b` writes `build/**`, and `a` `build/x/page.json`: that can be one file",
        ),
        (
            """
            a: {outputs: ["build/z"], DO}
            b: {for: {files: "scenes/**"}, outputs: ["build/x{suffix}"], DO}
            """,
            "the steps `b scenes/one.md` and `b scenes/part/two.md` both write `build/x.md`",
        ),
        (
            """
            a: {outputs: ["build/z"], DO}
            b: {for: scene, outputs: ["build/x-*"], DO}
            """,
            "the steps `b one` and `b part/two` both write `build/x-*`",
        ),
        (
            """
            a: {outputs: ["build/z"], DO}
            b: {outputs: ["@made"], DO}
            c: {inputs: ["@made"], outputs: ["build/c"], DO}
            """,
            "the step `b` writes `@made`, which is there already",
        ),
    ],
)
def test_two_that_write_one_file(tmp_path: Path, text: str, said: str) -> None:
    made, found = planned(tmp_path, text, SCENES, ("@made",))
    assert [(item.code, item.message) for item in found] == [("VN1107", said)]
    assert found[0].span.line == 3
    assert found[0].related or "already" in said
    assert "b" not in {item.rule for item in made.steps}
    assert "a" in {item.rule for item in made.steps}


def test_a_step_may_write_a_file_and_a_pattern_that_fits_it(tmp_path: Path) -> None:
    _, found = planned(tmp_path, 'a: {outputs: ["build/x/*", "build/x/index.html"], DO}')
    assert found == []


def test_a_cycle_is_named_in_full(tmp_path: Path) -> None:
    made, found = planned(
        tmp_path,
        """
        a: {inputs: ["@c"], outputs: ["@a"], DO}
        b: {inputs: ["@a"], outputs: ["@b"], DO}
        c: {reads: ["@b*"], outputs: ["@c", "build/c"], DO}
        below: {inputs: ["@c"], outputs: ["build/below"], DO}
        apart: {outputs: ["build/apart"], DO}
        self: {inputs: ["@self"], outputs: ["@self", "build/self"], DO}
        """,
    )
    assert [item.code for item in found] == ["VN1106", "VN1106"]
    assert found[0].message == (
        "the rules wait for one another: `a` needs `@c` of `c`, `c` needs results of `b`, "
        "`b` needs `@a` of `a`"
    )
    spans = [found[0].span, *(related.span for related in found[0].related)]
    assert [(span.path, span.line) for span in spans] == [
        ("rules/own.yaml", 2), ("rules/own.yaml", 4), ("rules/own.yaml", 3),
    ]  # fmt: skip
    assert "`self` needs `@self` of `self`" in found[1].message
    assert names(made) == ["apart"]


def test_rules_may_wait_for_one_another_when_steps_do_not(tmp_path: Path) -> None:
    made, found = planned(
        tmp_path,
        """
        up: {for: {files: "*.a"}, inputs: ["@{stem}"], outputs: ["build/{stem}.up"], DO}
        first: {outputs: ["@x"], DO}
        second: {inputs: ["build/x.up"], outputs: ["@y"], DO}
        """,
        ("x.a", "y.a"),
    )
    assert found == []
    assert names(made) == ["first", "up x.a", "second", "up y.a"]


def test_a_command_line_is_part_of_the_parameters(tmp_path: Path) -> None:
    made, _ = planned(
        tmp_path,
        """
        a:
          for: {files: "*.svg"}
          inputs: ["{path}"]
          outputs: ["build/{stem}.png"]
          params: {size: 3}
          command: [draw, "{input}", "--name={stem}", "{{x}}", "{params.size}", "-o{output[0]}"]
        """,
        ("{input}.svg",),
    )
    assert made.steps[0].params == canonical(
        {
            "command": ["draw", "{input}", "--name={{input}}", "{{x}}", "{params.size}",
                        "-o{output[0]}"],
            "params": {"size": 3},
        }
    )  # fmt: skip
    assert made.steps[0].inputs == ("{input}.svg",)


# Properties


WORDS = st.text("ab{}%\"\\/'é\n", max_size=6)


@given(st.lists(WORDS, min_size=1, max_size=3), WORDS, WORDS)
def test_columns_are_what_one_at_a_time_gives(values: list[str], before: str, after: str) -> None:
    def escaped(text: str) -> str:
        return text.replace("{", "{{").replace("}", "}}")

    text = f"{escaped(before)}{{f}}{escaped(after)}{{f}}"
    columns = {"f": values}.__getitem__
    assert expand(text, columns, len(values)) == [f"{before}{v}{after}{v}" for v in values]
    assert expand_params({"k": [text, 1]}, columns, len(values)) == [
        canonical({"k": [f"{before}{v}{after}{v}", 1]}) for v in values
    ]


@given(st.text("ab/*", max_size=6), st.lists(st.text("ab/", max_size=6), max_size=40))
def test_names_are_selected_as_patterns_say(pattern: str, given_names: list[str]) -> None:
    known = sorted("@" + name for name in set(given_names))
    assert Names(known).select("@" + pattern) == [n for n in known if matches("@" + pattern, n)]


def check_order(made: Plan) -> None:
    """Each step stands after all that it needs."""
    done: set[str] = set()
    every = {name for item in made.steps for name in item.outputs}
    for item in made.steps:
        needed = {name for name in item.inputs if name in every}
        needed |= {n for n in every for r in made.rules[item.rule].reads if matches(r, n)}
        assert needed <= done | set(item.outputs)
        done.update(item.outputs)


@pytest.mark.parametrize("seed", range(60))
def test_random_rules_without_cycles_are_ordered(tmp_path: Path, seed: int) -> None:
    random.seed(seed)
    lines, made_by = [], []
    count = random.randint(2, 12)
    for i in range(count):
        inputs, reads = [], []
        for j in random.sample(range(i), min(i, random.randint(0, 3))):
            kind = random.choice(["each", "all", "reads"])
            if kind == "reads":
                reads.append(f"@r{j}/*")
            elif kind == "each" and made_by[j]:
                inputs.append(f"@r{j}/{{scene}}" if random.random() < 0.7 else f"@r{j}/s3")
            else:
                inputs.append(f"@r{j}/*")
        each = random.random() < 0.7
        if not each:
            inputs = [name for name in inputs if "{" not in name]
        made_by.append(each)
        output = f"@r{i}/{{scene}}" if each else f"@r{i}/x"
        build = f"build/r{i}/{{scene}}" if each else f"build/r{i}/x"
        lines.append(f"r{i}: {{{'for: scene, ' if each else ''}inputs: {inputs}, reads: {reads}, "
                     f"outputs: ['{output}', '{build}'], DO}}")  # fmt: skip
    random.shuffle(lines)
    files = [f"scenes/s{i}.md" for i in range(6)]
    made, found = planned(tmp_path, "\n".join(lines), files)
    assert found == []
    assert len(made.steps) == sum(6 if each else 1 for each in made_by)
    assert not any(is_pattern(name) for item in made.steps for name in item.inputs)
    check_order(made)
