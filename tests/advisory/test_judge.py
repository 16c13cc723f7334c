"""What projects make of findings: severities, waivers, and what is wrong with those."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from comfyvn.advisory.judge import judge
from comfyvn.model.families import ADVISORY, FAMILIES, family_of
from comfyvn.model.placed_waiver import PlacedWaiver
from comfyvn.model.waiver import read_waivers
from comfyvn.source.codes import codes
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Severity, Span

TODAY = date(2026, 11, 22)
HERE = Span.on_line("waivers.yaml", 1, 1, 5)


def finding(
    code: str = "VN1716",
    path: str = "scenes/night/tea.md",
    line: int = 3,
    severity: Severity = "warning",
    message: str = "the word `the` stands twice",
) -> Diagnostic:
    return Diagnostic(code, severity, message, Span.on_line(path, line, 1, 4))


def waiver(at: str, code: str = "VN1716", until: date | None = None) -> PlacedWaiver:
    return PlacedWaiver(code, at, "so", None, until, HERE)


def test_a_severity_is_set_by_code_and_by_family_and_the_code_wins() -> None:
    found = [finding(), finding("VN1710"), finding("VN1740")]
    judged = judge(found, {"text": "off", "VN1716": "note"}, [], TODAY)
    assert [(item.code, item.severity) for item in judged.findings] == [
        ("VN1716", "note"),
        ("VN1740", "warning"),
    ]


def test_an_error_that_is_no_advice_stays() -> None:
    found = [finding("VN0601", severity="error"), finding("VN1716", severity="error")]
    lint = {"names": "off", "VN0601": "off", "VN1716": "off"}
    waived = [waiver("night/*", "VN0601")]
    judged = judge(found, lint, waived, TODAY, whole=False)  # type: ignore[arg-type]
    assert [item.code for item in judged.findings] == ["VN0601"]


def test_a_waiver_of_a_place_that_is_misspelled_says_the_nearest() -> None:
    judged = judge([finding()], {}, [waiver("night/tee")], TODAY)
    help = {each.code: each.help for each in judged.findings}["VN1701"]
    assert "`at: night/tea`" in (help or "")


def test_a_finding_is_waived_at_its_scene_path_name_and_line() -> None:
    def places(id: str) -> tuple[str, int, int] | None:
        return ("scenes/night/tea.md", 3, 4) if id == "b1a2b3c4" else None

    for at in ("night/tea", "night/*", "scenes/night/tea.md", "the", "b1a2b3c4"):
        judged = judge([finding()], {}, [waiver(at)], TODAY, places)
        assert judged.findings == []
        assert [each[0] for each in judged.waived] == [finding()]
        assert judged.unused == ()
    for at in ("day/*", "night", "teh", "b1a2b3c5"):
        judged = judge([finding()], {}, [waiver(at)], TODAY, places)
        assert [item.code for item in judged.findings] == ["VN1716", "VN1701"]
        assert [each.at for each in judged.unused] == [at]
    judged = judge([finding(line=5)], {}, [waiver("b1a2b3c4")], TODAY, places, whole=False)
    assert [item.code for item in judged.findings] == ["VN1716"]


def test_a_waiver_holds_to_its_last_day() -> None:
    assert judge([finding()], {}, [waiver("night/*", until=TODAY)], TODAY).findings == []
    after = judge([finding()], {}, [waiver("night/*", until=TODAY)], date(2026, 11, 23))
    assert [item.code for item in after.findings] == ["VN1716", "VN1702"]
    silent = judge([finding()], {"release": "off"}, [waiver("x")], TODAY)
    assert [item.code for item in silent.findings] == ["VN1716"]


def test_what_is_off_makes_no_waiver_needless() -> None:
    judged = judge([finding()], {"text": "off"}, [waiver("day/*")], TODAY)
    assert judged.findings == []


@given(st.lists(st.sampled_from([finding(line=n) for n in range(4)])), st.integers(0, 5))
def test_nothing_is_lost(found: list[Diagnostic], count: int) -> None:
    judged = judge(found, {}, [waiver("night/tea")] * count, TODAY, whole=False)
    assert len(judged.findings) + len(judged.waived) == len(found)
    assert bool(judged.findings) == (bool(found) and not count)


def test_waivers_are_read_and_what_is_wrong_with_them_is_told() -> None:
    out = Diagnostics()
    read = read_waivers(
        "- {code: VN0337, at: start, reason: so, by: Ada, until: 2027-01-31}\n"
        "- {code: VN0337, at: start}\n"
        "- {code: VN1799, at: start, reason: so}\n"
        "- {code: VN0337, at: start, reason: so, until: 2026-02-30}\n"
        "- {code: ACME7, at: start, reason: so}\n"
        "- {code: VN0337, at: start, reason: so, why: x}\n"
        "- start\n",
        "waivers.yaml",
        out,
    )
    assert [(each.code, each.until) for each in read] == [
        ("VN0337", date(2027, 1, 31)),
        ("ACME7", None),
    ]
    assert read[0].span == Span.on_line("waivers.yaml", 1, 4, 8)
    assert [(item.code, item.span.line) for item in out] == [
        ("VN0211", 2),
        ("VN1703", 3),
        ("VN0214", 4),
        ("VN0210", 6),
        ("VN0212", 7),
    ]
    assert out[-1].message == "a waiver must be keys with values, not `start`"
    assert read_waivers("", "waivers.yaml", out) == []
    wrong = Diagnostics()
    assert read_waivers("a: 1", "waivers.yaml", wrong) == []
    assert [item.code for item in wrong] == ["VN0212"]


def test_every_piece_of_advice_is_in_exactly_one_family_as_the_documentation_says() -> None:
    advice = [code for code in codes() if code.startswith(ADVISORY)]
    page = (Path(__file__).parents[2] / "docs" / "lint.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\|([^|]*)\|([^|]*)\|$", page, re.MULTILINE)
    assert [family for family, _, _ in rows] == list(FAMILIES)
    listed = [
        (code, family)
        for family, ours, _ in rows
        for first, last in re.findall(r"(VN\d{4})(?: to (VN\d{4}))?", ours)
        for code in advice
        if first <= code <= (last or first)
    ]
    assert sorted(listed) == [(code, family_of(code)) for code in sorted(advice)]
    for family, _, theirs in rows:
        for said in re.findall(r"VN\d\d[\dx]{2}", theirs):
            assert family_of(said) == family
