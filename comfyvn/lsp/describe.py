"""What is known of a symbol, in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from comfyvn.lsp.pictures import picture_of
from comfyvn.lsp.project import Project
from comfyvn.lsp.symbols import Occurrence, Symbol
from comfyvn.model.state import Variable

_IN_LINK = re.compile(r"\]\(<?[^()]*$")
_MOST = 8
"""How many places are listed."""


def describe(project: Project, symbol: Symbol) -> str:
    """Return what a project says of a symbol."""
    told = _DESCRIBED.get(symbol.kind)
    return "\n\n".join(told(project, symbol.name)) if told is not None else _plain(project, symbol)


def variables(project: Project) -> dict[str, Variable]:
    """Return the variables of `state.yaml` and of the cast."""
    loaded = project.loaded
    stats = {
        f"{id}.{name}": stat
        for id, each in loaded.characters.items()
        for name, stat in each.stats.items()
    }
    return {**loaded.state, **stats}


def type_of(project: Project) -> dict[str, str]:
    """Return every variable with its type in words."""
    found = {name: _type(each) for name, each in variables(project).items()}
    for id in project.loaded.characters:
        found |= {f"{id}.name": "text", f"{id}.gender": "text"}
    return found


def _type(variable: Variable) -> str:
    if variable.range:
        return f"{variable.type} from {variable.range[0]:g} to {variable.range[1]:g}"
    if variable.values and variable.type != "label":
        return f"{variable.type} of {', '.join(variable.values)}"
    return variable.type


def places(project: Project, found: Iterator[Occurrence] | list[Occurrence]) -> str:
    """Return places as a list of links to their lines."""
    told = [
        f"- [{each.span.path}:{each.span.line}]"
        f"({(project.root / each.span.path).as_uri()}#L{each.span.line})"
        for each in found
    ]
    rest = [f"- and {len(told) - _MOST} more"] if len(told) > _MOST else []
    return "\n".join([*told[:_MOST], *rest])


def _variable(project: Project, name: str) -> Iterator[str]:
    owner, parameter, short = name.rpartition(":")
    variable = variables(project).get(name)
    if parameter:
        path = project.scenes.get(owner)
        reading = project.reading(path) if path else None
        variable = reading.header.params.get(short) if reading else None
    who, dot, stat = name.partition(".")
    if variable is None and dot and stat in ("name", "gender"):
        yield f"**{name}**: text"
        yield f"What the story calls `{who}`." if stat == "name" else f"The gender of `{who}`."
        return
    if variable is None:
        yield f"**{short}**"
        return
    about = [_type(variable), "parameter" if parameter else variable.scope]
    if variable.default is not None:
        default = variable.default
        about.append(f"default {str(default).lower() if isinstance(default, bool) else default!r}")
    yield f"**{short}**: {', '.join(about)}"
    if variable.doc:
        yield variable.doc
    set_here = [
        each
        for each in project.occurrences(Symbol("variable", name))
        if not each.defines and _sets(project, each)
    ]
    if set_here:
        yield f"Set in\n{places(project, set_here)}"


def _sets(project: Project, each: Occurrence) -> bool:
    """Whether a place of a variable is one where it gets a value."""
    line = project.text(each.span.path).split("\n")[each.span.line - 1]
    before = line[: each.span.column - 1].rpartition("`")[2]
    if before.endswith("into "):
        return True
    words = before.split(maxsplit=1)
    return bool(words) and words[0] in ("set", "input") and "=" not in before


def _character(project: Project, name: str) -> Iterator[str]:
    each = project.loaded.characters.get(name)
    if each is None:
        return
    called = f" (also {', '.join(each.aliases)})" if each.aliases else ""
    yield f"**{each.name}**{called}, `{name}`, {each.pronouns}"
    if image := picture_of(project, "sprite", name, ()):
        yield image
    if each.look.base:
        yield each.look.base
    looks = (each.look.expressions, each.look.poses, each.look.outfits)
    for kind, listed in zip(("Expressions", "Poses", "Outfits"), looks, strict=True):
        if listed:
            yield f"{kind}: {', '.join(f'`{look}`' for look in listed)}"
    if each.notes:
        yield f"*{each.notes}*"


def _look(project: Project, name: str) -> Iterator[str]:
    who, kind, look = name.split(".")
    each = project.loaded.characters.get(who)
    if each is None:
        return
    yield f"**{look}**: {kind[:-1]} of {each.name}"
    yield getattr(each.look, kind).get(look, "")
    if image := picture_of(project, "sprite", who, (look,)):
        yield image


def _location(project: Project, name: str) -> Iterator[str]:
    for world in project.loaded.worlds.values():
        place = world.locations.get(name)
        if place is not None:
            yield f"**{place.name or name}**, location `{name}`"
            if image := picture_of(project, "background", name, ()):
                yield image
            if place.alt:
                yield place.alt
            for what, listed in (("Times", place.times), ("Weathers", place.weathers)):
                if listed:
                    yield f"{what}: {', '.join(f'`{each}`' for each in listed)}"
            if place.ambience:
                yield f"Ambience: `{place.ambience}`"


def _prop(project: Project, name: str) -> Iterator[str]:
    prop = project.loaded.props.get(name)
    if prop is not None:
        yield f"**{prop.name or name}**, prop `{name}`"
        if image := picture_of(project, "prop", name, ()):
            yield image
        yield prop.alt


def _scene(project: Project, name: str) -> Iterator[str]:
    path = project.scenes.get(name)
    reading = project.reading(path) if path else None
    yield f"**{reading.header.title or name if reading else name}**, scene `{name}`"
    if reading is None:
        return
    head = reading.header
    about = [f"{key} `{getattr(head, key)}`" for key in ("location", "time", "weather", "chapter")
             if getattr(head, key)]  # fmt: skip
    if about:
        yield ", ".join(about)
    if head.params:
        yield f"Takes {', '.join(f'`{key}`: {_type(each)}' for key, each in head.params.items())}"
    if head.notes:
        yield f"*{head.notes}*"
    yield from _uses(project, Symbol("scene", name))


def _uses(project: Project, symbol: Symbol) -> Iterator[str]:
    """Yield from where a place is come to, and where else it is named, as in conditions."""
    uses = [
        each
        for each in project.occurrences(symbol)
        if not each.defines and not each.span.path.endswith(".po")
    ]
    leading = [each for each in uses if _leads(project, each)]
    if leading:
        yield f"Reached from\n{places(project, leading)}"
    if rest := [each for each in uses if each not in leading]:
        yield f"Named in\n{places(project, rest)}"


def _leads(project: Project, each: Occurrence) -> bool:
    path = each.span.path
    if project.scene_of(path) is None:
        return path == "vn.yaml" or path.startswith("timelines/")
    line = project.text(path).split("\n")[each.span.line - 1]
    return _IN_LINK.search(line[: each.span.column - 1]) is not None


def _label(project: Project, name: str) -> Iterator[str]:
    scene, _, label = name.partition("#")
    yield f"**#{label}** in `{scene}.md`"
    yield from _uses(project, Symbol("label", name))


def _line(project: Project, name: str) -> Iterator[str]:
    scene, _, fixed = name.partition("#^")
    yield f"**^{fixed}** in `{scene}.md`"
    uses = [each for each in project.occurrences(Symbol("line", name)) if not each.defines]
    if uses:
        yield f"Asked for in\n{places(project, uses)}"


def _asset(project: Project, name: str) -> Iterator[str]:
    kind, _, asset = name.partition(" ")
    yield f"**{asset}**: {kind}"
    if kind in ("picture", "image") and (image := picture_of(project, kind, asset, ())):
        yield image
    file = asset_file(project, name)
    if file is not None:
        yield f"[{file}]({(project.root / file).as_uri()})"
    elif kind == "music" and (music := project.loaded.music.get(asset)) is not None:
        yield f"Made from `{music.source}`, {music.style.replace('_', ' ')} (`music/{asset}.yaml`)"
    elif kind not in ("picture", "image"):
        yield "No file below `assets/` has this name."


def asset_file(project: Project, name: str) -> str | None:
    """Return the file that answers to an asset's name, by its path from the root."""
    from comfyvn.plan.library import Library
    from comfyvn.plan.requests import AssetRequest
    from comfyvn.source.diagnostics import Diagnostics

    kind, _, asset = name.partition(" ")
    request = AssetRequest(kind, asset)  # type: ignore[arg-type]
    return Library(project.assets).answers([request], Diagnostics(), [request]).get(request)


def _plain(project: Project, symbol: Symbol) -> str:
    return f"**{symbol.name}**: {symbol.kind}"


_DESCRIBED = {
    "variable": _variable, "character": _character, "look": _look, "location": _location,
    "prop": _prop, "scene": _scene, "label": _label, "line": _line, "asset": _asset,
}  # fmt: skip
