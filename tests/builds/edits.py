"""Random edits of a project, as writers, translators, git and accidents make them."""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from builds.example import Tree, restore, sources, tree

_PROSE = re.compile(r"^[A-Z][^`#\[\]{}^|<>]{20,}\.$")
_OTHER = {
    "time": ["dusk", "night", "dawn"],
    "weather": ["drizzle", "storm", "clear"],
    "theme": ["ferry", "blackout"],
    "ambience": ["rain", "sea", "room", "none"],
    "music": ["lantern_light", "seven_ten", "no_such_music"],
    "title": ["Wet", "Wetter", "Everybody in, and the door shut"],
    "tags": ["[everyone]", "[humour, piano]", "[]"],
    "location": ["pier/office", "pier/quay", "pier/nowhere"],
}
_RULES = {
    "notes": """\
        notes:
          for: {files: "notes/*.txt"}
          inputs: ["{path}"]
          outputs: ["build/notes/{stem}.txt"]
          command: [%s, "{input}", "{output}"]
        """,
    "art": """\
        art:
          for: {files: "art/*"}
          inputs: ["{path}"]
          outputs: ["build/assets/{name}"]
          command: [%s, "{input}", "{output}"]
        """,
    "index": """\
        index:
          inputs: ["build/notes/*.txt", "scenes/*/*.md"]
          outputs: [build/notes-and-scenes]
          command: [sh, -c, 'cat "$@" | wc -c > %s', sh, "{input}"]
        """,
    "web-face": """\
        web-face:
          target: web
          message: reading the title
          inputs: ["@head"]
          outputs: ["@web/face", "@web/badge", "@web/scripts/head"]
          action: comfyvn.targets.web_actions:face
          version: %s
        """,
}


class Writer:
    """Edits a project at random; remembers what it was.

    Attributes:
        root: the project.
        past: the sources as they were before each edit.
        altered: what of that which a build left is not as it was left.
    """

    def __init__(self, root: Path, random: Random) -> None:
        self.root, self.random = root, random
        self.past: list[Tree] = []
        self.good: Tree = sources(root)
        self.altered: set[str] = set()
        self.made = 0

    def edit(self, *, mend: bool) -> str:
        """Change something; return what. With `mend`, mostly bring back what was last in order."""
        self.past.append(sources(self.root))
        if mend and self.random.random() < 0.7:
            restore(self.root, self.good)
            return "bring back what was in order"
        while True:
            kind = self.random.choices(list(KINDS), list(KINDS.values()))[0]
            if (said := kind(self)) is not None:
                return said

    def approve(self) -> None:
        """Say that the project is in order."""
        self.good = sources(self.root)

    # What edits are made of

    def files(self, pattern: str) -> list[Path]:
        return sorted(path for path in self.root.glob(pattern) if path.is_file())

    def file(self, pattern: str) -> Path | None:
        files = self.files(pattern)
        return self.random.choice(files) if files else None

    def scene(self) -> Path:
        return self.random.choice(self.files("scenes/*/*.md"))

    def name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def number(self) -> int:
        self.made += 1
        return self.made

    def replace(self, pattern: str, new: str, where: str) -> None:
        """Replace what a regular expression finds in all files of a pattern."""
        for path in self.files(where):
            text = read(path)
            if (changed := re.sub(pattern, new, text)) != text:
                write(path, changed)


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


def write(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))


def blocks_of(path: Path) -> list[str]:
    """Split a scene; its front matter is the first part, and is never empty."""
    return read(path).split("\n\n")


# Text


def reword(w: Writer) -> str | None:
    path = w.scene()
    lines = read(path).split("\n")
    places = [i for i, line in enumerate(lines) if _PROSE.match(line)]
    if not places:
        return None
    i = w.random.choice(places)
    match w.random.randrange(3):
        case 0:
            lines[i] += f" Again, {w.number()}."
        case 1:
            # Only the letters of a word: a star beside it belongs to the story's form.
            words = [found.span() for found in re.finditer(r"(?<= )[a-z]+(?=[ .,])", lines[i])]
            if words:
                start, end = w.random.choice(words)
                lines[i] = f"{lines[i][:start]}rain{lines[i][end:]}"
        case _:
            lines[i] = f"Nothing is left of this line but its place, {w.number()}."
    write(path, "\n".join(lines))
    return f"reword line {i + 1} of {w.name(path)}"


