"""The audit trail: what was found about a project, what was decided, and by whom.

It holds no clock, no path of this machine and nothing that is not in committed files, so that the
same sources give the same bytes everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import comfyvn
from comfyvn.advisory.gate import Verdict
from comfyvn.advisory.ratings import highest
from comfyvn.advisory.routes import route_ratings
from comfyvn.model.policy import Ratings
from comfyvn.model.project import Project
from comfyvn.plan.acted import ACTED, asset_names, recording_ratings
from comfyvn.plan.check import Checked
from comfyvn.plan.content_actions import rated_assets
from comfyvn.source.diagnostics import Diagnostic


def audit(
    project: Project,
    target: str,
    verdict: Verdict,
    checked: Checked,
    decided: Ratings,
    archive: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return the audit trail of one target, as JSON.

    Args:
        project: `vn.yaml`.
        target: the target.
        verdict: what was decided.
        checked: what the check found out.
        decided: `policy/ratings.yaml`.
        archive: the archive's name, digest and size; None if there is none.
    """
    ratings = _read(checked, "@ratings")
    routes = _routes(checked) if ratings else {}
    licences = _read(checked, "@licences")
    return {
        "format": 1,
        "comfyvn": comfyvn.__version__,
        "project": {
            "id": project.id,
            "title": project.title,
            "version": project.version,
            "licence": project.licence,
            "commercial": project.commercial,
        },
        "target": target,
        "archive": archive,
        "content": ratings.get("targets", {}).get(target, {}),
        "ratings": {key: ratings.get(key) for key in ("declared", "story", "scenes", "items")}
        | {"assets": ratings.get("assets"), "doubts": ratings.get("doubts"), "endings": routes},
        "overrides": [each.model_dump(exclude_none=True) for each in decided.overrides],
        "licences": licences.get("works", []),
        "texts": licences.get("texts", []),
        "stopping": [_found(each) for each in verdict.stopping],
        "standing": [_found(each) for each in verdict.standing],
        "waived": [
            {
                "finding": _found(finding),
                "waiver": {
                    "code": waiver.code,
                    "at": waiver.at,
                    "reason": waiver.reason,
                    "by": waiver.by,
                    "until": waiver.until.isoformat() if waiver.until else None,
                },
            }
            for finding, waiver in verdict.waived
        ],
    }


def audit_bytes(told: Mapping[str, Any]) -> bytes:
    """Return an audit trail as it is written."""
    text = json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode()


def _read(checked: Checked, name: str) -> dict[str, Any]:
    data = checked.read(name)
    return {} if data is None else json.loads(data)


def _routes(checked: Checked) -> dict[str, str]:
    """Return the rating of the mildest route to each ending."""
    head, found = _read(checked, "@head"), _read(checked, "@found")
    scenes = json.loads(checked.read("@scenes") or b"[]")
    program = {**head, "scenes": {name: _read(checked, f"@part/{name}") for name in scenes}}
    marks, acted = _read(checked, "@marks"), _read(checked, ACTED)
    rated = rated_assets(marks, found["answers"])
    for path, rating in recording_ratings(marks, acted).items():
        for name in asset_names({path: acted[path]}):
            rated.ratings[name] = highest([rating, rated.ratings.get(name)])
    return route_ratings(program, rated)


def _found(finding: Diagnostic) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "path": finding.span.path,
        "line": finding.span.line,
    }
