"""Edits of what scenes name: characters, worlds, variables, rules, assets."""

from __future__ import annotations

import io
import re

from builds.writer import Writer, read, write

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
    where = w.random.choice(["worlds/*.yaml", "props/*.yaml"])
    return _change_one(
        w, where, ["alt", "name", "summary", "look"], r"([^>\n]*)", rf"\2 {w.number()}"
    )


def theme(w: Writer) -> str | None:
    colour = f"#{w.number() % 256:02x}2030"
    keys = ["background", "text", "accent", "surface"]
    return _change_one(w, "themes/*.yaml", keys, '"#......"', f'"{colour}"')


def _change_one(w: Writer, where: str, keys: list[str], value: str, new: str) -> str | None:
    """Change the first value of one of some keys; `value` is a regular expression."""
    path = w.file(where)
    if path is None:
        return None
    key = w.random.choice(keys)
    write(path, re.sub(rf"(?m)^( *{key}: ){value}$", rf"\1{new}", read(path), count=1))
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