def add_line(w: Writer) -> str:
    path = w.scene()
    blocks = blocks_of(path)
    place = w.random.randrange(1, len(blocks))
    new = w.random.choice(
        [
            "The lamp swings, {}.",
            "Kit: The lamp swings, {}.",
            "Kit (grin): The *lamp*, {}. ^lamp-{}",
            "`set nerve += {}`",
            "`play sfx bell`",
            "`show kit worried`",
            "- Noor: Yes, {}.\n- Noor: No, {}.",
            "`if nerve > {}`\n\nNerve.\n\n`end`",
        ]
    )
    number = w.number()
    blocks.insert(place, new.replace("{}", str(number)))
    write(path, "\n\n".join(blocks))
    return f"add `{blocks[place]}` at {place} of {w.name(path)}"


def delete_block(w: Writer) -> str | None:
    path = w.scene()
    blocks = blocks_of(path)
    if len(blocks) < 4:
        return None
    place = w.random.randrange(1, len(blocks))
    gone = blocks.pop(place)
    write(path, "\n\n".join(blocks))
    return f"delete `{gone[:30]}` from {w.name(path)}"


def move_block(w: Writer) -> str | None:
    path, other = w.scene(), w.scene()
    if w.random.random() < 0.5:
        other = path
    blocks = blocks_of(path)
    if len(blocks) < 4:
        return None
    moved = blocks.pop(w.random.randrange(1, len(blocks)))
    write(path, "\n\n".join(blocks))
    there = blocks_of(other)
    there.insert(w.random.randrange(1, len(there) + 1), moved)
    write(other, "\n\n".join(there))
    return f"move `{moved[:30]}` from {w.name(path)} to {w.name(other)}"


def comment(w: Writer) -> str:
    path = w.scene()
    blocks = blocks_of(path)
    kind = w.random.choice(["", "tr: ", "vo: "])
    place = w.random.randrange(1, len(blocks) + 1)
    blocks.insert(place, f"<!-- {kind}look at this, {w.number()} -->")
    write(path, "\n\n".join(blocks))
    return f"comment in {w.name(path)}"


def front_matter(w: Writer) -> str | None:
    path = w.scene()
    text = read(path)
    end = text.find("\n---", 4)
    if end < 0:
        return None
    head = text[:end].split("\n")
    key = w.random.choice(sorted(_OTHER))
    line = f"{key}: {w.random.choice(_OTHER[key])}"
    places = [i for i, each in enumerate(head) if each.startswith(f"{key}:")]
    if places:
        head[places[0]] = line
    else:
        head.append(line)
    write(path, "\n".join(head) + text[end:])
    return f"`{line}` in {w.name(path)}"


# Scenes and labels


def rename_scene(w: Writer) -> str:
    path = w.scene()
    stem = path.stem
    new = f"{stem.split('-v')[0]}-v{w.number()}"
    path.rename(path.with_name(f"{new}.md"))
    said = f"rename {w.name(path)} to {new}.md"
    if w.random.random() < 0.2:
        return f"{said}, and leave references"
    w.replace(rf"\b{stem}\.md", f"{new}.md", "scenes/*/*.md")
    w.replace(rf"\b{stem}\.md", f"{new}.md", "state.yaml")
    w.replace(rf"/{stem}\b(?!-)", f"/{new}", "timelines/*.yaml")
    w.replace(rf"/{stem}\b(?!-)", f"/{new}", "vn.yaml")
    return said


def rename_label(w: Writer) -> str | None:
    path = w.scene()
    labels = re.findall(r"(?m)^## (.+)$", read(path))
    if not labels:
        return None
    label = w.random.choice(labels)
    new = f"{label.split('-v')[0]}-v{w.number()}"
    w.replace(rf"(?m)^## {label}$", f"## {new}", w.name(path))
    said = f"rename {label} of {w.name(path)} to {new}"
    if w.random.random() < 0.2:
        return f"{said}, and leave references"
    w.replace(rf"#{label}\b(?!-)", f"#{new}", "scenes/*/*.md")
    return said


