"""What a project's YAML sources say, as a JSON value and back, without positions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comfyvn.model.character import Character
from comfyvn.model.listing import Listing
from comfyvn.model.load import LoadedProject
from comfyvn.model.music import Music
from comfyvn.model.project import Project
from comfyvn.model.prop import Prop
from comfyvn.model.state import Variable
from comfyvn.model.theme import Theme
from comfyvn.model.timeline import Timeline
from comfyvn.model.world import World


def globals_of(loaded: LoadedProject) -> dict[str, Any]:
    """Return what the YAML sources of a project say; what they leave out is left out."""
    kinds: dict[str, Mapping[str, Any]] = {
        "state": loaded.state,
        "characters": loaded.characters,
        "worlds": loaded.worlds,
        "themes": loaded.themes,
        "props": loaded.props,
        "timelines": loaded.timelines,
        "music": loaded.music,
    }
    said = {
        kind: {id: each.model_dump(exclude_unset=True) for id, each in found.items()}
        for kind, found in kinds.items()
    }
    return {
        "project": loaded.project.model_dump(exclude_unset=True),
        **said,
        "unread": sorted(loaded.unread),
    }


def project_of(said: Mapping[str, Any], listing: Listing) -> LoadedProject:
    """Return the project that `globals_of` gave a value of."""
    return LoadedProject(
        listing=listing,
        project=Project.model_validate(said["project"]),
        state={id: Variable.model_validate(each) for id, each in said["state"].items()},
        characters={id: Character.model_validate(each) for id, each in said["characters"].items()},
        worlds={id: World.model_validate(each) for id, each in said["worlds"].items()},
        themes={id: Theme.model_validate(each) for id, each in said["themes"].items()},
        props={id: Prop.model_validate(each) for id, each in said["props"].items()},
        timelines={id: Timeline.model_validate(each) for id, each in said["timelines"].items()},
        music={id: Music.model_validate(each) for id, each in said["music"].items()},
        unread=set(said["unread"]),
    )
