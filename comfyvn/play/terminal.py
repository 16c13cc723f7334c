"""The terminal player: the story as a page that grows, one key to go on."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from html import unescape
from typing import Any

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.screen import Screen
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from comfyvn.play.keys import Keys, single_keys
from comfyvn.play.session import Moment, Session
from comfyvn.play.slots import Slots, now
from comfyvn.story.save import SaveError
from comfyvn.story.view import ChoiceView, LineView, View

WIDTH = 76
"""The longest line, in cells: about what is comfortable to read."""
SHOWN_MOMENTS = 300
"""How many steps the page reaches back."""
_TAG = re.compile(r"<(/?)(em|strong|del|ruby|rt)>")
_STYLES = {"em": "italic", "strong": "bold", "del": "strike"}
_HINTS = (
    ("⏎", "go on"),
    ("b", "back"),
    ("h", "history"),
    ("s", "save"),
    ("l", "load"),
    ("g", "language"),
    ("r", "restart"),
    ("q", "quit"),
)


def styled(markup: str) -> Text:
    """Return neutral markup as text for a terminal; a reading follows its base."""
    out = Text()
    open_styles: list[str] = []
    position = 0
    for match in [*_TAG.finditer(markup), None]:
        end = match.start() if match else len(markup)
        out.append(unescape(markup[position:end]), " ".join(open_styles) or None)
        if match is None:
            break
        position = match.end()
        closing, tag = match[1], match[2]
        if tag == "rt":
            out.append(")" if closing else "(", "dim")
        elif tag in _STYLES:
            if closing:
                open_styles.remove(_STYLES[tag])
            else:
                open_styles.append(_STYLES[tag])
    return out


class Terminal:
    """Plays a session on a console until the player quits."""

    def __init__(self, session: Session, slots: Slots, console: Console, seed: int | None) -> None:
        self.session = session
        self.slots = slots
        self.console = console
        self.seed = seed
        self.program: Mapping[str, Any] = session.story.program
        self.colours = {
            id: character["colour"] for id, character in self.program["characters"].items()
        }
        self.message = ""
        self.scroll = 0
        self.keys = Keys()

    def run(self) -> None:
        """Play. Raises `OSError` when saves cannot be written."""
        with single_keys() as self.keys, self.console.screen(hide_cursor=True) as screen:
            self.screen = screen
            self.start()
            while self.turn():
                self.slots.keep(self.session.persistent)

    def start(self) -> None:
        """Begin a new game; each has a seed of its own unless one was given."""
        seed = self.seed if self.seed is not None else secrets.randbelow(2**53 + 1)
        self.session.start(seed)

    # One key

    def turn(self) -> bool:
        """Show the page and do what one key asks; return False to quit."""
        view = self.session.view()
        enabled = [choice for choice in view.choices if choice.enabled]
        if view.input:
            self.ask(view)
            return True
        over = (("⏎", "begin again"), *_HINTS[1:])
        self.show(self.choices(view.choices, enabled), over if view.waiting == "over" else _HINTS)
        key, self.message = self.keys.read(), ""
        if key in ("up", "page up", "down", "page down", "h"):
            self.look_back("page up" if key == "h" else key)
            return True
        self.scroll = 0
        if key in ("enter", "space", "right"):
            self.go_on(view, enabled)
        elif key.isdecimal() and enabled:
            self.choose(self.number(key, len(enabled)), enabled)
        elif key in ("b", "left", "backspace"):
            if not self.session.back():
                self.message = "This is where it begins."
        elif key in _COMMANDS:
            return _COMMANDS[key](self)
        return True

    def go_on(self, view: View, enabled: list[ChoiceView]) -> None:
        """Take the next step where there is nothing to decide."""
        if view.waiting == "over":
            self.start()
        elif len(enabled) == 1:
            self.session.advance(enabled[0].id)
        elif enabled:
            self.message = f"Choose with 1 to {len(enabled)}."
        else:
            self.session.advance()

    def choose(self, number: int, enabled: list[ChoiceView]) -> None:
        """Take a choice by its number."""
        if 1 <= number <= len(enabled):
            self.session.advance(enabled[number - 1].id)
        else:
            self.message = f"There are choices 1 to {len(enabled)}."

    def number(self, first: str, most: int) -> int:
        """Read the rest of a number where one digit does not settle it."""
        text = first
        while int(text) * 10 <= most and int(text) > 0:
            self.show(Text(f"{text}▏ (⏎ to choose)", "bold"))
            key = self.keys.read()
            if not key.isdecimal():
                break
            text += key
        return int(text)

    def ask(self, view: View) -> None:
        """Have the player answer an input."""
        assert view.input is not None
        typed = self.type(styled(view.input.prompt), view.input.default or "")
        if typed is None:
            self.session.back()
        else:
            self.session.advance(typed)

    def type(self, prompt: Text, default: str) -> str | None:
        """Read a line of text; Escape gives None."""
        text = ""
        while True:
            field = Text.assemble(prompt, "\n\n  ", (text, "bold"), "▏")
            if not text and default:
                field.append(default, "dim")
            self.show(field, hints=(("⏎", "done"), ("esc", "back")))
            key = self.keys.read()
            if key == "enter":
                return text
            if key == "escape":
                return None
            if key == "backspace":
                text = text[:-1]
            elif key == "space":
                text += " "
            elif len(key) == 1:
                text += key

    def look_back(self, key: str) -> None:
        """Scroll the page."""
        page = max(1, self.console.height - 6)
        self.scroll += {"up": 1, "page up": page, "down": -1, "page down": -page}[key]
        self.scroll = max(0, self.scroll)

    # Commands

    def save(self) -> bool:
        """Save under a name."""
        if self.session.now["waiting"] is None:
            self.message = "The story is over; there is nothing to save."
            return True
        name = self.type(Text("Save as"), "quick")
        if name is not None:
            self.slots.write(name or "quick", self.session.save(now()))
            self.message = f"Saved as {name or 'quick'}."
        return True

    def load(self) -> bool:
        """Load one of the saves."""
        slots = self.slots.all()
        if not slots:
            self.message = "There are no saves yet; s makes one."
            return True
        rows = [f"{slot.name}  [dim]{slot.when[:16].replace('T', ' ')}[/]" for slot in slots]
        chosen = self.pick("Load", rows)
        if chosen is not None:
            try:
                self.session.load(slots[chosen].save)
                self.message = f"Loaded {slots[chosen].name}."
            except SaveError as error:
                self.message = f"{str(error).capitalize()}."
        return True

    def change_language(self) -> bool:
        """Switch to another language of the story."""
        languages: list[str] = self.program["languages"]
        if len(languages) < 2:
            self.message = "The story is in one language."
            return True
        chosen = self.pick("Language", languages)
        if chosen is not None:
            self.session.language = languages[chosen]
        return True

    def restart(self) -> bool:
        """Begin again, when the player means it."""
        if self.pick("Begin again?", ["Yes", "No"]) == 0:
            self.start()
        return True

    def quit(self) -> bool:
        """Leave; the way back in is a save called `last`."""
        if self.session.now["waiting"] is not None:
            self.slots.write("last", self.session.save(now()))
        return False

    def pick(self, title: str, rows: list[str]) -> int | None:
        """Have the player take one of up to nine rows."""
        rows = rows[:9]
        table = Text.from_markup(f"[bold]{title}[/]\n")
        for i, row in enumerate(rows, 1):
            table.append_text(Text.from_markup(f"\n  [bold]{i}[/]  {row}"))
        self.show(table, hints=(("1-9", "take"), ("esc", "back")))
        key = self.keys.read()
        return int(key) - 1 if key.isdecimal() and 1 <= int(key) <= len(rows) else None

    # What is shown

    def show(
        self, below: RenderableType | None = None, hints: Iterable[tuple[str, str]] = _HINTS
    ) -> None:
        """Draw the page, what stands below it, and the hints."""
        footer = Text("  ").join(Text.assemble((key, "bold"), " ", word) for key, word in hints)
        footer.stylize("dim")
        bottom = [Text(self.message, "yellow")] if self.message else []
        lower = Group(Text(), *([below] if below else []), *bottom)
        self.screen.update(Screen(_Page(Group(*self.page()), lower, Group(Text(), footer), self)))

    def page(self) -> list[RenderableType]:
        """Return the story so far; all but the newest is dim."""
        moments = self.session.moments[-SHOWN_MOMENTS:]
        out: list[RenderableType] = []
        previous: View | None = None
        for moment in moments:
            view = self.session.view(moment)
            out += self.block(moment, view, previous, newest=moment is moments[-1])
            previous = view
        return out

    def block(
        self, moment: Moment, view: View, previous: View | None, *, newest: bool
    ) -> list[RenderableType]:
        """Return what one step adds to the page."""
        out: list[RenderableType] = []
        for event in moment.events:
            match event:
                case {"t": "choice", "id": id} if previous and not _says(view, id):
                    taken = [choice for choice in previous.choices if choice.id == id]
                    if taken:
                        out.append(_spaced(Text.assemble("▸ ", styled(taken[0].text)), "dim"))
                case {"t": "input", "value": value}:
                    out.append(_spaced(Text(f"▸ {value}"), "dim"))
                case {"t": "notify", "text": text}:
                    out.append(_spaced(Text.assemble("• ", styled(text)), "italic"))
                case {"t": "stage", "do": "picture", "alt": alt}:
                    out.append(_spaced(Text(f"[{alt}]"), "italic"))
                case {"t": "stuck"}:
                    out.append(_spaced(Text("The story goes in circles here and stops."), "red"))
        title = view.scene.get("title")
        if previous is None or (title and view.scene["id"] != previous.scene["id"]):
            out.insert(0, Padding(Rule(Text(title or self.program["title"]), style="dim"), (1, 0)))
        if view.line and (view.waiting == "line" or previous is None):
            out.append(self.line(view.line, on_page=view.page is not None, newest=newest))
        elif view.waiting == "break":
            out.append(Padding(Text("⁂", "dim", justify="center"), (1, 0)))
        elif view.waiting == "over":
            ending = (view.ending or {}).get("title") or "The end"
            out.append(Padding(Rule(Text(ending, "bold"), style="bold"), (1, 0)))
        return out

    def line(self, line: LineView, *, on_page: bool, newest: bool) -> RenderableType:
        """Return one beat."""
        text = styled(line.text)
        if line.manner:
            text.stylize("italic")
        if not newest:
            text.stylize("dim")
        left = 4 if on_page else 0
        if not line.name:
            return Padding(text, (0, 0, 1, left))
        colour = self.colours.get(line.who[0], "") if line.who else ""
        suffix = f" ({line.manner})" if line.manner else ""
        name = Text.assemble((line.name, Style.parse(f"bold {colour}")), (suffix, "dim"))
        return Padding(Group(name, Padding(text, (0, 0, 0, 2))), (0, 0, 1, left))

    def choices(self, choices: list[ChoiceView], enabled: list[ChoiceView]) -> Text | None:
        """Return an open menu: numbers for what can be chosen, reasons for what cannot."""
        if not choices:
            return None
        rows = []
        for choice in choices:
            if choice.enabled:
                mark = " ✓" if choice.seen else ""
                number = str(enabled.index(choice) + 1)
                row = Text.assemble((f"  {number}  ", "bold"), styled(choice.text), (mark, "dim"))
            else:
                row = Text.assemble("  ·  ", styled(choice.text), "  ", styled(choice.reason or ""))
                row.stylize("dim")
            rows.append(row)
        return Text("\n").join(rows)


_COMMANDS = {
    "s": Terminal.save,
    "l": Terminal.load,
    "g": Terminal.change_language,
    "r": Terminal.restart,
    "q": Terminal.quit,
}


def _says(view: View, choice: str) -> bool:
    """Return whether the line says the choice that was taken."""
    return view.line is not None and view.line.id == f"{choice}_s"


def _spaced(text: Text, style: str) -> RenderableType:
    text.stylize(style)
    return Padding(text, (0, 0, 1, 0))


class _Page:
    """The end of a page, or an earlier part of it; what is asked under it; a footer."""

    def __init__(
        self,
        page: RenderableType,
        below: RenderableType,
        footer: RenderableType,
        terminal: Terminal,
    ) -> None:
        self.page = page
        self.below = below
        self.footer = footer
        self.terminal = terminal

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = min(WIDTH, options.max_width - 2)
        height = options.height or console.height
        narrow = options.update(width=width, height=None)
        page, below, footer = (
            console.render_lines(part, narrow, pad=False)
            for part in (self.page, self.below, self.footer)
        )
        while page and not "".join(segment.text for segment in page[-1]).strip():
            page.pop()
        room = max(1, height - len(below) - len(footer))
        self.terminal.scroll = min(self.terminal.scroll, max(0, len(page) - room))
        end = len(page) - self.terminal.scroll
        lines = page[max(0, end - room) : end] + below
        lines += [[] for _ in range(height - len(lines) - len(footer))] + footer
        margin = Segment(" " * max(0, (options.max_width - width) // 2))
        for line in lines:
            yield margin
            yield from line
            yield Segment.line()
