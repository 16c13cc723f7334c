"""Build profiles: which findings stop which build, from `rules/profiles.yaml`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from comfyvn.source.diagnostics import Diagnostic


def apply_profile(findings: Sequence[Diagnostic], name: str) -> list[Diagnostic]:
    """Return the findings, those that stop this profile as errors."""
    if not findings:
        return []
    stopping = stops(name)
    return [replace(f, severity="error") if f.code in stopping else f for f in findings]


@cache
def stops(name: str) -> frozenset[str]:
    """Return the codes of the findings that stop a profile: of a build, or `publish`."""
    # Most builds find nothing, and these take a while to import.
    from comfyvn.data import data_folder
    from comfyvn.model.profile import Profiles
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.yaml import load_yaml

    path = data_folder("rules") / "profiles.yaml"
    node = load_yaml(path.read_text(encoding="utf-8"), path.name, Diagnostics())
    assert node is not None
    return frozenset(Profiles.model_validate(node.plain()).root[name].errors)
