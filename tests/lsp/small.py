"""A small project in which everything is named that can be."""

from __future__ import annotations

from pathlib import Path

SCENE = """\
---
title: 🎹 The roof
location: school/roof
time: dusk
weather: rain
music: first_rain
pov: mei
---

`show mei worried at left`

Mei (worried): You came 🎹🎹. {trust} times. ^came

- [I read it twice.](#honest)
- [What note?](#tease) `if trust < 2`
- Miss Tan: Nothing. `once`

  `set mei.hope -= 1`

[](deep/two.md#landing)

## honest

`set trust += 1` `prop lamp at desk`

Mei & Kenji: *Twice?* `if mei.hope > 3 and not visited("deep/two.md#landing")`

[](#tease)

## tease

```stage
# later
scene school/roof at night with dissolve over 1.2
play music storm fade 2
```

Mei: {trust, plural, one {# time} other {# times}} `if seen("#^came")`

`call with stakes=trust into trust` [](deep/ask.md)

`ending cold "The Note You Burned"`
"""

FILES = {
    "vn.yaml": """\
format: 1
id: small
title: Small
start: one
language: en
languages: [en, es]
world: town
timeline: main
theme: paper
targets: [web]
""",
    "state.yaml": """\
trust:
  type: int
  default: 0
  range: [0, 10]
  doc: How far she trusts.
mood:
  type: enum
  values: [calm, cross]
next_stop:
  type: label
  values: [one.md#honest, deep/two.md#landing]
""",
    "characters/mei.yaml": """\
name: Mei
aliases: [Miss Tan]
stats:
  hope:
    type: int
    doc: What she hopes.
look:
  base: A girl with an umbrella
  poses:
    standing: upright
  expressions:
    worried: brows together
    smile: a small smile
""",
    "characters/kenji.yaml": "name: Kenji\n",
    "worlds/town.yaml": """\
times: [dusk, night]
weathers: [rain, clear]
locations:
  school/roof:
    name: The roof
    alt: A flat roof.
    times:
      dusk: red sky
""",
    "props/lamp.yaml": "alt: A lamp.\nanchors:\n  desk: [0.4, 0.6]\n",
    "themes/paper.yaml": "name: Paper\n",
    "timelines/main.yaml": "chapters:\n  - title: All\n    scenes: [one, deep/two]\n",
    "scenes/one.md": SCENE,
    "scenes/deep/two.md": """\
Kenji: Down here.

## landing

Kenji: On the landing.

`jump next_stop`

[](../one.md#tease)
""",
    "scenes/deep/ask.md": """\
---
params:
  stakes:
    type: int
returns:
  type: int
---

Kenji: {stakes}?

`return stakes + 1`
""",
    "i18n/es.po": "",
    "playtests/all.yaml": """\
cold:
  choices: ["Nothing."]
  expect:
    ending: cold
    holds: [trust >= 0]
    shows: [school/roof, mei worried]
  always: [mei.hope <= 3]
honest:
  start: one.md#honest
  given: {mei.hope: 2}
  expect:
    at:
      one#honest: [mei.hope <= 2]
""",
}


def make(root: Path) -> Path:
    """Write the project, with an up to date `vn.lock` and a catalogue."""
    from comfyvn.model.load import load_project
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.lock import read_lock
    from comfyvn.story.compile import compile_project

    for path, text in FILES.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (root / "assets").mkdir()
    out = Diagnostics()
    loaded = load_project(root, out)
    assert loaded is not None
    compiled = compile_project(loaded, read_lock(root, out), out)
    assert compiled is not None
    assert not out.has_errors, [each for each in out if each.severity == "error"]
    (root / "vn.lock").write_text(compiled.lock.write(), encoding="utf-8")
    line = next(id for id, at in compiled.source_map.items() if at == ("scenes/one.md", 12, 1))
    (root / "i18n/es.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        f'#: scenes/one.md\nmsgctxt "{line}"\nmsgid "You came 🎹🎹. {{trust}} times."\n'
        'msgstr "Viniste 🎹. \\"{trust}\\" veces."\n',
        encoding="utf-8",
    )
    return root
