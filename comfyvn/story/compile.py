"""From a loaded project to the Program: parse, name, lower, check.

Two walks over each scene. The first collects what it declares, so that links between scenes and
the ids of `vn.lock` are known; the second lowers it with these. All that is wrong is reported in
one go, and what depends on something wrong is silent.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from comfyvn.model.checks import check_variable
from comfyvn.model.header import Header
from comfyvn.model.load import LoadedProject
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.lock import Identity, Lock, identify
from comfyvn.source.scene import parse_scene
from comfyvn.source.syntax import Scene
from comfyvn.source.yaml import Node
from comfyvn.story.compile_blocks import BlockLowering
from comfyvn.story.compile_declarations import Declarations, declarations
from comfyvn.story.compile_facts import facts_of_project
from comfyvn.story.compile_flow import check_flow
from comfyvn.story.compile_header import enter_ops, header_span, read_header
from comfyvn.story.compile_scope import SceneScope, Shared
from comfyvn.story.compile_translations import translations
from comfyvn.story.compile_variables import facts_of
from comfyvn.story.plurals import rules
from comfyvn.story.resolve import Named, Names, SceneNames, cues_of, speakers_of
from comfyvn.story.types import ERROR, TEXT, VariableFacts

FRONT_MATTER = ("VN02", "VN0313", "VN0332")
"""How the codes of front matter that could not be read begin."""

SourceMap = dict[str, tuple[str, int, int]]
"""Where the source of an id stands: path, line, column."""


@dataclass(slots=True)
class Compiled:
    """A project, compiled. The Program is to be built only when nothing was an error."""

    program: dict[str, Any]
    source_map: SourceMap
    lock: Lock


@dataclass(slots=True)
class LoweredScene:
    """A scene of the Program, with what the checks of the whole need of it."""

    program: dict[str, Any]
    blocks: BlockLowering
    scope: SceneScope
    header: Header
    tree: Scene


def compile_project(loaded: LoadedProject, lock: Lock, out: Diagnostics) -> Compiled | None:
    """Compile a project, reporting all that is wrong; None when it has no scenes.

    The collector of reference cycles is off meanwhile: everything made here is kept.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _Compiler(loaded, out).run(lock)
    finally:
        if collecting:
            gc.enable()


