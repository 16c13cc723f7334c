"""What the blocks of a machine ask for at run time: menus, picks, texts."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from comfyvn.explore.chance import Chance
from comfyvn.explore.flow import Node, Op
from comfyvn.story.render import Part, render

if TYPE_CHECKING:
    from comfyvn.explore.machine import Machine

Values = tuple[Any, ...]
Texts = Sequence[Callable[[], Values]] | None
MENU = -1


class Said(NamedTuple):
    """A line: its record without name and text, its text, and the records of its effects."""

    record: dict[str, Any]
    id: str
    text: Sequence[Any]
    effects: list[list[dict[str, Any]]]
    shown: dict[tuple[Values, str], list[dict[str, Any]]]
    varies: bool


class Reader:
    """The part of a machine that is the same in every story."""

    def __init__(self, machine: Machine, *, records: bool) -> None:
        """`records`: of picks and effects too, not of texts alone."""
        self.machine = machine
        self.records = records
        self.rules = machine.program.get("plurals", {}).get(machine.program["language"], ())

    def parts(self, text: Sequence[Any], values: Values) -> list[Part]:
        """Render a text."""
        plain = [list(value) if isinstance(value, tuple) else value for value in values]
        return render(text, plain, self.rules)

    # Lines

    def line_of(self, op: Op, page: bool) -> Said:
        """Return what there is to know of a line beforehand."""
        record = {"t": "line", "id": op["id"], "who": op["who"]}
        if "manner" in op:
            record["manner"] = op["manner"]
        if page:
            record["page"] = True
        fired = [part["fx"] for part in op["text"] if isinstance(part, dict) and "fx" in part]
        effects = [[stage_record(each) for each in part] for part in fired]
        varies = _has_wording(op["text"])
        return Said(record, op["id"], op["text"], effects if self.records else [], {}, varies)

    def line(self, m: Machine, said: Said, values: Values, name: str) -> None:
        """Show a line."""
        key = (values, name)
        records = said.shown.get(key)
        if records is None:
            first, *rest = self.parts(said.text, values)
            records = [{**said.record, "name": name, "text": first.text}]
            for index, (_, text) in enumerate(rest):
                records += said.effects[index] if said.effects else ()
                if text:
                    records.append({"t": "more", "id": said.id, "text": text})
            if not said.varies:
                said.shown[key] = records
        m.events += records

    def notify(self, m: Machine, op: Op, values: Values) -> None:
        """Show a note."""
        text = "".join(part.text for part in self.parts(op["text"], values))
        m.events.append({"t": "notify", "text": text})

    def clean(self, op: Op, text: str | None) -> str:
        """Return what an input makes of a text."""
        plain = "".join(c for c in text or "" if unicodedata.category(c) != "Cc")
        return unicodedata.normalize("NFC", plain)[: op.get("max")] or str(op.get("default", ""))

    # Menus

    def menu(
        self,
        m: Machine,
        at: int,
        node: Node,
        held: Sequence[bool],
        spent: Sequence[bool],
        texts: Texts,
        d: Chance,
    ) -> int:
        """Open a menu, or take what is taken unseen, or pass it by."""
        choices = node.op["choices"]
        numbers = m.menus.get(at)
        if numbers is not None:
            for index, choice in enumerate(choices):
                if "if" in choice:
                    m.hits.add(numbers["true" if held[index] else "false", index])
        offered = [
            index
            for index, choice in enumerate(choices)
            if (held[index] or "locked" in choice) and not spent[index]
        ]
        if any(held[index] and not choices[index].get("else") for index in offered):
            offered = [index for index in offered if not choices[index].get("else")]
        enabled = tuple([index for index in offered if held[index]])
        if numbers is not None:
            for index in enabled:
                m.hits.add(numbers["take", index])
            # What is locked is not seen in a menu that does not open.
            for index in offered if enabled else ():
                m.hits.add(numbers["offer", index])
            if not enabled:
                m.hits.add(numbers["empty", 0])
        if not enabled:
            return node.next
        if len(enabled) == 1:
            only = choices[enabled[0]]
            if only.get("else") and not only["text"]:
                asked = m.unasked
                after: int = m.choose[at](m, m.v, enabled[0])
                m.unasked = asked
                return after
        if texts is not None:
            self._offer(m, node.op, offered, held, texts)
        m.at, m.open = at, enabled
        return MENU

    def _offer(
        self,
        m: Machine,
        op: Op,
        offered: Sequence[int],
        held: Sequence[bool],
        texts: Sequence[Callable[[], Values]],
    ) -> None:
        values = [
            (texts[2 * index](), () if held[index] else texts[2 * index + 1]()) for index in offered
        ]
        if not m.texts:
            return
        records = []
        for index, (own, reason) in zip(offered, values, strict=True):
            choice = op["choices"][index]
            text = self.parts(choice["text"], own)[0].text
            record = {"id": choice["id"], "text": text, "enabled": held[index]}
            if not held[index]:
                record["reason"] = self.parts(choice["locked"], reason)[0].text
            records.append(record)
        m.events.append({"t": "menu", "id": op["id"], "choices": records})

    def possible(
        self,
        m: Machine,
        at: int,
        node: Node,
        may: Sequence[bool],
        may_not: Sequence[bool],
        spent: Sequence[bool],
        left: Sequence[bool],
        d: Chance,
    ) -> int:
        """Open a menu of which not all is known.

        Args:
            m: the machine.
            at: the menu.
            node: it.
            may: whether each condition may hold.
            may_not: whether each may not.
            spent: whether each choice is certainly used up.
            left: whether each is certainly there, or may be.
            d: decides what is not known.
        """
        choices = node.op["choices"]
        numbers = m.menus[at]
        for index, choice in enumerate(choices):
            if "if" in choice:
                if may[index]:
                    m.hits.add(numbers["true", index])
                if may_not[index]:
                    m.hits.add(numbers["false", index])
        able = [index for index in range(len(choices)) if may[index] and left[index]]
        sure = [
            index
            for index in able
            if not may_not[index] and (not choices[index].get("once") or m.knows_once(at, index))
        ]
        if any(not choices[index].get("else") for index in sure):
            able = [index for index in able if not choices[index].get("else")]
        for index in able:
            m.hits.add(numbers["take", index])
        for index, choice in enumerate(choices):
            locked = "locked" in choice and may_not[index]
            if left[index] and (index in able or locked):
                m.hits.add(numbers["offer", index])
        if not sure:
            if able:
                m.hits.add(numbers["empty", 0])
                if d.either():
                    m.at, m.open = at, tuple(able)
                    return MENU
            else:
                m.hits.add(numbers["empty", 0])
            return node.next
        m.at, m.open = at, tuple(able)
        return MENU

    # Picks

    def pick(
        self,
        m: Machine,
        at: int,
        node: Node,
        held: Sequence[bool],
        spent: Sequence[bool],
        memory: int | None,
        d: Chance,
    ) -> int:
        """Let the story choose; return the number of an item, or -1."""
        op = node.op
        items: Sequence[Mapping[str, Any]] = op["items"]
        eligible = [index for index in range(len(items)) if held[index] and not spent[index]]
        numbers = m.menus.get(at)
        if numbers is not None:
            for index, item in enumerate(items):
                if "if" in item:
                    m.hits.add(numbers["true" if held[index] else "false", index])
        if not eligible:
            if numbers is not None:
                m.hits.add(numbers["empty", 0])
            return -1
        mode = op["mode"]
        if mode == "random":
            taken = eligible[d.weighed([items[index].get("weight", 1) for index in eligible])]
        else:
            assert memory is not None
            before = m.v[memory]
            if mode == "shuffle":
                gone: tuple[int, ...] = before or ()
                bag = [index for index in eligible if index not in gone]
                if not bag:
                    gone, bag = (), eligible
                taken = bag[d.index(len(bag))]
                m.v[memory] = tuple(sorted((*gone, taken)))
            else:
                behind = 0 if before is None else before + 1
                if mode == "cycle":
                    order = [*range(behind, len(items)), *range(behind)]
                else:
                    pointer = min(behind, len(items) - 1)
                    order = [*range(pointer, len(items)), *reversed(range(pointer))]
                taken = next(index for index in order if index in eligible)
                m.v[memory] = taken
        if numbers is not None:
            m.hits.add(numbers["item", taken])
        if m.texts and self.records:
            m.events.append({"t": "pick", "id": op["id"], "item": items[taken]["id"]})
        return taken

    def any_item(
        self,
        m: Machine,
        at: int,
        node: Node,
        may: Sequence[bool],
        known: Sequence[tuple[bool, bool]],
        memory: int | None,
        d: Chance,
    ) -> int:
        """Take any item that may come, or none if none is certain.

        `known` says of each item whether it is certainly used up, and whether it certainly comes
        into question otherwise. Of what a pick remembers nothing is believed.
        """
        numbers = m.menus[at]
        able = [index for index, (spent, _) in enumerate(known) if may[index] and not spent]
        for index, item in enumerate(node.op["items"]):
            if "if" in item:
                if may[index]:
                    m.hits.add(numbers["true", index])
                m.hits.add(numbers["false", index])
        for index in able:
            m.hits.add(numbers["item", index])
        sure = any(known[index][1] for index in able)
        if not sure:
            m.hits.add(numbers["empty", 0])
        if not able:
            return -1
        chosen = d.index(len(able) + (not sure))
        return able[chosen] if chosen < len(able) else -1


def stage_record(op: Op) -> dict[str, Any]:
    """Return the record of a stage op."""
    fields = {key: value for key, value in op.items() if key not in ("op", "z")}
    return {**fields, "t": "stage", "do": op["op"]}


def _has_wording(text: Sequence[Any]) -> bool:
    return "'wording'" in repr(text)


def play(m: Machine, seed: int, answers: Sequence[int | str]) -> list[dict[str, Any]]:
    """Return the transcript of a game; see `Machine.play`."""
    m.events = []
    chance = m.seeded(seed)
    m.unasked = 0
    state = m.first(chance)
    given = iter(answers)
    while state.at >= 0:
        node = m.flow.nodes[state.at]
        answer = next(given, None)
        if answer is None:
            return [*m.events, {"t": "waiting", "id": node.op["id"]}]
        state = m.step(state, meant(state, answer), chance)
    if m.stuck:
        m.events.append({"t": "stuck"})
    return m.events


def meant(state: Any, answer: int | str) -> int | str:
    """Return what an answer means at a menu or input, as `comfyvn.play.interpreter` has it."""
    if state.open is None:
        return str(answer)
    number: int = state.open[answer % len(state.open) if isinstance(answer, int) else 0]
    return number
