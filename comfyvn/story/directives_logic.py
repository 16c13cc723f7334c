"""Directives that change the state and the flow of the story, and the modifiers."""

from __future__ import annotations

import re

from comfyvn.source.expressions import ExpressionError, parse_leading_expression
from comfyvn.source.nearest import did_you_mean
from comfyvn.story.compiler.variables import params_of, returns_of
from comfyvn.story.directive_form import DirectiveError, Given, Raw, Word
from comfyvn.story.directive_registry import Context, add, directive, modifier
from comfyvn.story.types import ERROR, Op, Type

_SET = re.compile(r"set\s+([^\s=+-]+)\s*(?:(=|\+=|-=)(?!=)\s*(.*))?", re.DOTALL)
_SET_OTHER = re.compile(r"set\s+([\w.]+)\s*(==|[*/%]=|//=)\s*(.*)", re.DOTALL)
_ARGUMENT = re.compile(r"\s*([^\s=]+)\s*=(?!=)\s*")

_FIXED = re.compile(r"[^\s\"()]+")
"""What can only be a variable's name, where a value of type label is wanted."""

LABEL = Type("label")

add(
    "if",
    "if EXPRESSION",
    "What follows, up to `elif`, `else` or `end`, happens only when the expression holds.",
    "if mei.trust >= 3",
)
add("elif", "elif EXPRESSION", "Another condition, asked when none above it held.", "elif brave")
add("else", "else", "What happens when no condition above held.", "else")
add("end", "end", "Ends an `if`, in the item or section that opened it.", "end")


def _read_set(source: str) -> Given:
    match = _SET.fullmatch(source)
    if match is None and (other := _SET_OTHER.fullmatch(source)):
        name, operator, value = other.groups()
        raise DirectiveError(
            "VN0802",
            f"`set` takes `=`, `+=` or `-=`, not `{operator}`",
            other.start(2),
            other.end(2),
            f"write `set {name} = {value}`"
            if operator == "=="
            else f"write `set {name} = {name} {operator[:-1]} …`",
        )
    if match is None:
        raise DirectiveError(
            "VN0802",
            "`set` wants a variable, and `=`, `+=` or `-=` with a value",
            0,
            len(source),
            "write `set courage += 1`, or `set brave` for `set brave = true`",
        )
    given = Given(source)
    given.values["variable"] = Word(match[1], match.start(1), match.end(1), False)
    if match[2]:
        given.values["how"] = match[2]
        given.spans["how"] = match.span(2)
        given.values["expression"] = Raw(match[3], match.start(3))
    return given


@directive(
    "set VARIABLE [= EXPRESSION]",
    doc=(
        "Sets a variable; `+=` and `-=` add to it and take from it, members of a set too. "
        "`set brave` means `set brave = true`."
    ),
    example="set mei.trust += 1",
    read=_read_set,
)
def _set(given: Given, to: Context) -> list[Op] | None:
    name: Word = given.values["variable"]
    variable = to.variable(name.text, name.start)
    raw = given.get("expression")
    how = given.get("how")
    if raw is None:
        if variable is None:
            return None
        if variable.type.kind not in ("bool", "error"):
            to.error(
                "VN0812",
                f"`set {name.text}` means true, and `{name.text}` is {variable.type}",
                name.start,
                name.end,
                f"write `set {name.text} = …`",
            )
            return None
        return [{"op": "set", "var": variable.name, "how": "=", "value": ["bool", True]}]
    if variable is None:
        return None
    wanted = variable.type
    if how != "=":
        if wanted.kind not in ("int", "number", "set", "error") and not (
            how == "+=" and wanted.kind == "text"
        ):
            start, end = given.spans["how"]
            to.error("VN0812", f"`{how}` does not work on {wanted}", start, end, "write `=`")
            return None
        wanted = Type(wanted.kind, wanted.values)
    value = to.value(raw, wanted)
    if value is None:
        return None
    return [{"op": "set", "var": variable.name, "how": how, "value": value}]


@directive(
    "jump EXPRESSION",
    doc="Goes to the place that a variable of type `label` holds. Other jumps are links.",
    example="jump next_stop",
)
def _jump(given: Given, to: Context) -> list[Op] | None:
    raw: Raw = given.values["expression"]
    if raw.text[0] in "[#" or (_FIXED.fullmatch(raw.text) and not to.knows(raw.text)):
        link = raw.text if raw.text.startswith("[") else f"[]({raw.text})"
        if not any(sign in link for sign in ("#", ".md")):
            link = f"[](#{raw.text})"
        to.error(
            "VN0802",
            "a jump to a fixed place is a link on a line of its own",
            raw.start,
            raw.start + len(raw.text),
            f"write `{link}` without backticks",
        )
        return None
    value = to.value(raw, LABEL)
    if value is None:
        return None
    to.goes(value)
    return [
        {"op": "jump", "to": value[1]} if value[0] == "label" else {"op": "jump", "value": value}
    ]