def add_scene(w: Writer) -> str:
    number = w.number()
    path = w.root / f"scenes/night/extra_{number}.md"
    start = w.random.choice(["", "---\nlocation: pier/quay\n---\n\n", "---\ntitle: More\n---\n\n"])
    write(path, f"{start}Extra, {number}.\n\nKit: And more of it.\n\n[go](rounds.md)\n")
    if w.random.random() < 0.5:
        w.replace(r"- night/tea\n", f"- night/tea\n      - night/{path.stem}\n", "timelines/*.yaml")
    return f"add {w.name(path)}"


def delete_scene(w: Writer) -> str | None:
    extra = w.files("scenes/night/extra_*.md")
    path = w.random.choice(extra) if extra and w.random.random() < 0.8 else w.scene()
    path.unlink()
    if w.random.random() < 0.8:
        w.replace(rf" +- night/{path.stem}\n", "", "timelines/*.yaml")
    return f"delete {w.name(path)}"


# YAML


def character(w: Writer) -> str | None:
    path = w.file("characters/*.yaml")
    if path is None:
        return None
    number = w.number()
    text = read(path)
    match w.random.randrange(5):
        case 0:
            text = re.sub(r'colour: "#......"', f'colour: "#{number % 256:02x}8040"', text)
        case 1:
            text = re.sub(r"(?m)^notes: (.*)$", rf"notes: \1 {number}.", text)
        case 2:
            text = re.sub(r"(?m)^name: (\w+).*$", rf"name: \1 {number}", text)
        case 3:
            text = re.sub(r"(?m)^aliases:.*\n", "", text) + f"aliases: [Somebody {number}]\n"
        case _:
            text = re.sub(r"(?m)^    plain: (.*)$", rf"    plain: \1, {number}", text)
    write(path, text)
    return f"change {w.name(path)}"


def world(w: Writer) -> str | None:
    path = w.file(w.random.choice(["worlds/*.yaml", "props/*.yaml"]))
    if path is None:
        return None
    number = w.number()
    key = w.random.choice(["alt", "name", "summary", "look"])
    text = re.sub(rf"(?m)^( *{key}: [^>\n]*)$", rf"\1 {number}", read(path), count=1)
    write(path, text)
    return f"change {key} in {w.name(path)}"


def theme(w: Writer) -> str | None:
    path = w.file("themes/*.yaml")
    if path is None:
        return None
    number = w.number()
    key = w.random.choice(["background", "text", "accent", "surface"])
    text = re.sub(rf'{key}: "#......"', f'{key}: "#{number % 256:02x}2030"', read(path), count=1)
    write(path, text)
    return f"change {key} in {w.name(path)}"


def state(w: Writer) -> str | None:
    path = w.file("state.yaml")
    if path is None:
        return None
    text, number = read(path), w.number()
    match w.random.randrange(5):
        case 0:
            text = text.replace("doc: ", f"doc: ({number}) ", 1)
        case 1:
            text = re.sub(r"(?m)^(umbrellas:\n  type: int\n  default:).*$", rf"\1 {number}", text)
        case 2:
            text += f"added_{number}:\n  type: int\n  default: {number}\n"
        case 3:
            text = re.sub(r"added_\d+:\n(  .*\n)*", "", text, count=1)
        case _:
            text = re.sub(r"(?m)^candles:\n", f"candles_{number}:\n", text)
    write(path, text)
    return "change state.yaml"


def timeline(w: Writer) -> str | None:
    path = w.file("timelines/*.yaml")
    if path is None:
        return None
    lines = read(path).split("\n")
    places = [i for i, line in enumerate(lines) if line.startswith("      - night/")]
    if w.random.random() < 0.3 or len(places) < 2:
        write(path, read(path).replace("title: Night", f"title: Night {w.number()}"))
    else:
        i = w.random.choice(places[:-1])
        lines[i], lines[i + 1] = lines[i + 1], lines[i]
        write(path, "\n".join(lines))
    return f"change {w.name(path)}"


