"""Plain data against a model, with every finding at its place in the source."""

from __future__ import annotations

import copy
import re
import types
import typing
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, RootModel, ValidationError

from comfyvn.model.state import Variable, VariableType
from comfyvn.source.address import shown
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.nearest import did_you_mean, nearest

if TYPE_CHECKING:
    from comfyvn.source.yaml import Node

Model = TypeVar("Model", bound=BaseModel)
Steps = tuple[str | int, ...]
Place = Callable[[Steps, bool], Span]
"""Where the value that steps lead to stands; with True, where its key stands."""

_WANTED = {
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "string_type": "text",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
}

_NUMBERS = frozenset({"a number", "a whole number"})
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")


def validate(
    model: type[Model], node: Node, out: Diagnostics, fallback: Mapping[str, Any] | None = None
) -> Model | None:
    """Return `node` as a `model`, reporting what is wrong with it.

    What is wrong is left out and `fallback` fills what is required, so that one mistake does not
    hide the rest of the project; None when that is not enough.
    """

    def place(steps: Steps, key: bool) -> Span:
        return node.key_at(*steps) if key else node.at(*steps)

    return validate_plain(model, node.plain(), place, out, fallback)


def validate_plain(
    model: type[Model],
    data: Any,
    place: Place,
    out: Diagnostics,
    fallback: Mapping[str, Any] | None = None,
) -> Model | None:
    """Do as `validate` does, for data whose places `place` knows; an empty source is `{}`."""
    data = {} if data is None else data
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for steps, group in _by_place(data, error):
            _report(model, data, steps, group, place, out)
            data = _without(data, steps, group[0]["type"] == "missing")
    if fallback:
        data = {**fallback, **data}
    try:
        return model.model_validate(data)
    except ValidationError:
        return None


def _by_place(data: Any, error: ValidationError) -> list[tuple[Steps, list[Any]]]:
    """Group errors by the place they are about; a union gives several for one place."""
    groups: dict[Steps, list[Any]] = {}
    for item in error.errors(include_url=False, include_context=True):
        steps: Steps = ()
        inner: Any = data
        loc = item["loc"]
        for step in loc:
            found = _members(inner)
            if step in found:
                steps, inner = (*steps, step), found[step]
        if item["type"] == "missing":
            steps = (*steps, loc[-1])
        groups.setdefault(steps, []).append(item)
    return list(groups.items())


def _members(value: Any) -> Mapping[Any, Any]:
    """Return the values of a mapping or list by key or index; of anything else, nothing."""
    if isinstance(value, list):
        return dict(enumerate(value))
    return value if isinstance(value, dict) else {}


def _report(
    model: type[BaseModel],
    data: Any,
    steps: Steps,
    group: list[Any],
    place: Place,
    out: Diagnostics,
) -> None:
    if any(each.code == "VN0205" and each.span == place(steps, False) for each in out):
        return  # what stands there is no value, and the one in its place nobody wrote
    first = group[0]
    kind, context, value = first["type"], first.get("ctx", {}), first["input"]
    name = next((f"`{step}`" for step in reversed(steps) if isinstance(step, str)), "the file")
    if isinstance(steps[-1] if steps else None, int):
        name = f"item {int(steps[-1]) + 1} of {name}"
    if kind == "extra_forbidden":
        out.error(
            "VN0210",
            f"there is no key {name} here",
            place(steps, True),
            help=did_you_mean(str(steps[-1]), fields_at(model, steps[:-1])),
        )
    elif kind == "missing":
        holder = steps[:-1]
        out.error(
            "VN0211",
            f"the key {name} is missing",
            place(holder, True),
            help=f"add `{steps[-1]}: …`",
        )
    elif kind == "literal_error" and first["loc"][-1:] == ("[key]",):
        out.error(
            "VN0210",
            f"there is no key {name} here",
            place(steps, True),
            help=did_you_mean(str(steps[-1]), _allowed(context)),
        )
    elif first["loc"][-1:] == ("[key]",):
        out.error(
            "VN0214",
            f"{name} cannot be a name here",
            place(steps, True),
            help=_naming(str(context.get("pattern", ""))),
        )
    elif kind == "literal_error":
        allowed = _allowed(context)
        if steps == ("format",):
            _report_format(value, place(steps, False), out)
            return
        near = nearest(value, allowed) if isinstance(value, str) else None
        listed = " or ".join(f"`{item}`" for item in allowed)
        out.error(
            "VN0213",
            f"{name} cannot be {_shown(value)}",
            place(steps, False),
            help=f"did you mean `{near}`?" if near else f"write {listed}",
        )
    elif all(item["type"] in _WANTED for item in group):
        wanted = list(dict.fromkeys(_WANTED[item["type"]] for item in group))
        if "a number" in wanted and "a whole number" in wanted:
            wanted.remove("a whole number")
        quotes = "text" in wanted and not isinstance(value, (list, dict)) and value is not None
        help = "put it in quotes" if quotes else None
        if isinstance(value, str) and _NUMBER.match(value) and set(wanted) & _NUMBERS:
            help = "write it without quotes"
        if value is None and "text" in wanted:
            item = bool(steps) and isinstance(steps[-1], int)
            how = "write what it is" if item else "write it behind the colon"
            help = f"{how}; what begins with `#` wants quotes"
        if wanted == ["a list"] and isinstance(value, str) and steps:
            help = f"write `{steps[-1]}: [{_listed(value)}]`"
        if context.get("class_name") == Variable.__name__ and isinstance(value, str):
            near = nearest(value, typing.get_args(VariableType)) or "text"
            help = f"write `{steps[-1]}: {{type: {near}}}`"
        out.error(
            "VN0212",
            f"{name} must be {' or '.join(wanted)}, not {_shown(value)}",
            place(steps, False),
            help=help,
        )
    else:
        out.error("VN0214", f"{name} {_demand(kind, context)}", place(steps, False))


