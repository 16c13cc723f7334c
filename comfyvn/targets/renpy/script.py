"""A scene as a script file: one label for the scene, one for each of its sections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from comfyvn.targets.renpy.choices import MenuWriter, caption_of, write_pick
from comfyvn.targets.renpy.context import Context, Lines
from comfyvn.targets.renpy.dialogue import language_name, write_say
from comfyvn.targets.renpy.expressions import constant, literal
from comfyvn.targets.renpy.facts import Op, places_of
from comfyvn.targets.renpy.stage import STAGE, write_notify, write_stage
from comfyvn.targets.renpy.text import escape


class Script(NamedTuple):
    """What one scene is in Ren'Py: its files, and by language its translated captions."""

    files: dict[str, str]
    strings: dict[str, dict[str, str]]


def scene_script(context: Context) -> Script:
    """Write the script of a scene and the translations of its lines."""
    scene_id = context.scene_id
    files = {f"game/script/{scene_id}.rpy": SceneWriter(context).text()}
    for language, block in context.dialogue.items():
        files[f"game/tl/{language_name(language)}/script/{scene_id}.rpy"] = block.text()
    return Script(files, context.strings)


class SceneWriter:
    """Writes the script of one scene."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.scope = context.scope
        self.scene_id = context.scene_id
        self.scene = context.scene
        self.label = context.names.scenes[context.scene_id]
        self.lines = Lines()
        self.page = False

    def text(self) -> str:
        """Return the file's content."""
        lines = self.lines
        title = self.scene.get("title")
        if title:
            lines.add(f"# {' '.join(title.split())}", "")
        for number, section in enumerate(self.scene["sections"]):
            last = number + 1 == len(self.scene["sections"])
            place = self.context.names.places[f"{self.scene_id}#{section['label']}"]
            head = f"label {place}:"
            lines.add("")
            if number == 0:
                separate = self.scope.entered
                with lines.block(self._head(place)):
                    lines.add("")
                    if separate:
                        passed = "(**arguments)" if self.scope.arguments else ""
                        lines.add(f"call {place}.enter{passed} from _call_{place}_enter")
                    else:
                        self._enter()
                    self._section(section, last)
            else:
                with lines.block(head):
                    lines.add("")
                    self._section(section, last)
        if self.scope.entered:
            lines.add("", "")
            with lines.block(self._head(f"{self.label}.enter")):
                lines.add("")
                self._enter()
                lines.add("return")
        return lines.text()

    def _head(self, place: str) -> str:
        return f"label {place}(**arguments):" if self.scope.arguments else f"label {place}:"

    def _enter(self) -> None:
        variables = self.scope.variables
        resets = []
        for name in self.scene.get("scene_variables", ()):
            code = self.context.expressions.code(constant(variables[name]))
            resets.append(f"{self.context.names.variables[name]}={code}")
        if self.scope.arguments:
            resets.insert(0, "arguments")
        elif resets:
            resets.insert(0, "{}")
        if resets:
            self.lines.add(f"$ vn.enter({', '.join(resets)})")
        self._body(self.scene.get("enter", ()), self.lines)
        self.lines.add("")

    def _section(self, section: Any, last: bool) -> None:
        body: Sequence[Op] = section["body"]
        self._body(body, self.lines)
        if last and not (body and body[-1]["op"] in ("jump", "return", "ending")):
            self._end(self.lines)

    def _end(self, lines: Lines) -> None:
        """Write what happens at the scene's end."""
        outside, inside = self.scope.outside, self.scope.inside
        if inside and not outside:
            lines.add("return")
            return
        if inside:
            with lines.block("if vn.in_call():"):
                lines.add("return")
        self._follow(lines)

    def _follow(self, lines: Lines) -> None:
        follower = self.scene.get("next")
        if follower:
            lines.add(f"jump {self.context.names.scenes[follower]}")
        else:
            lines.add(f"$ vn.end({literal(self.scene['id'])})")

    def _body(self, body: Sequence[Op], lines: Lines) -> None:
        for op in body:
            self._op(op, lines)

    def _op(self, op: Op, lines: Lines) -> None:
        context = self.context
        kind = op["op"]
        match kind:
            case "say":
                write_say(context, op, lines, page=self.page)
            case "menu":
                MenuWriter(context, op, lines, self._body).write()
            case "pick":
                write_pick(context, op, lines, self._body)
            case "page":
                self._page(op, lines)
            case "if":
                self._if(op, lines)
            case "jump":
                self._jump(op, lines)
            case "call":
                self._call(op, lines)
            case "return":
                self._return(op, lines)
            case "set":
                lines.add(f"$ {self._assignment(op)}")
            case "input":
                self._input(op, lines)
            case "ending":
                parts = (op["id"], op["name"], escape(op["title"]))
                lines.add(f"$ vn.end({', '.join(literal(part) for part in parts)})")
            case "break":
                lines.add("", f"$ vn.scene_break({literal(op['id'])})", "")
            case "unlock":
                lines.add(f"$ vn.unlock({literal(op['name'])})")
            case "notify":
                write_notify(context, op, lines)
            case _ if kind in STAGE:
                write_stage(context, op, lines)
            case _:
                raise ValueError(f"unknown op {kind!r}")

    def _page(self, op: Op, lines: Lines) -> None:
        lines.add("", "nvl clear")
        self.page = True
        self._body(op["body"], lines)
        self.page = False
        lines.add("nvl clear", "")

    def _if(self, op: Op, lines: Lines) -> None:
        word = "if"
        for branch in op["branches"]:
            if "if" in branch:
                head = f"{word} {self.context.expressions.code(branch['if'])}:"
            else:
                head = "else:" if word == "elif" else "if True:"
            with lines.block(head):
                self._body(branch["body"], lines)
            word = "elif"
        lines.add("")

    def _outside(self, place: str) -> bool:
        """Whether arriving at a place from here enters its scene elsewhere than at the top."""
        scene, _, label = place.partition("#")
        return bool(label) and scene != self.scene_id

    def _enter_label(self, place: str) -> str:
        return f"{self.context.names.scenes[place.partition('#')[0]]}.enter"

    def _jump(self, op: Op, lines: Lines) -> None:
        names = self.context.names
        if "to" in op:
            if self._outside(op["to"]):
                lines.add(f"call {self._enter_label(op['to'])} from _call_{self._site()}")
            lines.add(f"jump {names.places[op['to']]}")
            return
        lines.add(f"$ place = {self.context.expressions.code(op['value'])}")
        for place in dict.fromkeys(places_of(op["value"], self.scope.variables)):
            if self._outside(place):
                with lines.block(f"if place == {literal(names.places[place])}:"):
                    lines.add(f"call {self._enter_label(place)} from _call_{self._site()}")
        lines.add("jump expression place")

    def _site(self) -> str:
        self.sites = getattr(self, "sites", 0) + 1
        return f"{self.label}_{self.sites}"

    def _call(self, op: Op, lines: Lines) -> None:
        expressions, names = self.context.expressions, self.context.names
        place = names.places[op["to"]]
        scene, _, label = op["to"].partition("#")
        given = [
            (names.variables[name], expressions.assigned(name, value))
            for name, value in op.get("args", {}).items()
        ]
        passed = f"({', '.join(f'{name}={value}' for name, value in given)})" if given else ""
        if label and scene == self.scene_id:
            if given:  # nothing is entered that could take them over
                targets, values = (", ".join(part) for part in zip(*given, strict=True))
                lines.add(f"$ {targets} = {values}")
            passed = ""
        elif label:
            lines.add(f"call {self._enter_label(op['to'])}{passed} from _call_{op['id']}_enter")
            passed = ""
        lines.add(f"call {place}{passed} from _call_{op['id']}")
        if "into" in op:
            with lines.block("if _return is not None:"):
                lines.add(f"$ {self._into(op['into'])}")

    def _into(self, variable: str) -> str:
        """Return the assignment of a call's result."""
        name = self.context.names.variables[variable]
        facts = self.scope.variables[variable]
        match facts["type"]:
            case "int" | "number" if "low" in facts or "high" in facts:
                return f"{name} = vn.within(_return, {facts.get('low')}, {facts.get('high')})"
            case "enum":
                return f"{name} = vn.known({literal(variable)}, _return, {name})"
            case "set":
                return f"{name} = vn.ordered({literal(variable)}, _return)"
        return f"{name} = _return"

    def _return(self, op: Op, lines: Lines) -> None:
        outside, inside = self.scope.outside, self.scope.inside
        value = f" {self.context.expressions.code(op['value'])}" if "value" in op else ""
        if not inside:
            self._follow(lines)
            return
        if outside:
            with lines.block("if not vn.in_call():"):
                self._follow(lines)
        lines.add(f"return{value}")

    def _assignment(self, op: Op) -> str:
        context = self.context
        variable, how, value = op["var"], op["how"], op["value"]
        facts, name = self.scope.variables[variable], context.names.variables[variable]
        if how == "=":
            return f"{name} = {context.expressions.assigned(variable, value)}"
        if facts["type"] == "set":
            operator = "union" if how == "+=" else "minus"
            whole = [operator, ["var", variable], value]
            return f"{name} = {context.expressions.assigned(variable, whole)}"
        kind = {"int": "i", "number": "n"}.get(facts["type"], "t")
        whole = [how[0], kind, ["var", variable], value]
        code = context.expressions.assigned(variable, whole)
        plain = f"{name} {how[0]} "
        if code.startswith(plain) and value[0] in ("int", "num", "var"):
            return f"{name} {how} {code[len(plain) :]}"
        return f"{name} = {code}"

    def _input(self, op: Op, lines: Lines) -> None:
        made, temporaries = caption_of(self.context, op["id"], op["prompt"], op.get("slots", ()))
        parts = [literal(op["id"]), literal(made)]
        if "default" in op:
            parts.append(f"default={literal(op['default'])}")
        if "max" in op:
            parts.append(f"length={op['max']}")
        name = self.context.names.variables[op["var"]]
        lines.add(*temporaries.lines, f"$ {name} = vn.ask({', '.join(parts)})")
