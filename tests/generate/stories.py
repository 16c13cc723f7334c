"""Random projects that compile, with everything the language has and text that trips engines."""

from __future__ import annotations

import random
from collections.abc import Callable

from comfyvn.source.slug import slug
from tests.generate.texts import Texts
from tests.generate.values import MOODS, THINGS, Values

Project = dict[str, str]
"""The sources of a project: path to text."""

HEADINGS = ("Door", "Über die Brücke", "雨のあと", "2nd try", "It’s late", "Ωmega", "a_b-c")
CAST = {
    "mei": 'name: Mei\ncolour: "#e8a87c"\npronouns: she\naliases: [Mimi]\n'
    "stats:\n  trust: {type: int, range: [-3, 9]}\nlook:\n"
    "  outfits: {coat: a coat, shirt: a shirt}\n  expressions: {plain: plain, happy: happy}\n",
    "kenji": 'name: "Dr. [K] {b} %s \\"Q\\""\npronouns: he\n',
    "oto": 'name: "音 #1"\npronouns: they\nlook: {poses: {still: still, bowed: bowed}}\n',
}


def generate(seed: int) -> Project:
    """Return the project of a seed."""
    return _Generator(random.Random(seed)).project()


class _Generator:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.scenes = [f"s{i}" for i in range(rng.randint(1, 4))]
        self.subs = [f"sub/t{i}" for i in range(rng.randint(0, 2))]
        self.labels = {
            scene: [f"{heading} {i}" for i in range(rng.randint(0, 3))]
            for scene, heading in (
                (scene, rng.choice(HEADINGS)) for scene in [*self.scenes, *self.subs]
            )
        }
        self.names = 0
        self.room = 0
        self.blocks: tuple[tuple[int, Callable[[int], list[str]]], ...] = (
            (9, self.lines),
            (4, self.sets),
            (3, self.stage),
            (3, self.menu),
            (3, self.pick),
            (3, self.condition),
            (1, self.page),
            (1, self.call),
            (1, self.scene_break),
            (1, self.input),
            (1, self.extras),
        )

    def project(self) -> Project:
        rng = self.rng
        files = {f"characters/{id}.yaml": text for id, text in CAST.items()}
        files["vn.yaml"] = (
            "format: 1\nid: generated\ntitle: 'Generated: [it] {is} \"100%\"'\n"
            "start: s0\ntimeline: all\nworld: here\nlanguages: [en, fr, ar]\n"
        )
        files["timelines/all.yaml"] = (
            f"chapters:\n  - title: One\n    scenes: [{', '.join(self.scenes)}]\n"
        )
        files["worlds/here.yaml"] = (
            "locations:\n  roof: {}\n  school/hall: {name: Hall}\n"
            "times: [day, night]\nweathers: [clear, rain]\n"
        )
        places = [self.target("", scene, label) for scene, label in self.places(self.scenes)]
        files["state.yaml"] = (
            "flag: {type: bool}\nlit: {type: bool, default: true, scope: persistent}\n"
            f"n: {{type: int, default: {rng.randrange(9)}, range: [-5, 20]}}\n"
            "best: {type: int, scope: persistent}\nturns: {type: int, scope: scene}\n"
            "x: {type: number, default: 0.5}\n"
            "share: {type: number, range: [0, 1.5], scope: scene}\n"
            f"word: {{type: text, default: '[w] {{b}}'}}\n"
            f"mood: {{type: enum, values: {list(MOODS)!r}}}\n"
            f"bag: {{type: set, values: {list(THINGS)!r}, default: [lamp]}}\n"
            f"where: {{type: label, values: {places!r}}}\n"
        )
        for scene in [*self.subs, *self.scenes]:
            files[f"scenes/{scene}.md"] = self.scene(scene)
        return files

    def places(self, scenes: list[str]) -> list[tuple[str, str]]:
        """Return the tops and labels of scenes."""
        return [(scene, label) for scene in scenes for label in ("", *self.labels[scene])]

    def target(self, here: str, scene: str, label: str) -> str:
        """Return a link's target from the scene `here`."""
        up = "../" if "/" in here else ""
        path = "" if scene == here and label else f"{up}{scene}.md"
        return path + (f"#{slug(label)}" if label else "")

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    def name(self, kind: str) -> str:
        """Return a new fixed id for a line or choice."""
        self.names += 1
        return f"{kind}-{self.names}"

    def scene(self, scene: str) -> str:
        rng = self.rng
        self.here = scene
        places = [self.target(scene, *place) for place in self.places([*self.scenes, *self.subs])]
        self.values = Values(rng, places, places)
        self.texts = Texts(rng, self.values)
        sub = scene in self.subs
        header = ["---", f"title: {rng.choice(('Plain', chr(34) + 'A [t] {b} %s' + chr(34)))}"]
        if self.chance(0.5):
            header.append("location: roof\ntime: night")
        if self.chance(0.3):
            header.append("music: tune")
        if sub:
            header.append("params:\n  depth: {type: int, range: [0, 9]}\n  note: {type: text}")
            header.append("returns: {type: int}")
            self.values.names["int"] = [*self.values.names["int"], "depth"]
            self.values.names["text"] = [*self.values.names["text"], "note"]
        parts = ["\n".join([*header, "---"])]
        for i, label in enumerate(("", *self.labels[scene])):
            if label:
                parts.append(f"{'#' * rng.randint(1, 3)} {label}")
            self.room = rng.randint(2, 8)
            self.later = [] if sub else self.after(scene, i)
            parts += self.body(0)
            parts += self.leave(scene, i, sub)
        return "\n\n".join(parts) + "\n"

    def after(self, scene: str, section: int) -> list[tuple[str, str]]:
        """Return the places that come after a section."""
        rest = self.scenes[self.scenes.index(scene) + 1 :]
        return [(scene, label) for label in self.labels[scene][section:]] + self.places(rest)

    def leave(self, scene: str, section: int, sub: bool) -> list[str]:
        """Return how a section ends: most fall through."""
        rng = self.rng
        labels = self.labels[scene]
        if sub:
            if section == len(labels) or self.chance(0.3):
                return [f"`return {self.values.of('int')}`"]
            return []
        later = self.later
        if scene == self.scenes[-1] and section == len(labels):
            return [f'`ending {self.name("end")} "{self.texts.rng.choice(("Ünd", "It [x] {b}"))}"`']
        if later and self.chance(0.3):
            return [f"[]({self.target(scene, *rng.choice(later))})"]
        return []

    def body(self, depth: int) -> list[str]:
        """Return blocks of lines."""
        out: list[str] = []
        for _ in range(self.rng.randint(1, 4 if depth == 0 else 2)):
            self.room -= 1
            if self.room < 0:
                break
            weights = [weight for weight, _ in self.blocks]
            (_, block), *_ = self.rng.choices(self.blocks, weights)
            made = block(depth)
            if out and _is_list(out[-1]) and (_is_list(made[0]) or made[0].startswith("```")):
                out.append("<!-- -->")
            out += made
        return out or [self.texts.words()]

    # Blocks

    def lines(self, depth: int) -> list[str]:
        rng = self.rng
        count = rng.choice((1, 1, 2, 3))
        if self.chance(0.1):
            return ["\n".join(["Mei:", *(self.texts.line() for _ in range(count))])]
        return ["\n".join(self.beat() for _ in range(count))]

    def beat(self) -> str:
        rng, texts = self.rng, self.texts
        speaker = rng.choice(
            (
                "", "", "Mei: ", "mimi (happy): ", "Mei (coat, whisper): ", "kenji: ", "???: ",
                'Mei as "???": ', 'oto (bowed, off) : ', "Mei & kenji: ",
            )
        )  # fmt: skip
        text = texts.line(effects=True)
        if self.chance(0.1):
            text += "\\\n" + texts.line()
        if self.chance(0.1):
            text += f" `if {self.values.of('bool')}`"
        if self.chance(0.1):
            text += " `once`"
        if self.chance(0.2):
            name = self.name("b")
            text += f" ^{name}"
            self.values.lines.append(f"#^{name}")
        return speaker + text

    def sets(self, depth: int) -> list[str]:
        return [" ".join(f"`{self.assignment()}`" for _ in range(self.rng.randint(1, 3)))]

    def assignment(self) -> str:
        rng, values = self.rng, self.values
        kind = rng.choice(("bool", "int", "int", "number", "text", "enum", "set", "label", "name"))
        if kind == "name":
            return f'set mei.name = "{rng.choice(("Mei", "M[e]i", "梅", "{m}"))}"'
        if kind == "label":
            place = rng.choice(self.places(self.scenes))
            return f'set where = "{self.target(self.here, *place)}"'
        name = rng.choice(values.names[kind])
        if kind == "bool" and self.chance(0.3):
            return f"set {name}"
        if kind == "enum":
            return f'set mood = "{rng.choice(MOODS)}"'
        how = "="
        if kind in ("int", "number", "set"):
            how = rng.choice(("=", "+=", "-="))
        elif kind == "text":
            how = rng.choice(("=", "+="))
        return f"set {name} {how} {values.of(kind)}"

    def stage(self, depth: int) -> list[str]:
        rng = self.rng
        ops = (
            "scene roof at night with dissolve over 1.2", "scene school/hall", "show mei",
            "show mei happy shirt at 0.25 0.5", "show oto at far_left with slide_left and wait",
            "hide mei with fade", "move mei at right over 1", "camera zoom 1.4 at 0.5 0.3 over 2",
            "camera", "play music tune volume 0.5", "play ambience wind fade 2", "play sfx bang",
            "play sfx hum loop", "stop ambience fade 0.000001", "pause 0.25", "pause", "speed 2",
            "time day", "weather rain", "voice mei_01",
        )  # fmt: skip
        chosen = [rng.choice(ops) for _ in range(rng.randint(1, 3))]
        if self.chance(0.5):
            return [f"```stage\n{chr(10).join(chosen)}  # a comment\n```"]
        return [" ".join(f"`{op}`" for op in chosen)]

    def menu(self, depth: int) -> list[str]:
        if depth > 1:
            return self.sets(depth)
        rng, texts, values = self.rng, self.texts, self.values
        items = []
        for i in range(rng.randint(1, 4)):
            text = texts.line()
            if self.chance(0.3):
                text = rng.choice(("Mei: ", "kenji: ", "Mei (happy): ")) + text
            elif self.chance(0.2):
                later = self.places(self.scenes)
                text = f"[{texts.words()}]({self.target(self.here, *rng.choice(later))})"
                if self.here in self.subs:
                    text = texts.words()
            spans = []
            if i and self.chance(0.4):
                spans.append(f"`if {values.of('bool')}`")
                if self.chance(0.5):
                    spans.append(f'`locked "{texts.quoted()}"`')
            if self.chance(0.2):
                spans.append("`once`")
            if i == 0 and self.chance(0.1):
                spans.append("`timeout 4.5`")
            rng.shuffle(spans)
            if self.chance(0.3):
                name = self.name("c")
                spans.append(f"^{name}")
                values.choices.append(f"#^{name}")
            body = self.body(depth + 1) if self.chance(0.7) else []
            items.append(_item("- ", " ".join([text, *spans]), body))
        if self.chance(0.4):
            if self.later and self.chance(0.5):
                # Only forward: taken unseen, it could go round for ever without asking anything.
                text = f"[]({self.target(self.here, *rng.choice(self.later))})"
                items.append(f"- {text} `else`")
            else:
                items.append(_item("- ", f"{texts.words()} `else`", [texts.line()]))
        return ["\n".join(items)] if self.chance(0.5) else ["\n\n".join(items)]

    def pick(self, depth: int) -> list[str]:
        if depth > 1:
            return self.lines(depth)
        rng = self.rng
        mode = rng.choice(("", "", "shuffle", "cycle", "sequence"))
        items = []
        for i in range(rng.randint(2, 4)):
            text = self.texts.line(effects=True) if self.chance(0.8) else ""
            if text and self.chance(0.2):
                text = f"Mei: {text}"
            spans = [f"`{mode}`"] if mode and i == 0 else []
            if not mode and self.chance(0.5):
                spans.append(f"`weight {rng.choice(('1', '3', '0.5'))}`")
            if self.chance(0.2):
                spans.append(f"`if {self.values.of('bool')}`")
            if self.chance(0.1):
                spans.append("`once`")
            if not text and not spans:
                text = self.texts.words()
            body = self.body(depth + 1) if self.chance(0.3) else []
            items.append(_item(f"{i + 1}. ", " ".join(filter(None, [text, *spans])), body))
        return ["\n\n".join(items)]

    def condition(self, depth: int) -> list[str]:
        if depth > 2:
            return self.sets(depth)
        out = [f"`if {self.values.of('bool')}`", *self.body(depth + 1)]
        if self.chance(0.3):
            out += [f"`elif {self.values.of('bool')}`", *self.body(depth + 1)]
        if self.chance(0.5):
            out += ["`else`", *self.body(depth + 1)]
        return [*out, "`end`"]

    def page(self, depth: int) -> list[str]:
        lines = [self.beat().replace("\n", "\n> ") for _ in range(self.rng.randint(1, 3))]
        if self.chance(0.3):
            lines.insert(1, f"\n> `{self.assignment()}`\n>")
            lines.append(self.beat().replace("\n", "\n> "))
        return ["\n".join(f"> {line}" if line[0] != "\n" else f">{line}" for line in lines)]

    def call(self, depth: int) -> list[str]:
        if not self.subs or self.here in self.subs:
            return self.lines(depth)
        rng, values = self.rng, self.values
        sub = rng.choice(self.subs)
        label = rng.choice(("", "", *self.labels[sub]))
        link = f"[there]({self.target(self.here, sub, label)})"
        args = "" if label else f" with depth={values.of('int')}, note={values.of('text')}"
        into = " into n" if self.chance(0.5) else ""
        return [f"`call{args}{into}` {link}"]

    def scene_break(self, depth: int) -> list[str]:
        if self.chance(0.3):
            return [f"![{escape_alt(self.texts.plain())}](cg_sea)"]
        return [self.rng.choice(("---", "***", "___"))]

    def input(self, depth: int) -> list[str]:
        name = self.rng.choice(self.values.names["text"])
        default = ' default "Añ[a]"' if self.chance(0.5) else ""
        most = f" max {self.rng.randint(5 if default else 1, 9)}" if self.chance(0.5) else ""
        return [f'`input {name} "{self.texts.quoted()}"{default}{most}`']

    def extras(self, depth: int) -> list[str]:
        if self.chance(0.5):
            return [f"`unlock thing_{self.rng.randrange(3)}`"]
        return [f'`notify "{self.texts.quoted()}"`']


def escape_alt(text: str) -> str:
    """Return alt text without what ends it or breaks the line."""
    return "".join(c for c in text if c.isalnum() or c == " ").strip() or "a picture"


def _is_list(block: str) -> bool:
    return block.lstrip().startswith(("- ", "1. "))


def _item(marker: str, text: str, body: list[str]) -> str:
    """Return a list item, its body indented."""
    indent = " " * len(marker)
    blocks = [text, *body]
    lines = "\n\n".join(blocks).split("\n")
    return marker + "\n".join([lines[0], *(indent + line if line else "" for line in lines[1:])])
