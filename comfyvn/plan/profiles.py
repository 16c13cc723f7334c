"""Build profiles: which findings stop which build, from `rules/profiles.yaml`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pydantic import RootModel

from comfyvn.data import data_folder
from comfyvn.model.base import Source
from comfyvn.source.diagnostics import Diagnostic, Diagnostics
from comfyvn.source.yaml import load_yaml


class Profile(Source):
    """What one profile makes of findings."""

    errors: list[str]


class Profiles(RootModel[dict[str, Profile]]):
    """Profiles by name."""


def apply_profile(findings: Iterable[Diagnostic], name: str) -> list[Diagnostic]:
    """Return the findings, those that stop this profile as errors."""
    path = data_folder("rules") / "profiles.yaml"
    node = load_yaml(path.read_text(encoding="utf-8"), path.name, Diagnostics())
    assert node is not None
    stops = set(Profiles.model_validate(node.plain()).root[name].errors)
    return [replace(f, severity="error") if f.code in stops else f for f in findings]
