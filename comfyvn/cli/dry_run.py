"""What `comfyvn build --dry-run` prints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comfyvn.cli.reasons import because, duration

if TYPE_CHECKING:
    from comfyvn.engine.forecast import Verdict
    from comfyvn.plan.dry_run import DryRun, ForetoldStage

_WORDS = {"runs": "will run", "taken": "kept", "may": "may run"}
_TITLES = {
    "front": "reading the sources",
    "assets": "pictures and sounds",
    "targets": "writing the targets",
}
_SINGLE = 3
"""Up to how many steps of a rule are told one by one."""


def as_json(told: DryRun) -> str:
    """Return a dry run as a JSON object."""
    low, high, unknown = estimate([each for stage in told.stages for each in stage.verdicts])
    value: dict[str, Any] = {
        "targets": list(told.targets),
        "lock": told.lock,
        "seconds": {"least": round(low, 6), "most": round(high, 6), "unknown": unknown},
        "servers": told.servers.predicted.as_json(told.servers.compute.currency)
        if told.servers is not None
        else None,
        "stages": [
            {
                "stage": stage.name,
                "known": stage.known,
                "steps": stage.steps,
                "would": [
                    {
                        "step": each.step.name,
                        "how": each.how,
                        "why": each.reason.why,
                        "names": list(each.reason.names),
                        "seconds": each.seconds,
                    }
                    for each in stage.verdicts
                ],
            }
            for stage in told.stages
        ],
    }
    return json.dumps(value, ensure_ascii=False)


def as_text(told: DryRun) -> str:
    """Return a dry run for people."""
    lines: list[str] = []
    for stage in told.stages:
        lines += _stage(stage)
    every = [each for stage in told.stages for each in stage.verdicts]
    unseen = any(stage.steps is None for stage in told.stages)
    if told.servers is not None:
        from comfyvn.cli.compute import planned

        lines += planned(told.servers)
    if told.lock:
        lines.append("vn.lock would be written.")
    if not every and not unseen:
        lines.append(f"{' and '.join(told.targets)}: nothing to do.")
        return "\n".join(lines)
    low, high, unknown = estimate(every)
    count = {how: sum(each.how == how for each in every) for how in _WORDS}
    said = f"{count['runs']} will run, {count['may']} may"
    if count["taken"]:
        said += f", {count['taken']} are kept from an earlier build"
    if low or high:
        took = duration(high) if low == high else f"{duration(low)} to {duration(high)}"
        said += f"; {took} by the times of earlier runs"
        said += f", {unknown} of them unknown" if unknown else ""
    lines.append(f"{said}. Nothing was written.")
    return "\n".join(lines)


def estimate(verdicts: Sequence[Verdict]) -> tuple[float, float, int]:
    """Return the seconds that steps take on one core at least and at most.

    The third number is how many of them have no time known.
    """
    known = [each for each in verdicts if each.seconds is not None]
    low = sum(each.seconds or 0.0 for each in known if each.how == "runs")
    return low, sum(each.seconds or 0.0 for each in known), len(verdicts) - len(known)


def _stage(stage: ForetoldStage) -> list[str]:
    title = _TITLES[stage.name]
    if stage.steps is None:
        return [f"{title}: not known until the sources have been read", ""]
    if not stage.verdicts:
        return [
            f"{title}: {f'all {stage.steps} steps hold' if stage.steps else 'nothing to do'}",
            "",
        ]
    lines = [title]
    if not stage.known:
        lines[0] += ": as in the last build; what there is to do may change with the story"
    groups: dict[tuple[str, str], list[Verdict]] = {}
    for each in stage.verdicts:
        groups.setdefault((each.how, each.step.rule), []).append(each)
    for how, word in _WORDS.items():
        for (found, rule), verdicts in groups.items():
            if found == how:
                lines += _group(word, rule, verdicts)
    return [*lines, ""]


def _group(word: str, rule: str, verdicts: list[Verdict]) -> list[str]:
    if len(verdicts) <= _SINGLE:
        return [_line(word, each.step.name, [each]) for each in verdicts]
    return [_line(word, f"{rule} ({len(verdicts)} steps)", verdicts)]


def _line(word: str, name: str, verdicts: list[Verdict]) -> str:
    _, most, unknown = estimate(verdicts)
    took = "" if unknown == len(verdicts) or not most else duration(most)
    line = f"  {word:<9} {name:<34} {took:>8}"
    if word == _WORDS["may"]:
        return line.rstrip()  # It depends on what runs before; what exactly, `--json` has.
    reasons = {each.reason.why for each in verdicts}
    names = list(dict.fromkeys(name for each in verdicts for name in each.reason.names))
    why = because(reasons.pop(), names, most=1) if len(reasons) == 1 else "for several reasons"
    return f"{line}  {why}"
