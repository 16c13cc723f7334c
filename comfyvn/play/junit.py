"""Results of tests as JUnit XML, which CI systems read.

The form is that of https://github.com/testmoapp/junitxml: one `testsuite` for each target, one
`testcase` for each playtest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree

_FORBIDDEN = {code: "�" for code in range(32) if code not in (9, 10, 13)}
"""What XML 1.0 cannot hold, even escaped."""


class Case(NamedTuple):
    """One playtest on one target.

    `failures` are the places and messages of its failures, none if it passed; `skipped` says why
    it was not played there.
    """

    target: str
    name: str
    path: str
    line: int
    seconds: float
    failures: tuple[str, ...]
    skipped: str = ""


def junit(cases: Sequence[Case]) -> bytes:
    """Return the XML."""
    suites = ElementTree.Element("testsuites")
    for target in dict.fromkeys(case.target for case in cases):
        mine = [case for case in cases if case.target == target]
        suite = ElementTree.SubElement(suites, "testsuite", {"name": target, **_counts(mine)})
        for case in mine:
            element = ElementTree.SubElement(
                suite,
                "testcase",
                name=case.name,
                classname=case.path.removesuffix(".yaml").replace("/", "."),
                file=case.path,
                line=str(case.line),
                time=f"{case.seconds:.3f}",
            )
            if case.skipped:
                ElementTree.SubElement(element, "skipped", message=case.skipped)
            if case.failures:
                text = "\n".join(case.failures).translate(_FORBIDDEN)
                first = case.failures[0].translate(_FORBIDDEN)
                failure = ElementTree.SubElement(element, "failure", message=first)
                failure.text = text
    for key, value in _counts(cases).items():
        suites.set(key, value)
    ElementTree.indent(suites)
    found: bytes = ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True)
    return found + b"\n"


def _counts(cases: Sequence[Case]) -> dict[str, str]:
    return {
        "tests": str(len(cases)),
        "failures": str(sum(bool(case.failures) for case in cases)),
        "errors": "0",
        "skipped": str(sum(bool(case.skipped) for case in cases)),
        "time": f"{sum(case.seconds for case in cases):.3f}",
    }