def _listed(value: str) -> str:
    """Return what was written as one text as the items of a list: `0-5` as `0, 5`."""
    ends = _ENDS.fullmatch(value)
    return f"{ends[1]}, {ends[2]}" if ends else value


_ENDS = re.compile(r"(-?[\d.]*\d)\s*(?:-|–|\.\.+|…|to)\s*(-?[\d.]*\d)")
"""Two numbers as people write a range."""


def _allowed(context: Mapping[str, Any]) -> list[str]:
    return re.findall(r"'([^']*)'", str(context.get("expected", "")))


def _report_format(value: object, span: Span, out: Diagnostics) -> None:
    if isinstance(value, int) and value > 1:
        out.error(
            "VN0215",
            f"this project has format {value}, which this version cannot read",
            span,
            help="install a newer comfyvn: `pip install --upgrade comfyvn`",
        )
    else:
        out.error("VN0213", f"`format` cannot be {_shown(value)}", span, help="write `format: 1`")


def _demand(kind: str, context: Mapping[str, Any]) -> str:
    """Return what a value that has the right type must still be, after its name."""
    low, high = context.get("ge"), context.get("le")
    match kind:
        case "string_pattern_mismatch":
            return f"does not have the form {_forms(str(context['pattern']))}"
        case "no_day":
            return "names a day that no calendar has"
        case "string_too_short":
            return "must not be empty"
        case "too_short":
            return f"needs at least {_counted(int(context['min_length']), 'item')}"
        case "too_long":
            return f"has more than {_counted(int(context['max_length']), 'item')}"
        case "greater_than_equal":
            return f"must be at least {low}"
        case "greater_than":
            return f"must be more than {context['gt']}"
        case "less_than":
            return f"must be less than {context['lt']}"
        case "less_than_equal":
            return f"must be at most {high}"
    return f"is not valid ({kind.replace('_', ' ')})"


def _forms(pattern: str) -> str:
    if pattern.startswith("^#"):
        return '"#rrggbb", in quotes'
    if pattern in _WRITTEN:
        return _WRITTEN[pattern]
    if "/" in pattern:
        return "`place` or `place/part`: small letters, digits and `_`"
    return f"`{pattern}`" if "{" not in pattern else "`a-name`: small letters, digits, `-` and `_`"


_WRITTEN = {
    r"^https?://": "`http://…` or `https://…`",
    r"^[A-Z]{3}$": "`EUR`: three capital letters",
    r"^\d{4}-\d{2}-\d{2}$": "`2027-01-31`",
    r"^[0-9a-f]{64}$": "of a SHA-256 digest: 64 digits and letters from `a` to `f`",
    r"^[A-Z]{2,}[0-9]{1,6}$": "`VN1716`: capital letters and a number",
}
"""What patterns ask for, in words."""


def _naming(pattern: str) -> str:
    """Return what the names of a pattern look like: of ids, of rules or of places."""
    if "/" in pattern:
        return f"write {_forms(pattern)}"
    if "-]" in pattern:
        return "names are small letters, digits, `-` and `_`, and begin with a letter"
    return "names are small letters, digits and `_`, and begin with no digit"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    if isinstance(value, dict):
        return "keys with values"
    if isinstance(value, list):
        return "a list"
    text = shown(str(value))
    return f"`{text}`" if len(text) <= 40 and "\n" not in text else "this text"


def _without(data: Any, steps: Steps, missing: bool) -> Any:
    """Return a copy of `data` without the nearest key that holds the value at `steps`."""
    if missing:
        steps = steps[:-1]  # what lacks a key goes as a whole
    while steps and not isinstance(steps[-1], str):
        steps = steps[:-1]
    if not steps:
        return data if isinstance(data, dict) else {}
    data = copy.deepcopy(data)
    holder = data
    for step in steps[:-1]:
        try:
            holder = holder[step]
        except (KeyError, IndexError, TypeError):
            return data  # an earlier finding took the holder out
    if isinstance(holder, dict):
        holder.pop(steps[-1], None)
    return data


def fields_at(model: type[BaseModel], steps: Steps) -> list[str]:
    """Return the keys that the mapping at `steps` below a `model` may have."""
    annotation: Any = model
    for step in steps:
        annotation = _inner(annotation, step)
    found = _model_in(annotation)
    return list(found.model_fields) if found else []


def _parts(annotation: Any) -> list[Any]:
    """Return the members of a union, without `Annotated`."""
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return [part for arg in typing.get_args(annotation) for part in _parts(arg)]
    return [annotation]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    for part in _parts(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
    return None


def _inner(annotation: Any, step: str | int) -> Any:
    """Return the annotation of what one step leads to."""
    for part in _parts(annotation):
        if isinstance(part, type) and issubclass(part, RootModel):
            return _inner(part.model_fields["root"].annotation, step)
        if isinstance(part, type) and issubclass(part, BaseModel):
            field = part.model_fields.get(str(step))
            return field.annotation if field else Any
        if typing.get_origin(part) in (dict, list):
            return typing.get_args(part)[-1]
    return Any
