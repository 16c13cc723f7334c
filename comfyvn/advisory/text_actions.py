"""The steps of the advice that read texts: what they are held against, and one scene."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from comfyvn.advisory.fit import Fit, check_fit
from comfyvn.advisory.names import uses_of
from comfyvn.advisory.passages import (
    Kind,
    Passages,
    passages_of,
    translated_passages,
    yaml_passages,
)
from comfyvn.advisory.repeats import check_repeats
from comfyvn.advisory.source_texts import shown_in
from comfyvn.advisory.spelling import (
    Dictionary,
    Speller,
    check_spelling,
    fault_of,
    open_dictionary,
    open_outside,
    own_words,
    words_in,
)
from comfyvn.advisory.structure import check_structure
from comfyvn.advisory.translations import check_translation, originals, reasons
from comfyvn.advisory.typography import check_typography
from comfyvn.engine.action import Context
from comfyvn.plan.front_artifacts import cast_of, messages_of, read, report, write
from comfyvn.plan.readings import READINGS
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Span
from comfyvn.source.text import read_source, read_text
from comfyvn.story.compiler.reading import Reading

WORDS_FILE = "words.txt"
FOLDER = "dictionaries"


def prose(context: Context) -> None:
    """Gather what texts are held against: `@globals`, `@dictionaries`, … → `@prose`."""
    said = read(context, "@globals")
    project = said["project"]
    asked = project.get("prose", {})
    language = project.get("language", "en")
    files = {name for name in context.inputs if name.startswith(f"{FOLDER}/")}
    own = {
        name[len(FOLDER) + 1 : -4].replace("-", "_"): (
            name[:-4],
            context.digest(name),
            context.digest(f"{name[:-4]}.dic"),
        )
        for name in sorted(files)
        if name.endswith(".aff") and f"{name[:-4]}.dic" in files
    }
    outside = {name: (path, *stamps) for name, path, *stamps in read(context, "@dictionaries")}
    listed = context.find(WORDS_FILE)
    out = Diagnostics()
    words = own_words(read_source(listed or b"", WORDS_FILE, out))
    report(context, out)
    found = {}
    offered = [language, *(each for each in project.get("languages", ()) if each != language)]
    for each in offered:
        wanted = asked.get("spelling", {}).get(each)
        found[each] = _chosen(each, wanted, own, outside)
        if wanted not in (None, "none") and not found[each]:
            _missing(context, each, wanted)
    chosen = [each for dictionaries in found.values() for each in dictionaries]
    for path in sorted({path for kind, path, *_ in chosen if kind == "own"}):
        if fault := fault_of(context.read(f"{path}.aff"), str(context.path(f"{path}.aff"))[:-4]):
            context.report(
                Diagnostic(
                    "VN1718",
                    "warning",
                    f"this dictionary cannot be read, so nothing is looked up in it: {fault}",
                    Span.whole_file(f"{path}.aff"),
                    "put hunspell's own file here",
                )
            )
    themes = {
        id: theme.get("type", {}).get("body", "serif") for id, theme in said["themes"].items()
    }
    write(
        context,
        "@prose",
        {
            "language": language,
            "languages": offered[1:],
            "dictionaries": found,
            "words": sorted(words | words_in(_names(said))),
            "theme": project.get("theme"),
            "families": themes,
            "targets": project.get("targets", ["renpy", "web"]),
            "rows": asked.get("rows", 6),
            "choice_rows": asked.get("choice_rows", 2),
        },
    )


def _chosen(
    language: str,
    wanted: str | None,
    own: Mapping[str, Sequence[Any]],
    outside: Mapping[str, Sequence[Any]],
) -> list[list[Any]]:
    """Return the dictionaries of a language: the project's own if it has some, else the machine's.

    A language without a region takes those of all its regions.
    """
    if wanted == "none":
        return []
    named = (wanted or language).replace("-", "_")
    for pool, is_own in ((own, True), (outside, False)):
        names = [
            name
            for name in pool
            if name == named or (wanted is None and name.startswith(f"{named}_"))
        ]
        if names:
            return [["own" if is_own else "outside", *pool[name]] for name in sorted(names)]
    return []


def _missing(context: Context, language: str, wanted: str) -> None:
    from comfyvn.source.yaml import load_yaml

    text = read_text("vn.yaml", context.read, Diagnostics())
    node = None if text is None else load_yaml(text, "vn.yaml", Diagnostics())
    if node is not None:
        context.report(
            Diagnostic(
                "VN1718",
                "note",
                f"there is no dictionary `{wanted}`: the spelling of `{language}` is not checked",
                node.at("prose", "spelling", language),
                f"install hunspell's dictionary, or put `{wanted}.aff` and `{wanted}.dic` into "
                f"`{FOLDER}/`",
            )
        )


def _names(said: Mapping[str, Any]) -> list[str]:
    """Return what the project gives a name to: the cast, places, props, variables."""
    project = said["project"]
    names = [project.get("title", ""), project.get("subtitle") or "", *project.get("authors", ())]
    for id, each in said["characters"].items():
        names += [id, each["name"], *each.get("aliases", ()), *each.get("stats", {})]
    for world in said["worlds"].values():
        names += [world.get("name") or "", *world.get("factions", {})]
        for id, place in world.get("locations", {}).items():
            names += [id.replace("/", " "), place.get("name") or ""]
    for id, prop in said["props"].items():
        names += [id, prop.get("name") or ""]
    return [*names, *said["state"]]


def texts(context: Context) -> None:
    """Read a scene's texts and their translations: what is wrong with them, and `@uses/SCENE`."""
    scene, path = context.params["scene"], context.inputs[0]
    settings = _settings(context.read("@prose"))
    reading, _ = READINGS.read(path, scene, cast_of(context.read("@cast")), context.read, last=True)
    text = read_text(path, context.read, Diagnostics())
    packed = context.read(f"@part/{scene}").decode()
    part = json.loads(packed)
    uses: dict[str, Any] = dict(uses_of(part, packed))
    out = Diagnostics()
    if reading is not None and text is not None:
        ids: list[str] = read(context, f"@lock/{scene}")
        found = passages_of(reading.tree, text.split("\n"))
        fit = Fit(
            tuple(settings["targets"]),
            settings["families"].get(reading.header.theme or settings["theme"], "serif"),
            settings["rows"],
            settings["choice_rows"],
        )
        _check(found, settings["language"], fit, context, out)
        named = {ids[index] for index in reading.found.named.values()}
        words = found.plain.count(" ") + len(found.each)
        check_structure(reading.tree, part, reading.places(ids), named, words, out)
        uses["untranslated"] = _translations(context, scene, reading, ids, fit, settings, out)
    write(context, f"@uses/{scene}", uses)
    report(context, out)