def project(w: Writer) -> str | None:
    path = w.file("vn.yaml")
    if path is None:
        return None
    text, number = read(path), w.number()
    match w.random.randrange(5):
        case 0:
            text = re.sub(r"(?m)^subtitle: .*$", f"subtitle: One night, {number}", text)
        case 1:
            text = re.sub(r"(?m)^version: .*$", f"version: 1.0.{number}", text)
        case 2:
            text = re.sub(
                r"(?m)^theme: (\w+)$",
                lambda m: f"theme: {'blackout' if m[1] == 'ferry' else 'ferry'}",
                text,
            )
        case 3:
            text = re.sub(
                r"languages: .*",
                lambda m: "languages: [en]" if "es" in m[0] else "languages: [en, es]",
                text,
            )
        case _:
            text = re.sub(
                r"rollback: .*",
                lambda m: "rollback: false" if "true" in m[0] else "rollback: true",
                text,
            )
    write(path, text)
    return "change vn.yaml"


def catalogue(w: Writer) -> str | None:
    path = w.file("i18n/*.po")
    if path is None or w.random.random() < 0.1:
        write(w.root / "i18n/fr.po", f'msgid ""\nmsgstr ""\n"Language: fr\\n"\n# {w.number()}\n')
        return "add i18n/fr.po"
    parts = read(path).split("\n\n")
    if len(parts) < 3:
        return None
    i = w.random.randrange(1, len(parts))
    match w.random.randrange(4):
        case 0:
            parts[i] = re.sub(r'"$', f' {w.number()}"', parts[i])
        case 1:
            del parts[i]
        case 2:
            parts[i] = re.sub(r'msgid "', 'msgid "No longer. ', parts[i])
        case _:
            j = w.random.randrange(1, len(parts))
            parts[i], parts[j] = parts[j], parts[i]
    write(path, "\n\n".join(parts))
    return f"change entry {i} of {w.name(path)}"


# Rules, assets


def rule(w: Writer) -> str:
    name = w.random.choice(sorted(_RULES))
    path = w.root / f"rules/{name}.yaml"
    if path.exists() and w.random.random() < 0.4:
        path.unlink()
        return f"remove the rule {name}"
    number = w.number()
    filled = {
        "notes": w.random.choice(["cp", "cp, -p"]),
        "art": w.random.choice(["cp", "cp, -p"]),
        "index": "build/notes-and-scenes",
        "web-face": str(number),
    }[name]
    text = _RULES[name] % filled
    write(path, re.sub(r"(?m)^        ", "", text))
    return f"set the rule {name} ({filled})"


def note(w: Writer) -> str:
    path = w.file("notes/*.txt")
    if path is not None and w.random.random() < 0.4:
        path.unlink()
        return f"remove {w.name(path)}"
    path = w.root / f"notes/{w.random.choice('abc')} {w.random.choice('xy')}.txt"
    write(path, f"note {w.number()}\n")
    return f"write {w.name(path)}"


_PICTURES = (
    "noor", "kit grin", "kit", "haru smile", "pier office", "pier office night", "pier quay",
    "tea_by_lantern", "lantern", "odile plain", "odile plain 2",
)  # fmt: skip


def asset(w: Writer) -> str | None:
    from PIL import Image

    kind = w.random.randrange(4)
    if kind == 0:
        path = w.file(w.random.choice(["assets/**/*.*", "art/*"]))
        if path is None:
            return None
        path.unlink()
        return f"remove {w.name(path)}"
    if kind == 1:
        path = w.file("assets/**/*.ogg")
        if path is None:
            return None
        write(path, path.read_bytes() + bytes([w.number() % 256]))
        return f"change {w.name(path)}"
    folder = w.random.choice(["assets", "assets/pictures", "art", "art"])
    ending = w.random.choice([".png", ".webp", ".PNG"])
    path = w.root / f"{folder}/{w.random.choice(_PICTURES)}{ending}"
    data = io.BytesIO()
    colour = w.random.choice(["red", "navy", "green"])
    Image.new("RGB", (8 + w.number() % 8, 8), colour).save(data, ending[1:].upper())
    write(path, data.getvalue() if w.random.random() < 0.9 else b"no picture")
    return f"write {w.name(path)}"