class _Compiler:
    def __init__(self, loaded: LoadedProject, out: Diagnostics) -> None:
        self.loaded = loaded
        self.out = out
        self.chapters = _timeline(loaded)
        self.unsure: set[str] = set()

    def run(self, lock: Lock) -> Compiled | None:
        loaded, out = self.loaded, self.out
        if not loaded.scene_sources:
            return None
        speakers = speakers_of(loaded.characters)
        spoken = frozenset(
            name
            for id, each in loaded.characters.items()
            for name in (id, each.name, *each.aliases)
        )
        declared = {}
        for id, source in loaded.scene_sources.items():
            before = len(out)
            declared[id] = declarations(parse_scene(source.text, source.path, id, spoken, out))
            if any(item.code.startswith(FRONT_MATTER) for item in out[before:]):
                self.unsure.add(id)
        identity = identify(lock, {id: found.anchors for id, found in declared.items()})
        names = self.names(declared, identity, speakers)
        headers = self.headers(declared, names)
        shared = Shared()
        scenes = {
            id: self.scene(found, identity.ids[id], headers[id], names, shared)
            for id, found in declared.items()
        }
        for lowered in scenes.values():
            for line in shared.counted & lowered.blocks.named.keys():
                lowered.blocks.named[line]["count"] = True
        for id, after in pairwise(self.chapters):
            scenes[id].program["next"] = after
        check_flow(scenes, loaded.project.start, names, out)
        program = facts_of_project(loaded, names, scenes, shared)
        program["gone"] = identity.gone
        program["plurals"] = {
            language: [list(rule) for rule in rules(language)]
            for language in program["languages"]
            if rules(language)
        }
        program["translations"] = translations(
            loaded, scenes, self.sources(declared, identity, scenes), out
        )
        return Compiled(program, _source_map(declared, identity), identity.lock)

    def names(
        self,
        declared: Mapping[str, Declarations],
        identity: Identity,
        speakers: dict[str, list[str]],
    ) -> Names:
        loaded = self.loaded
        scenes = {}
        for id, found in declared.items():
            ids = identity.ids[id]
            scenes[id] = SceneNames(
                id,
                {slug: ids[index] for slug, index in found.slugs.items()},
                found.repeated,
                {
                    name: Named(found.anchors[index].kind, ids[index])
                    for name, index in found.named.items()
                },
            )
        world = loaded.project.world
        worlds = [loaded.worlds[world]] if world in loaded.worlds else list(loaded.worlds.values())
        names = Names(
            variables={},
            characters=loaded.characters,
            speakers=speakers,
            scenes=scenes,
            locations={id: place for each in worlds for id, place in each.locations.items()},
            times=frozenset(time for each in worlds for time in each.times),
            weathers=frozenset(weather for each in worlds for weather in each.weathers),
            props=loaded.props,
            themes=loaded.themes,
            cues=cues_of(loaded.characters),
            unread=frozenset(loaded.unread),
        )
        self.variables(names)
        return names

    def variables(self, names: Names) -> None:
        loaded, out, found = self.loaded, self.out, names.variables
        for name, variable in loaded.state.items():
            where = partial(loaded.at, "state.yaml", name, "values")
            found[name] = facts_of(name, variable, names, "", where, out)
        self.mistyped("", loaded.nodes.get("state.yaml"), found)
        for id, character in loaded.characters.items():
            for stat, variable in character.stats.items():
                name = f"{id}.{stat}"
                where = partial(loaded.at, f"characters/{id}.yaml", "stats", stat, "values")
                found[name] = facts_of(name, variable, names, "", where, out)
            node = loaded.nodes.get(f"characters/{id}.yaml")
            self.mistyped(f"{id}.", node.find("stats") if node else None, found)
            name = f"{id}.name"
            found[name] = VariableFacts(name, TEXT, "run", character.name)
            name = f"{id}.gender"
            gender = character.gender or character.pronouns
            found[name] = VariableFacts(name, TEXT, "run", gender)

    @staticmethod
    def header_place(scene: Scene, key: str) -> Callable[[object], Span]:
        """Return what gives the place of all that stands below a key of the front matter."""
        span = header_span(scene, key)
        return lambda _: span

    @staticmethod
    def mistyped(prefix: str, node: Node | None, found: dict[str, VariableFacts]) -> None:
        """Declare what a source names but what was wrong with, so that its uses are silent."""
        plain = node.plain() if node else None
        for name in plain if isinstance(plain, dict) else ():
            full = f"{prefix}{name}"
            found.setdefault(full, VariableFacts(full, ERROR, "run", False))

    def headers(self, declared: Mapping[str, Declarations], names: Names) -> dict[str, Header]:
        headers = {}
        for id, found in declared.items():
            before = len(self.out)
            header = headers[id] = read_header(found.scene, self.out)
            scene = names.scenes[id]
            scene.unsure = id in self.unsure or len(self.out) > before
            folder = id.rpartition("/")[0]
            params = self.header_place(found.scene, "params")
            for name, variable in header.params.items():
                check_variable(name, variable, params, self.out)
                facts = facts_of(f"{id}#{name}", variable, names, folder, params, self.out)
                scene.params[name] = VariableFacts(facts.name, facts.type, "scene", facts.default)
            named = found.scene.header.get("params")
            for name in named if isinstance(named, dict) else ():
                scene.params.setdefault(name, VariableFacts(f"{id}#{name}", ERROR, "run", False))
            if header.returns is not None:
                place = self.header_place(found.scene, "returns")
                check_variable("returns", header.returns, place, self.out)
                facts = facts_of("returns", header.returns, names, folder, place, self.out)
                scene.returns = facts.type
        return headers

    def scene(
        self,
        found: Declarations,
        ids: list[str],
        header: Header,
        names: Names,
        shared: Shared,
    ) -> LoweredScene:
        tree = found.scene
        language = self.loaded.project.language
        scope = SceneScope(names, tree.id, tree.path, shared, language, self.out)
        blocks = BlockLowering(scope, dict(zip(map(id, found.nodes), ids, strict=True)))
        enter = enter_ops(tree, header, names, self.loaded.project.theme, self.out)
        sections = []
        labels = [section.slug for section in tree.sections]
        section_ids = names.scenes[tree.id].section_ids
        for section, after in zip(tree.sections, [*labels[1:], None], strict=True):
            sections.append(
                {
                    "id": section_ids[section.slug],
                    "label": section.slug,
                    "title": section.title,
                    "body": blocks.section(section, after),
                }
            )
        program: dict[str, Any] = {"id": ids[0], "enter": enter, "sections": sections}
        if header.title:
            program["title"] = header.title
        chapter = header.chapter or self.chapters.get(tree.id)
        if chapter:
            program["chapter"] = chapter
        params = [facts.name for facts in scope.params.values()]
        if params:
            program["params"] = params
        returns = names.scenes[tree.id].returns
        if returns is not None:
            program["returns"] = returns.kind
        mentioned = [*params, *(name for name in scope.scene_variables if name not in params)]
        if mentioned:
            program["scene_variables"] = mentioned
        return LoweredScene(program, blocks, scope, header, tree)

    def sources(
        self,
        declared: Mapping[str, Declarations],
        identity: Identity,
        scenes: Mapping[str, LoweredScene],
    ) -> dict[str, str]:
        """The texts that a translator sees, by id."""
        found: dict[str, str] = {}
        if self.loaded.catalogues:
            for id, scene in scenes.items():
                anchors = declared[id].anchors
                found |= zip(identity.ids[id], (anchor.text for anchor in anchors), strict=True)
                found |= scene.blocks.sources
        return found


def _timeline(loaded: LoadedProject) -> dict[str, str]:
    """The scenes of the timeline in order, each with its chapter's title."""
    name = loaded.project.timeline
    if name is None and len(loaded.timelines) == 1:
        name = next(iter(loaded.timelines))
    if name not in loaded.timelines:
        return {}
    return {
        scene: chapter.title
        for chapter in loaded.timelines[name].chapters
        for scene in chapter.scenes
        if scene in loaded.scene_sources
    }


def _source_map(declared: Mapping[str, Declarations], identity: Identity) -> SourceMap:
    return {
        id: (found.scene.path, at.line, at.column)
        for scene, found in declared.items()
        for id, at in zip(identity.ids[scene], found.places, strict=True)
    }
