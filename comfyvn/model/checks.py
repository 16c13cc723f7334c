"""What must hold between the sources of a project, beyond the shape of each."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from comfyvn.model.languages import is_tag, tag_for
from comfyvn.model.state import Variable, VariableType
from comfyvn.source.diagnostics import Diagnostics, Related, Span
from comfyvn.source.nearest import did_you_mean

if TYPE_CHECKING:
    from comfyvn.model.load import LoadedProject

Place = Callable[[str | None], Span]
"""Where a key's value of a variable stands; with None, where the variable's name does."""

RESERVED = frozenset({"and", "or", "not", "in", "if", "else", "true", "false", "ever"})
"""Words of expressions, which no variable can be called."""

_NUMBERS = ("int", "number")
_LISTED = ("enum", "set", "label")
_FORMS: dict[VariableType, type | tuple[type, ...]] = {
    "bool": bool,
    "int": int,
    "number": (int, float),
    "text": str,
    "enum": str,
    "set": list,
    "label": str,
}


def fold(name: str) -> str:
    """Return how names of the cast are compared: NFC, without case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def check_variables(loaded: LoadedProject, out: Diagnostics) -> None:
    """Check the variables of `state.yaml` and the stats of the cast."""
    for name, variable in loaded.state.items():
        _check_named(name, variable, _places(loaded, "state.yaml", name), out)
        if name in loaded.characters:
            out.error(
                "VN0228",
                f"the variable `{name}` has the name of a character",
                loaded.key_at("state.yaml", name),
                help=f"`{name}.…` are its stats; call the variable something else",
            )
    for owner, character in loaded.characters.items():
        for name, variable in character.stats.items():
            place = _places(loaded, f"characters/{owner}.yaml", "stats", name)
            _check_named(name, variable, place, out)
            if name in ("name", "gender"):
                out.error(
                    "VN0228",
                    f"every character has a `{name}` of their own already",
                    place(None),
                    help="call the stat something else",
                )


def _places(loaded: LoadedProject, path: str, *steps: str) -> Place:
    def place(key: str | None) -> Span:
        return loaded.key_at(path, *steps) if key is None else loaded.at(path, *steps, key)

    return place


def _check_named(name: str, variable: Variable, place: Place, out: Diagnostics) -> None:
    if name in RESERVED:
        out.error(
            "VN0228",
            f"`{name}` is a word of the language and cannot name a variable",
            place(None),
            help=f"call it `{name}_value`, say",
        )
    check_variable(name, variable, place, out)


def check_variable(name: str, variable: Variable, place: Place, out: Diagnostics) -> None:
    """Check that the facts of a variable agree with its type and with each other."""
    kind, values, limits = variable.type, variable.values, variable.range
    if kind in _LISTED and values is None:
        out.error(
            "VN0222",
            f"`{name}` is of type {kind} and needs `values`",
            place(None),
            help="list what it can be: `values: [a, b]`",
        )
        return
    if kind not in _LISTED and values is not None:
        out.error("VN0222", f"`values` means nothing for type {kind}", place("values"))
    if values is not None and len(set(values)) < len(values):
        twice = next(item for i, item in enumerate(values) if item in values[:i])
        out.error("VN0222", f"`{twice}` stands twice in `values`", place("values"))
    if limits is not None:
        if kind not in _NUMBERS:
            out.error("VN0221", f"`range` means nothing for type {kind}", place("range"))
            limits = None
        elif kind == "int" and any(isinstance(end, float) for end in limits):
            out.error("VN0221", "the ends of an int's `range` are whole numbers", place("range"))
        elif limits[0] > limits[1]:
            out.error(
                "VN0221",
                "this `range` ends before it begins",
                place("range"),
                help=f"write `[{limits[1]}, {limits[0]}]`",
            )
            limits = None
    if variable.default is not None:
        _check_default(name, variable, limits, place("default"), out)


def is_of_type(default: object, kind: VariableType) -> bool:
    """Whether a default has the form that its variable's type asks for."""
    if isinstance(default, bool):
        return kind == "bool"
    return isinstance(default, _FORMS[kind])


_WRITTEN: dict[VariableType, str] = {
    "bool": "write `true` or `false`",
    "int": "write a whole number, without quotes",
    "number": "write a number, without quotes",
    "text": "put it in quotes",
    "enum": "write one of its `values`, as text",
    "set": "write a list of its `values`: `[…]`",
    "label": "write one of its `values`, as text",
}
"""How a default of each type is written."""


def _check_default(
    name: str, variable: Variable, limits: list[int | float] | None, span: Span, out: Diagnostics
) -> None:
    default, values = variable.default, variable.values or []
    if not is_of_type(default, variable.type):
        out.error(
            "VN0220",
            f"the default of `{name}` is not of type {variable.type}",
            span,
            help=_WRITTEN[variable.type],
        )
        return
    for item in default if isinstance(default, list) else [default]:
        if variable.type in _LISTED and item not in values:
            out.error(
                "VN0220",
                f"`{item}` is not among the `values` of `{name}`",
                span,
                help=did_you_mean(str(item), values),
            )
    if limits and isinstance(default, (int, float)) and not limits[0] <= default <= limits[1]:
        out.error(
            "VN0220",
            f"the default of `{name}` lies outside its range",
            span,
            help=f"write a number from {limits[0]} to {limits[1]}",
        )


