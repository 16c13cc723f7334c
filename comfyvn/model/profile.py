"""Build profiles, as `rules/profiles.yaml` has them."""

from __future__ import annotations

from pydantic import RootModel

from comfyvn.model.base import Source


class Profile(Source):
    """What one profile makes of findings."""

    errors: list[str]


class Profiles(RootModel[dict[str, Profile]]):
    """Profiles by name."""
