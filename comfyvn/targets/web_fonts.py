"""Which of the shipped fonts a story needs, and the style sheet that names them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

FAMILIES = {
    "literata": ("Literata", (("normal", "400 700", "normal"), ("italic", "400 700", "italic"))),
    "inter": ("Inter", (("normal", "400 700", "normal"),)),
    "atkinson": ("Atkinson Hyperlegible", (("normal", "400", "400"), ("normal", "700", "700"))),
    "cormorant": ("Cormorant Garamond", (("normal", "600", "600"),)),
}
"""Family by the beginning of its files' names, with its faces: style, weight, end of the name."""

SCRIPTS = {
    "latin": "U+0-FF,U+131,U+152-153,U+2BB-2BC,U+2C6,U+2DA,U+2DC,U+2000-206F,U+20AC,U+2122,"
    "U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
    "latin-ext": "U+100-130,U+132-151,U+154-24F,U+1E80-1E85,U+1E9E,U+20A0-20AB,U+20AD-20BF,"
    "U+2113,U+2116",
    "cyrillic": "U+301,U+400-45F,U+490-491,U+4B0-4B1",
    "greek": "U+370-3FF",
}
"""What each file covers, as `unicode-range` has it. Other scripts are left to the system's."""


def scripts_used(texts: Iterable[bytes]) -> list[str]:
    """Return the scripts that some texts have letters of, in the order of `SCRIPTS`.

    Latin always comes, for the player's own words.
    """
    letters: set[str] = set()
    for text in texts:
        if not text.isascii():
            letters.update(text.decode())
    codes = {ord(letter) for letter in letters}
    return [
        script
        for script, ranges in SCRIPTS.items()
        if script == "latin" or any(_covers(part, codes) for part in ranges.split(","))
    ]


def fonts_needed(
    scripts: Collection[str], shipped: Mapping[str, bytes]
) -> tuple[dict[str, bytes], str]:
    """Return the font files for some scripts, and the style sheet that stands beside them.

    `shipped` maps file names to contents.
    """
    files: dict[str, bytes] = {}
    rules = []
    for prefix, (family, faces) in FAMILIES.items():
        for script in (name for name in SCRIPTS if name in scripts):
            for style, weight, end in faces:
                name = f"{prefix}-{script}-{end}.woff2"
                if name not in shipped:
                    continue
                files[name] = shipped[name]
                rules.append(
                    f'@font-face{{font-family:"{family}";font-style:{style};font-weight:{weight};'
                    f'font-display:swap;src:url("{name}") format("woff2");'
                    f"unicode-range:{SCRIPTS[script]}}}"
                )
        files[f"OFL-{prefix}.txt"] = shipped[f"OFL-{prefix}.txt"]
    return files, "\n".join(rules) + "\n"


def _covers(part: str, letters: set[int]) -> bool:
    low, _, high = part.removeprefix("U+").partition("-")
    first, last = int(low, 16), int(high or low, 16)
    return any(first <= letter <= last for letter in letters)
