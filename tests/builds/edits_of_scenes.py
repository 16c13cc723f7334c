"""Edits of scenes and of their translations."""

from __future__ import annotations

import re

from builds.writer import Writer, blocks_of, read, write

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
    place = w.random.randrange(1, len(blocks) + 1)
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