def _read_call(source: str) -> Given:
    given = Given(source)
    arguments: list[tuple[Word, Raw]] = []
    rest = source[4:]
    offset = 4 + len(rest) - len(rest.lstrip())
    form = "the form is `call [with NAME=EXPRESSION, …] [into VARIABLE]` and then the link"
    if (match := re.compile(r"with\s+").match(source, offset)) is not None:
        offset = match.end()
        while True:
            argument = _ARGUMENT.match(source, offset)
            if argument is None:
                raise DirectiveError(
                    "VN0802",
                    "expected `NAME=EXPRESSION`",
                    offset,
                    max(len(source), offset + 1),
                    form,
                )
            name = Word(argument[1], argument.start(1), argument.end(1), False)
            try:
                _, end = parse_leading_expression(source, argument.end())
            except ExpressionError as error:
                raise DirectiveError(
                    error.code, error.message, error.start, error.end, error.help
                ) from error
            arguments.append((name, Raw(source[argument.end() : end].rstrip(), argument.end())))
            offset = end
            if not source.startswith(",", offset):
                break
            offset += 1
    if (match := re.compile(r"into\s+(\S+)\s*").match(source, offset)) is not None:
        given.values["into"] = Word(match[1], match.start(1), match.end(1), False)
        offset = match.end()
    if offset < len(source):
        raise DirectiveError(
            "VN0803", f"`call` does not take `{source[offset:]}` here", offset, len(source), form
        )
    given.values["arguments"] = arguments
    return given


@directive(
    "call [with NAME=EXPRESSION, …] [into VARIABLE]",
    doc=(
        "Goes to the place of the link that follows, and comes back at its `return` or its end. "
        "Arguments are the `params` of that scene; the result goes into a variable."
    ),
    example="call with stakes=3 into verdict",
    read=_read_call,
)
def _call(given: Given, to: Context) -> list[Op] | None:
    if to.link is None:
        to.error(
            "VN0808",
            "`call` has no link after it",
            0,
            len(given.source),
            "write it on one line: `` `call` [](lab.md#result) ``",
        )
        return None
    place = to.place(to.link)
    if place is None:
        return None
    scene, _, label = place.partition("#")
    callee = to.names.scenes[scene]
    params = params_of(scene, to.names)
    op: Op = {"op": "call", "id": to.id(), "to": place}
    arguments = {}
    for name, raw in given.values["arguments"]:
        param = params.get(name.text)
        if param is None and callee.unsure:
            continue
        if param is None or label:
            to.error(
                "VN0810",
                f"`{scene}.md` has no parameter `{name.text}`"
                if param is None
                else "only a call of a scene's top passes arguments",
                name.start,
                name.end,
                did_you_mean(name.text, params) if param is None else "drop the `#…`",
            )
            continue
        if param.name in arguments:
            to.error("VN0810", f"`{name.text}` is given twice", *_of(name), "drop one")
        value = to.value(raw, param.type)
        if value is not None:
            arguments[param.name] = value
    if arguments:
        op["args"] = arguments
    into: Word | None = given.get("into")
    if into is not None:
        variable = to.variable(into.text, into.start)
        returns = returns_of(scene, to.names)
        if returns is None and callee.unsure:
            return None
        if returns is None:
            to.error(
                "VN0811",
                f"`{scene}.md` gives nothing back",
                into.start,
                into.end,
                "declare `returns:` in its front matter",
            )
        elif variable is not None:
            if not _holds(variable.type, returns):
                to.error(
                    "VN0811",
                    f"`{into.text}` is {variable.type}, and the call gives {returns}",
                    into.start,
                    into.end,
                    "take a variable of that type",
                )
            op["into"] = variable.name
    return [op]


def _holds(variable: Type, given: Type) -> bool:
    if "error" in (variable.kind, given.kind):
        return True
    if variable.kind == given.kind:
        return not variable.values or set(given.values) <= set(variable.values)
    return (variable.kind, given.kind) in (("number", "int"), ("text", "enum"))


@directive(
    "return [EXPRESSION]",
    doc="Goes back to the open call, with a value when the scene declares `returns`.",
    example="return mei.trust > 3",
)
def _return(given: Given, to: Context) -> list[Op] | None:
    raw = given.get("expression")
    if raw is None:
        return [{"op": "return"}]
    wanted = to.returns()
    if wanted is ERROR:
        return None
    if wanted is None:
        to.error(
            "VN0811",
            "this scene gives nothing back",
            raw.start,
            raw.start + len(raw.text),
            "declare `returns:` in its front matter",
        )
        return None
    value = to.value(raw, wanted)
    return None if value is None else [{"op": "return", "value": value}]


