"""What a project makes of its findings: severities of its own, and waivers."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple

from comfyvn.model.families import ADVISORY, Level, family_of
from comfyvn.model.placed_waiver import PlacedWaiver
from comfyvn.source.diagnostics import Diagnostic, Diagnostics
from comfyvn.source.nearest import nearest

Places = Callable[[str], tuple[str, int, int] | None]
"""Where an id of `vn.lock` stands: its path, its first line and its last; None if it is unknown."""

_ID = re.compile(r"[a-z][a-z0-9]{7}")
_NAMED = re.compile(r"`([^`]+)`")


class Judged(NamedTuple):
    """Findings, judged.

    Attributes:
        findings: what is left, with the project's severities, and what is wrong with waivers.
        waived: what is let stand, and by which waiver.
        unused: the waivers that let nothing stand.
    """

    findings: Diagnostics
    waived: tuple[tuple[Diagnostic, PlacedWaiver], ...]
    unused: tuple[PlacedWaiver, ...]


def judge(
    findings: Sequence[Diagnostic],
    lint: Mapping[str, Level],
    waivers: Sequence[PlacedWaiver],
    today: date,
    places: Places = lambda _: None,
    *,
    whole: bool = True,
) -> Judged:
    """Set severities, and take out what is waived.

    An error that is no advice stays what it is: nothing can be built with it.

    Args:
        findings: as the steps say them.
        lint: the severities that the project sets, by code or family; a code wins.
        waivers: what the project lets stand.
        today: the day that waivers are to hold on.
        places: where the ids that waivers name stand.
        whole: whether all was looked at, so that a waiver without a finding is not needed.
    """
    holding: dict[str, list[int]] = {}
    for number, each in enumerate(waivers):
        if each.until is None or today <= each.until:
            holding.setdefault(each.code, []).append(number)
    left = Diagnostics()
    waived = []
    used: set[int] = set()
    for finding in findings:
        for number in holding.get(finding.code, ()) if _may_change(finding) else ():
            if _covers(waivers[number].at, finding, places):
                used.add(number)
                waived.append((finding, waivers[number]))
                break
        else:
            left.append(finding)
    unused = []
    for number, each in enumerate(waivers):
        if each.until is not None and today > each.until:
            left.append(_ended(each))
        elif number not in used and whole and _level(each.code, lint) != "off":
            unused.append(each)
            left.append(_unneeded(each, findings))
    judged = (with_severity(finding, lint) for finding in left)
    return Judged(
        Diagnostics(finding for finding in judged if finding is not None),
        tuple(waived),
        tuple(unused),
    )


def _ended(waiver: PlacedWaiver) -> Diagnostic:
    return Diagnostic(
        "VN1702",
        "warning",
        f"the waiver of {waiver.code} at `{waiver.at}` ended on {waiver.until}",
        waiver.span,
        "mend what it lets stand, or give it another day",
    )


def _unneeded(waiver: PlacedWaiver, findings: Iterable[Diagnostic]) -> Diagnostic:
    """Tell of a waiver without a finding: it names a place that there is not, or can go."""
    near = None
    if not _ID.fullmatch(waiver.at):
        alike = {_scene_or_path(each) for each in findings if each.code == waiver.code}
        near = nearest(waiver.at, sorted(alike - {waiver.at}))
    return Diagnostic(
        "VN1701",
        "warning",
        f"nothing at `{waiver.at}` needs this waiver of {waiver.code}",
        waiver.span,
        f"delete it, or write `at: {near}` if that is meant" if near else "delete it",
    )


def _level(code: str, lint: Mapping[str, Level]) -> Level | None:
    """Return what a project sets for a code; its own entry wins over its family's."""
    return lint.get(code) or lint.get(family_of(code) or "")


def with_severity(finding: Diagnostic, lint: Mapping[str, Level]) -> Diagnostic | None:
    """Return a finding with the severity that a project gives it; None if it wants none."""
    if not lint or not _may_change(finding):
        return finding
    level = _level(finding.code, lint) or finding.severity
    if level == "off":
        return None
    return finding if level == finding.severity else dataclasses.replace(finding, severity=level)


def _may_change(finding: Diagnostic) -> bool:
    foreign = not finding.code.startswith("VN")
    return finding.severity != "error" or foreign or finding.code.startswith(ADVISORY)


def _covers(at: str, finding: Diagnostic, places: Places) -> bool:
    """Whether a finding is at a place that a waiver names."""
    if at in _NAMED.findall(finding.message):
        return True
    if _ID.fullmatch(at):
        place = places(at)
        if place is not None:
            return place[0] == finding.span.path and place[1] <= finding.span.line <= place[2]
    return any(_matches(name, at) for name in (finding.span.path, _scene_or_path(finding)))


def _scene_or_path(finding: Diagnostic) -> str:
    """Return the scene that a finding is about, else its file."""
    return finding.span.path.removeprefix("scenes/").removesuffix(".md")


@lru_cache(maxsize=4096)
def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern)