def _check(
    found: Passages, language: str, fit: Fit | None, context: Context, out: Diagnostics
) -> Speller | None:
    check_typography(found, language, out)
    check_repeats(found, language, out)
    if fit is not None:
        check_fit(found, fit, out)
    speller = _speller(context, language)
    if speller is not None:
        check_spelling(found, speller, out)
    return speller


def _translations(
    context: Context,
    scene: str,
    reading: Reading,
    ids: Sequence[str],
    fit: Fit,
    settings: Mapping[str, Any],
    out: Diagnostics,
) -> dict[str, tuple[list[str], int]]:
    """Check the translations of a scene; return the ids that have none, and of how many."""
    missing: dict[str, tuple[list[str], int]] = {}
    if not settings["languages"]:
        return missing
    path = reading.tree.path
    nodes = dict(zip(ids, reading.found.nodes, strict=True))
    here = originals(nodes, path)
    wanted = [*here, *reasons(nodes)]
    for language in settings["languages"]:
        data = context.find(f"@messages/{language}/{scene}")
        messages = {} if data is None else messages_of(data)
        listed: list[tuple[str, Kind, Any]] = [
            (id, _kind_of(id), each) for id, each in messages.items()
        ]
        found = translated_passages(f"i18n/{language}.po", listed)
        speller = _check(found, language, fit, context, out)
        for id, message in messages.items():
            if id in here:
                check_translation(id, here[id], message, language, speller, out)
        missing[language] = [id for id in wanted if id not in messages], len(wanted)
    return missing


def _kind_of(id: str) -> Kind:
    """Return what the id of a translation is of."""
    if id.endswith("_locked"):
        return "reason"
    return "choice" if id[0] == "c" else "line"


def sources(context: Context) -> None:
    """Read titles and alt texts of YAML sources, each an input behind `@prose`."""
    settings = _settings(context.read("@prose"))
    out = Diagnostics()
    for path in context.inputs[1:]:
        text = read_text(path, context.read, Diagnostics())
        if text is None:
            continue
        found = yaml_passages(path, text.split("\n"), shown_in(path, text))
        if found.each:
            _check(found, settings["language"], None, context, out)
    report(context, out)


@lru_cache(maxsize=2)
def _settings(data: bytes) -> dict[str, Any]:
    return dict(json.loads(data))


_spellers: dict[tuple[str, str], Speller | None] = {}
"""By language and what they were made of."""


def _speller(context: Context, language: str) -> Speller | None:
    key = language, context.digest("@prose")
    if key not in _spellers:
        for other in [each for each in _spellers if each[1] != key[1]]:
            del _spellers[other]
        settings = _settings(context.read("@prose"))
        named = settings["dictionaries"].get(language, ())
        known = [found for each in named if (found := _open(context, each)) is not None]
        certain = all(each[0] == "own" for each in named)
        _spellers[key] = (
            Speller(language, known, settings["words"], certain=certain) if known else None
        )
    return _spellers[key]


def _open(context: Context, named: Sequence[Any]) -> Dictionary | None:
    if named[0] == "outside":
        return _outside(named[1], tuple(named[2:]))
    path = named[1]
    files = [context.find(f"{path}.aff"), context.find(f"{path}.dic")]
    if files[0] is None or files[1] is None:
        return None
    return open_dictionary(files[0], files[1], str(context.path(f"{path}.aff"))[:-4])


@lru_cache(maxsize=8)
def _outside(path: str, stamps: tuple[int, ...]) -> Dictionary | None:
    return open_outside(path)
