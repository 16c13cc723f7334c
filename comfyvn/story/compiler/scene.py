"""Lowering of one scene, and what it tells of itself to the checks of the whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.po import Message
from comfyvn.source.syntax import At
from comfyvn.story.compiler.blocks import BlockLowering, SectionFlow
from comfyvn.story.compiler.flow import SceneFacts, SectionFacts, certain_exit
from comfyvn.story.compiler.header import enter_ops, header_span
from comfyvn.story.compiler.reading import Reading
from comfyvn.story.compiler.scope import SceneScope, Shared
from comfyvn.story.compiler.translations import Words, translate
from comfyvn.story.compiler.variables import as_program, params_of, returns_of
from comfyvn.story.resolve import Names
from comfyvn.story.types import Op

_SHAPING = ("VN03", "VN08")
"""How the codes begin of what may leave a link, a line or a directive out of the story."""

Spots = list[dict[str, Any]]
"""Where the sections of a scene and what leads out of them stand, as a JSON value."""
UNREADABLE: SceneFacts = {"sections": [], "errors": True}
"""The facts of a scene whose file cannot be read."""


class Following(NamedTuple):
    """A scene's chapter in the timeline, and the scene after it. It is a JSON value."""

    chapter: str | None = None
    next: str | None = None


@dataclass(slots=True)
class LoweredScene:
    """A scene of the Program: `part`, its translations, and what checks of the whole need."""

    part: dict[str, Any]
    words: dict[str, Words]
    facts: SceneFacts
    spots: Spots


def lower_scene(
    reading: Reading,
    ids: Sequence[str],
    names: Names,
    shared: Shared,
    following: Following,
    counted: Collection[str],
    catalogues: Mapping[str, Mapping[str, Message]],
    out: Diagnostics,
) -> LoweredScene:
    """Lower a scene and its translations; report what is wrong with either.

    `ids` are those of its anchors, `counted` the names of its lines that some scene asks `seen`
    for, `catalogues` its translations by language.
    """
    tree, header = reading.tree, reading.header
    found = Diagnostics()
    params = params_of(tree.id, names, lambda _: header_span(tree, "params"), found)
    returns = returns_of(tree.id, names, lambda _: header_span(tree, "returns"), found)
    scope = SceneScope(names, tree.id, tree.path, params, returns, shared, found)
    blocks = BlockLowering(scope, dict(zip(map(id, reading.found.nodes), ids, strict=True)))
    enter = enter_ops(tree, header, names, names.theme, found)
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
    part: dict[str, Any] = {"id": ids[0], "enter": enter, "sections": sections}
    if header.title:
        part["title"] = header.title
    if header.rating is not None:
        part["rating"] = header.rating
    if header.sfw_variant is not None:
        part["sfw_variant"] = header.sfw_variant
    chapter = header.chapter or following.chapter
    if chapter:
        part["chapter"] = chapter
    own = [each.name for each in params.values()]
    if own:
        part["params"] = own
    if returns is not None:
        part["returns"] = returns.kind
    resets = [*own, *(name for name in scope.scene_variables if name not in own)]
    if resets:
        part["scene_variables"] = resets
    if following.next is not None:
        part["next"] = following.next
    for name in counted:
        _count(name, names.scenes[tree.id].named, blocks.named)

    facts: SceneFacts = {
        "sections": _sections(sections, blocks.flows, [*reading.findings, *found], tree.path)
    }
    if any(item.severity == "error" for each in (reading.findings, found) for item in each):
        facts["errors"] = True
    if params:
        facts["parameters"] = {each.name: as_program(each) for each in params.values()}
    if resets:
        facts["resets"] = resets[0]
    if header.params or header.returns is not None:
        facts["expects"] = True
    if blocks.endings:
        facts["endings"] = [ending[:3] for ending in blocks.endings]
    if blocks.unlocks:
        facts["unlocks"] = list(blocks.unlocks)
    words: dict[str, Words] = {}
    if catalogues:
        sources = dict(zip(ids, (anchor.text for anchor in reading.found.anchors), strict=True))
        words, lost = translate(part, sources | blocks.sources, scope, catalogues)
        if lost:
            facts["lost"] = lost
    out += found
    return LoweredScene(part, words, facts, [_spots(flow) for flow in blocks.flows])


def _count(name: str, named: Mapping[str, tuple[str, str]], ops: Mapping[str, Op]) -> None:
    """Mark the line of a fixed name as one whose showings are counted."""
    if name in named:
        kind, line = named[name]
        op = ops.get(f"{line}_s" if kind == "i" else line)
        if op is not None:
            op["count"] = True


def _sections(
    sections: Sequence[Mapping[str, Any]],
    flows: Sequence[SectionFlow],
    findings: Sequence[Any],
    path: str,
) -> list[SectionFacts]:
    broken = [
        item.span.line
        for item in findings
        if item.severity == "error" and item.code.startswith(_SHAPING) and item.span.path == path
    ]
    told: list[SectionFacts] = []
    for index, (section, flow) in enumerate(zip(sections, flows, strict=True)):
        facts: SectionFacts = {"label": flow.label}
        if flow.jumps:
            facts["jumps"] = list(flow.jumps)
        if flow.calls:
            facts["calls"] = list(flow.calls)
        if flow.falls:
            facts["falls"] = True
        if flow.returns:
            facts["returns"] = True
        if flow.empty:
            facts["empty"] = True
        if broken:
            below = flows[index + 1].at.line if index + 1 < len(flows) else None
            if any(flow.at.line <= line and (below is None or line < below) for line in broken):
                facts["broken"] = True
        leads = certain_exit(section["body"], flow.falls)
        if leads is not None:
            facts["exit"] = leads
        told.append(facts)
    return told


def _spots(flow: SectionFlow) -> dict[str, Any]:
    spots: dict[str, At | dict[str, At]] = {"at": flow.at, "last": flow.last, "end": flow.end}
    if flow.returns:
        spots["returns"] = flow.returns
    if flow.jumps:
        spots["jumps"] = flow.jumps
    if flow.calls:
        spots["calls"] = flow.calls
    return spots