# Git, editors, accidents


def older_lock(w: Writer) -> str | None:
    past = w.random.choice(w.past)
    path = w.root / "vn.lock"
    if w.random.random() < 0.2 or "vn.lock" not in past:
        path.unlink(missing_ok=True)
        return "remove vn.lock"
    if w.random.random() < 0.2 and path.exists():
        both = {*past["vn.lock"].splitlines(True), *path.read_bytes().splitlines(True)}
        write(path, b"".join(sorted(both)))
        return "merge vn.lock with an older one"
    write(path, past["vn.lock"])
    return "bring back an older vn.lock"


def older_project(w: Writer) -> str:
    past = dict(w.random.choice(w.past))
    match w.random.randrange(3):
        case 0:
            restore(w.root, past)
            return "bring back an older state of everything"
        case 1:
            now = sources(w.root)
            past.pop("vn.lock", None)
            restore(w.root, past | ({"vn.lock": now["vn.lock"]} if "vn.lock" in now else {}))
            return "bring back an older state of everything but vn.lock"
        case _:
            now = {p: d for p, d in sources(w.root).items() if not p.startswith("scenes/")}
            restore(w.root, now | {p: d for p, d in past.items() if p.startswith("scenes/")})
            return "bring back older scenes"


def touch(w: Writer) -> str:
    files = w.random.sample(sorted(sources(w.root)), 5)
    for name in files:
        path = w.root / name
        when = time.time() + w.random.choice([-1e6, -5, 0, 100])
        if not path.is_symlink():
            os.utime(path, (when, when))
    return f"touch {', '.join(files)}"


def rewrite(w: Writer) -> str:
    """Replace files by equal ones, as an editor that saves through a new file does."""
    files = w.random.sample(sorted(sources(w.root)), 3)
    for name in files:
        path = w.root / name
        if not path.is_symlink():
            data = path.read_bytes()
            path.unlink()
            path.write_bytes(data)
    return f"rewrite {', '.join(files)}"


def spoil(w: Writer) -> str | None:
    path = w.file(
        w.random.choice(
            ["scenes/*/*.md", "scenes/*/*.md", "*.yaml", "*/*.yaml", "i18n/*.po", "vn.lock"]
        )
    )
    if path is None:
        return None
    how = w.random.choice(["bytes", "syntax", "empty", "link", "folder", "cut"])
    data = path.read_bytes()
    if how == "bytes":
        write(path, data + b"\xff\xfe\x00")
    elif how == "syntax":
        write(path, data + b"\n\n`if`\n: [\n[go](#nowhere)\n")
    elif how == "empty":
        write(path, b"")
    elif how == "cut":
        write(path, data[: w.random.randrange(len(data) + 1)])
    elif path.name != "vn.lock" or how == "link":
        path.unlink()
        if how == "link":
            path.symlink_to("nowhere")
        else:
            path.mkdir()
            write(path / "in_the_way.md", b"Hello.\n")
    return f"spoil {w.name(path)}: {how}"


def tamper(w: Writer) -> str | None:
    """Do something to what a build left."""
    built = sorted(tree(w.root / "build")) if (w.root / "build").is_dir() else []
    if not built:
        return None
    names = w.random.sample(built, min(3, len(built)))
    w.altered.update(f"build/{name}" for name in names)
    for name in names:
        path = w.root / "build" / name
        how = w.random.randrange(3)
        data = path.read_bytes()
        path.unlink()
        if how == 1:
            path.write_bytes(data + b"!")
        elif how == 2:
            path.symlink_to("/dev/null")
    return f"alter the built {', '.join(names)}"


KINDS: dict[Callable[[Writer], str | None], int] = {
    reword: 6, add_line: 4, delete_block: 3, move_block: 4, comment: 2, front_matter: 3,
    rename_scene: 3, rename_label: 2, add_scene: 2, delete_scene: 2,
    character: 3, world: 2, theme: 1, state: 2, timeline: 2, project: 2, catalogue: 4,
    rule: 4, note: 2, asset: 5,
    older_lock: 3, older_project: 3, touch: 1, rewrite: 1, spoil: 3, tamper: 2,
}  # fmt: skip