@directive(
    "ending NAME [TEXT]",
    doc="Ends the game. The name is kept for the list of endings; the title is shown.",
    example='ending cold "The Note You Burned"',
)
def _ending(given: Given, to: Context) -> list[Op] | None:
    name: Word = given.values["name"]
    title = given.get("text")
    shown = title.text if title else name.text.replace("_", " ")
    id = to.id()
    to.ending(id, name.text, shown, (name.start, name.end))
    return [{"op": "ending", "id": id, "name": name.text, "title": shown}]


@directive(
    "unlock NAME",
    doc="Unlocks an extra, such as a gallery picture, for good.",
    example="unlock gallery_roof",
)
def _unlock(given: Given, to: Context) -> list[Op] | None:
    name = given.values["name"].text
    to.unlock(name)
    return [{"op": "unlock", "name": name}]


@directive(
    "notify TEXT",
    doc="Shows a short message beside the story.",
    example='notify "The note is yours"',
)
def _notify(given: Given, to: Context) -> list[Op] | None:
    word: Word = given.values["text"]
    lowered = to.text(Raw(given.source[word.start : word.end], word.start))
    if lowered is None:
        return None
    op: Op = {"op": "notify", "text": lowered[0]}
    if lowered[1]:
        op["slots"] = lowered[1]
    return [op]


@directive(
    "input VARIABLE TEXT [default TEXT] [max COUNT]",
    doc="Asks the player for a text and puts it into a variable.",
    example='input player_name "What is your name?" default "Ana" max 20',
)
def _input(given: Given, to: Context) -> list[Op] | None:
    name: Word = given.values["variable"]
    variable = to.variable(name.text, name.start)
    word: Word = given.values["text"]
    lowered = to.prompt(Raw(given.source[word.start : word.end], word.start))
    if variable is not None and variable.type.kind not in ("text", "error"):
        to.error(
            "VN0812",
            f"`input` sets a text, and `{name.text}` is {variable.type}",
            *_of(name),
            "take a variable of type `text`",
        )
        return None
    default, longest = given.get("default"), given.get("max")
    if default is not None and longest is not None and len(default.text) > longest:
        to.error(
            "VN0804",
            f"the default has {len(default.text)} characters, and the most are {longest}",
            *_of(default),
            "shorten it, or raise `max`",
        )
    if variable is None or lowered is None:
        return None
    op: Op = {"op": "input", "id": to.id(), "var": variable.name, "prompt": lowered[0]}
    if lowered[1]:
        op["slots"] = lowered[1]
    if default is not None:
        op["default"] = default.text
    if longest is not None:
        op["max"] = longest
    return [op]


def _of(word: Word) -> tuple[int, int]:
    return word.start, word.end


for _form, _doc, _example in (
    (
        "if EXPRESSION",
        "The line, jump, choice or outcome is there only when the expression holds.",
        "- Ask her. `if mei.trust > 2`",
    ),
    (
        "once",
        "The line, choice or outcome is there only the first time, in each run.",
        "- Say nothing. `once`",
    ),
    (
        "locked TEXT",
        "A choice whose `if` does not hold is shown, disabled, with this reason.",
        '- Open it. `if has_key` `locked "You have no key."`',
    ),
    (
        "else",
        "A choice that is offered only when no other can be chosen.",
        "- Walk away. `else`",
    ),
    (
        "timeout SECONDS",
        "The choice that is taken when the time is over; one in a menu.",
        "- Too late. `timeout 5`",
    ),
    (
        "weight WEIGHT",
        "How often an outcome is picked, in proportion to the others; 1 when unsaid.",
        "1. The rain stops. `weight 3`",
    ),
    (
        "rated everyone|teen|mature|adult",
        "Who the line, choice or outcome is for; a target for others goes without it.",
        "She takes the bottle by the neck. `rated mature`",
    ),
    (
        "shuffle",
        "On the first outcome: each is taken once, in random order, before any comes again.",
        "1. A gull. `shuffle`",
    ),
    (
        "cycle",
        "On the first outcome: they are taken in turn, over and over.",
        "1. Tick. `cycle`",
    ),
    (
        "sequence",
        "On the first outcome: they are taken in turn, and the last one from then on.",
        "1. The first visit. `sequence`",
    ),
):
    modifier(_form, _doc, _example)

MODES = ("shuffle", "cycle", "sequence")
"""The modifiers that say how a pick goes through its outcomes."""