def check_cast(loaded: LoadedProject, out: Diagnostics) -> None:
    """Check that no two characters answer to one name, and that cues are told apart."""
    owners: dict[str, tuple[str, Span]] = {}
    for owner, character in loaded.characters.items():
        path = f"characters/{owner}.yaml"
        called = [(owner, loaded.key_at(path, "name")), (character.name, loaded.at(path, "name"))]
        called += [
            (alias, loaded.at(path, "aliases", i)) for i, alias in enumerate(character.aliases)
        ]
        for name, span in called:
            first = owners.setdefault(fold(name), (owner, span))
            if first[0] != owner:
                out.error(
                    "VN0223",
                    f"`{name}` is also what `{first[0]}` is called",
                    span,
                    help="give one of them another name or alias",
                    related=[Related(first[1], "taken here")],
                )
        _check_cues(loaded, owner, out)


def _check_cues(loaded: LoadedProject, owner: str, out: Diagnostics) -> None:
    look, path = loaded.characters[owner].look, f"characters/{owner}.yaml"
    firsts: dict[str, str] = dict.fromkeys(("whisper", "thought", "off"), "the manners of speech")
    kinds = {"outfits": look.outfits, "poses": look.poses, "expressions": look.expressions}
    for kind, members in kinds.items():
        for cue in members:
            if cue in firsts:
                out.error(
                    "VN0230",
                    f"the cue `{cue}` is also one of {firsts[cue]}",
                    loaded.key_at(path, "look", kind, cue),
                    help="call one of the two something else, so that a cue means one thing",
                )
            else:
                firsts[cue] = f"their {kind}"


def check_references(loaded: LoadedProject, out: Diagnostics) -> None:
    """Check that what `vn.yaml` and the timelines name is there."""
    project = loaded.project
    scenes = loaded.listing.scenes
    if not scenes:
        out.error(
            "VN0227",
            "the project has no scenes",
            Span.whole_file("vn.yaml"),
            help="write one: `scenes/start.md`",
        )
    elif project.start not in scenes:
        _missing("VN0226", "scene", project.start, scenes, loaded.at("vn.yaml", "start"), out)
    named: list[tuple[str, str | None, Iterable[str]]] = [
        ("theme", project.theme, loaded.themes),
        ("world", project.world, loaded.worlds),
        ("timeline", project.timeline, loaded.timelines),
    ]
    for kind, name, known in named:
        if name is not None and name not in known and f"{kind}s/{name}.yaml" not in loaded.unread:
            _missing("VN0226", kind, name, known, loaded.at("vn.yaml", kind), out)
    if scenes:
        for name in loaded.timelines:
            _check_timeline(loaded, name, out)
    _check_languages(loaded, out)


def _check_timeline(loaded: LoadedProject, name: str, out: Diagnostics) -> None:
    path = f"timelines/{name}.yaml"
    firsts: dict[str, Span] = {}
    for i, chapter in enumerate(loaded.timelines[name].chapters):
        for j, scene in enumerate(chapter.scenes):
            span = loaded.at(path, "chapters", i, "scenes", j)
            if scene not in loaded.listing.scenes:
                _missing("VN0224", "scene", scene, loaded.listing.scenes, span, out)
            elif scene in firsts:
                out.error(
                    "VN0225",
                    f"the scene `{scene}` stands twice in the timeline",
                    span,
                    help="name it once: what follows a scene must be one thing",
                    related=[Related(firsts[scene], "it stands here first")],
                )
            else:
                firsts[scene] = span


def _check_languages(loaded: LoadedProject, out: Diagnostics) -> None:
    project = loaded.project
    offered = project.languages or [project.language]
    _check_tag(project.language, loaded.at("vn.yaml", "language"), out)
    for i, language in enumerate(offered):
        if project.languages and not _check_tag(
            language, loaded.at("vn.yaml", "languages", i), out
        ):
            continue
        if language != project.language and language not in loaded.listing.catalogues:
            out.warning(
                "VN0229",
                f"there are no translations into `{language}`",
                loaded.at("vn.yaml", "languages", i),
                help=f"write `i18n/{language}.po`, or do not offer the language",
            )
    for language in loaded.listing.catalogues:
        if language not in offered and "vn.yaml" not in loaded.unread:
            out.warning(
                "VN0229",
                f"the language `{language}` is not offered to players",
                Span.whole_file(f"i18n/{language}.po"),
                help=f"add it in vn.yaml: `languages: [{', '.join([*offered, language])}]`",
            )


def _check_tag(language: str, span: Span, out: Diagnostics) -> bool:
    """Whether a language is named by a BCP 47 tag; report it if not."""
    if is_tag(language):
        return True
    meant = tag_for(language)
    out.warning(
        "VN0231",
        f"`{language}` is no BCP 47 tag of a language",
        span,
        help=f"write `{meant}`" if meant else "write one as `de` or `pt-BR`",
    )
    return False


def _missing(
    code: str, kind: str, name: str, known: Iterable[str], span: Span, out: Diagnostics
) -> None:
    out.error(code, f"there is no {kind} `{name}`", span, help=did_you_mean(name, known))
