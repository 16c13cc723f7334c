"""What each construct of the language becomes in the Program."""

from __future__ import annotations

import json
from typing import Any

import pytest
from compiling import AFTER, body, compile_files, compile_scene
from pydantic import TypeAdapter

from comfyvn.story.directives import DIRECTIVES
from comfyvn.story.program import Program

CHECKED = TypeAdapter(Program)

STAGE = [
    ("scene hall", [{"op": "scene", "location": "hall"}, {"op": "stop", "channel": "ambience"}]),
    (
        "scene roof at night in rain with fade over 2",
        [
            {"op": "scene", "location": "roof", "time": "night", "weather": "rain"}
            | {"with": "fade", "seconds": 2, "wait": True},
            {"op": "play", "channel": "ambience", "name": "wind"},
        ],
    ),
    ("show mei", [{"op": "show", "what": "mei", "kind": "sprite"}]),
    (
        "show mei worried coat arms-crossed at left",
        [
            {"op": "show", "what": "mei", "kind": "sprite", "at": "left"}
            | {"look": {"expression": "worried", "outfit": "coat", "pose": "arms_crossed"}}
        ],
    ),
    (
        "show mei at 0.2 1 z 3",
        [{"op": "show", "what": "mei", "kind": "sprite", "at": [0.2, 1], "z": 3}],
    ),
    (
        "show mei with shake",
        [
            {"op": "show", "what": "mei", "kind": "sprite", "with": "shake", "seconds": 0.4}
            | {"wait": True}
        ],
    ),
    (
        "show mei over 2",
        [{"op": "show", "what": "mei", "kind": "sprite", "with": "dissolve", "seconds": 2}],
    ),
    (
        "show mei over 2 and wait",
        [
            {"op": "show", "what": "mei", "kind": "sprite", "with": "dissolve", "seconds": 2}
            | {"wait": True}
        ],
    ),
    ("show mei with cut", [{"op": "show", "what": "mei", "kind": "sprite", "with": "cut"}]),
    ("show old photo", [{"op": "show", "what": "old photo", "kind": "image"}]),
    (
        "prop lamp at desk",
        [
            {"op": "show", "what": "lamp", "kind": "prop", "z": 7, "at": [0.2, 0.6]}
            | {"with": "dissolve", "seconds": 0.5}
        ],
    ),
    (
        "hide lamp with fade",
        [{"op": "hide", "what": "lamp", "with": "fade", "seconds": 1.0} | {"wait": True}],
    ),
    ("move mei at right", [{"op": "move", "what": "mei", "at": "right", "seconds": 0.5}]),
    (
        "move lamp at desk over 2 and wait",
        [{"op": "move", "what": "lamp", "at": [0.2, 0.6], "seconds": 2, "wait": True}],
    ),
    ("camera", [{"op": "camera", "seconds": 0.8}]),
    (
        "camera zoom 1.5 at left over 2",
        [{"op": "camera", "zoom": 1.5, "at": [0.3, 0.5], "seconds": 2}],
    ),
    ("camera with shake", [{"op": "camera", "with": "shake", "seconds": 0.4, "wait": True}]),
    ("time night", [{"op": "time", "value": "night"}]),
    ("weather rain", [{"op": "weather", "value": "rain"}]),
    ("theme night", [{"op": "theme", "value": "night"}]),
    (
        "play music storm fade 2 volume 0.5 once",
        [
            {"op": "play", "channel": "music", "name": "storm", "once": True, "fade": 2}
            | {"volume": 0.5}
        ],
    ),
    ("play music storm loop", [{"op": "play", "channel": "music", "name": "storm"}]),
    ("play sfx bell once", [{"op": "play", "channel": "sfx", "name": "bell"}]),
    ("play sfx bell loop", [{"op": "play", "channel": "sfx", "name": "bell", "loop": True}]),
    ("stop sfx fade 1", [{"op": "stop", "channel": "sfx", "fade": 1}]),
    ("stop", [{"op": "stop", "channel": each} for each in ("music", "ambience", "sfx")]),
    ("voice mei_01", [{"op": "voice", "name": "mei_01"}]),
    ("pause", [{"op": "pause"}]),
    ("pause 1.5", [{"op": "pause", "seconds": 1.5}]),
    ("speed 0.5", [{"op": "speed", "factor": 0.5}]),
    ("unlock roof", [{"op": "unlock", "name": "roof"}]),
    (
        'notify "A *key*: {coins}"',
        [
            {
                "op": "notify",
                "text": ["A ", {"em": ["key"]}, ": ", {"v": 0}],
                "slots": [["var", "coins"]],
            }
        ],
    ),
    ("set brave", [{"op": "set", "var": "brave", "how": "=", "value": ["bool", True]}]),
    ("set coins -= 2", [{"op": "set", "var": "coins", "how": "-=", "value": ["int", 2]}]),
    ('set bag += "key"', [{"op": "set", "var": "bag", "how": "+=", "value": ["set", ["key"]]}]),
    (
        'set bag = ["rope", "key"]',
        [{"op": "set", "var": "bag", "how": "=", "value": ["set", ["key", "rope"]]}],
    ),
    (
        'set mei.name = "Mei A."',
        [{"op": "set", "var": "mei.name", "how": "=", "value": ["text", "Mei A."]}],
    ),
    (
        'set stop = "#kitchen"',
        [{"op": "set", "var": "stop", "how": "=", "value": ["label", "start#kitchen"]}],
    ),
    ("jump stop", [{"op": "jump", "value": ["var", "stop"]}]),
    ('jump "#kitchen"', [{"op": "jump", "to": "start#kitchen"}]),
]


@pytest.mark.parametrize(("source", "ops"), STAGE, ids=[source for source, _ in STAGE])
def test_directive(source: str, ops: list[dict[str, Any]]) -> None:
    assert body(f"`{source}`") == ops
    assert body(f"```stage\n{source}\n```") == ops


EXPRESSIONS = [
    (
        "coins + 1 > 2 * 3",
        [">", "n", ["+", "i", ["var", "coins"], ["int", 1]], ["*", "i", ["int", 2], ["int", 3]]],
    ),
    ("coins / 2 > ratio", [">", "n", ["/", ["var", "coins"], ["int", 2]], ["var", "ratio"]]),
    ("coins % ratio > 0", [">", "n", ["%", "n", ["var", "coins"], ["var", "ratio"]], ["int", 0]]),
    ("-coins == -3", ["==", ["neg", "i", ["var", "coins"]], ["int", -3]]),
    ("not coins", ["not", ["truth", ["var", "coins"]]]),
    ("player or bag", ["or", ["truth", ["var", "player"]], ["truth", ["var", "bag"]]]),
    ('player + "!" < "z"', ["<", "t", ["+", "t", ["var", "player"], ["text", "!"]], ["text", "z"]]),
    ('mood == "sad"', ["==", ["var", "mood"], ["text", "sad"]]),
    ('"sad" != mood', ["!=", ["text", "sad"], ["var", "mood"]]),
    ('mood in ["sad", "calm"]', ["in", ["var", "mood"], ["set", ["calm", "sad"]]]),
    ('"key" not in bag', ["not", ["in", ["text", "key"], ["var", "bag"]]]),
    ('"x" in player', ["in", ["text", "x"], ["var", "player"]]),
    (
        "bag == small_bag + bag",
        ["==", ["var", "bag"], ["union", ["var", "small_bag"], ["var", "bag"]]],
    ),
    ("bag - small_bag", ["truth", ["minus", ["var", "bag"], ["var", "small_bag"]]]),
    (
        "(1 if brave else 0.5) > ratio",
        [">", "n", ["if", ["var", "brave"], ["int", 1], ["num", 0.5]], ["var", "ratio"]],
    ),
    (
        "min(coins, 3) > max(ratio, 1)",
        [
            ">",
            "n",
            ["min", "i", ["var", "coins"], ["int", 3]],
            ["max", "n", ["var", "ratio"], ["int", 1]],
        ],
    ),
    (
        "abs(ratio) > round(ratio)",
        [">", "n", ["abs", "n", ["var", "ratio"]], ["round", ["var", "ratio"]]],
    ),
    ("len(player) == len(bag)", ["==", ["len", ["var", "player"]], ["len", ["var", "bag"]]]),
    ("chance(0.25)", ["chance", ["num", 0.25]]),
    ('roll("2d6") == roll("d20 - 1")', ["==", ["roll", 2, 6, 0], ["roll", 1, 20, -1]]),
    ('pick(bag) == "key"', ["==", ["pick", ["var", "bag"]], ["text", "key"]]),
    ('stop == "#kitchen"', ["==", ["var", "stop"], ["label", "start#kitchen"]]),
]


@pytest.mark.parametrize(("source", "expr"), EXPRESSIONS, ids=[each for each, _ in EXPRESSIONS])
def test_condition(source: str, expr: list[Any]) -> None:
    assert body(f"`if {source}`\n\n`end`") == [{"op": "if", "branches": [{"if": expr, "body": []}]}]


def test_counts_ask_for_ids() -> None:
    scene, out = compile_scene(
        '`if visited("lab.md") and times("lab.md#result", ever) > 1 and visited("#kitchen")`\n\n'
        'Hm. ^hm\n\n`end`\n\n- Ask. ^ask\n- Go.\n\n1. Rain. ^rain\n\n`if seen("#^hm") and '
        'chose("#^ask") and seen("#^rain") and chose("start.md#^rain", ever)`\n\n`end`' + AFTER
    )
    assert not out
    ops = scene["sections"][0]["body"]
    hm = ops[0]["branches"][0]["body"][0]
    ask, rain = ops[1]["choices"][0], ops[2]["items"][0]
    [first, last] = [ops[0]["branches"][0]["if"], ops[3]["branches"][0]["if"]]
    assert first[1][2][:2] == [">", "n"]
    assert [first[1][1][2], first[1][2][2][2], first[2][2]] == [False, True, False]
    assert first[2][1] == scene["sections"][2]["id"]
    assert last == [
        "and",
        [
            "and",
            ["and", ["seen", hm["id"], False], ["chose", ask["id"], False]],
            ["seen", f"{rain['id']}_s", False],
        ],
        ["chose", rain["id"], True],
    ]
    assert hm["count"]
    assert rain["body"][0]["count"]


def test_lines() -> None:
    ops = body(
        "Rain.\n\nMei (worried, coat, whisper): *Hi*, {mei.name}.\n\n"
        'The girl as "???": Who?\n\n???: Me.\n\nMei & Kenji (worried): We.\n\n'
        "Once. `once` `if brave`\n\nOne, \\\ntwo."
    )
    for op in ops:
        del op["id"]
    assert ops == [
        {"op": "say", "who": [], "text": ["Rain."]},
        {
            "op": "say",
            "who": ["mei"],
            "manner": "whisper",
            "look": {"expression": "worried", "outfit": "coat"},
            "text": [{"em": ["Hi"]}, ", ", {"v": 0}, "."],
            "slots": [["var", "mei.name"]],
        },
        {"op": "say", "who": ["mei"], "as": "???", "text": ["Who?"]},
        {"op": "say", "who": ["???"], "text": ["Me."]},
        {
            "op": "say",
            "who": ["mei", "kenji"],
            "look": {"expression": "worried"},
            "text": ["We."],
        },
        {
            "op": "say",
            "who": [],
            "text": ["Once."],
            "once": True,
            "if": ["var", "brave"],
            "count": True,
        },
        {"op": "say", "who": [], "text": ["One,\ntwo."]},
    ]


def test_slots_are_numbered_in_source_order() -> None:
    [op] = body(
        "{coins} {a|b} {coins, plural, one {# of {player}} other {#}} "
        "{mood, select, sad {:(} other {{ratio:.2}}}"
    )
    assert op["slots"] == [
        ["var", "coins"],
        ["wording"],
        ["var", "coins"],
        ["var", "player"],
        ["var", "mood"],
        ["var", "ratio"],
    ]
    assert op["text"][2] == {"wording": 1, "of": [["a"], ["b"]]}
    assert op["text"][4] == {
        "plural": 2,
        "forms": {"one": [{"v": 2}, " of ", {"v": 3}], "other": [{"v": 2}]},
    }
    assert op["text"][6]["forms"]["other"] == [{"v": 5, "digits": 2}]


def test_a_label_prints_its_title() -> None:
    [op] = body("To {stop}.")
    assert op["slots"] == [["title", ["var", "stop"]]]


def test_effects_split_a_text_without_doubling_its_spaces() -> None:
    [styled] = body("**A `pause 1` `pause 2` b.** *c `pause 3`* d.")
    assert styled["text"][::2] == [
        {"strong": ["A "]},
        {"strong": ["b."]},
        {"em": ["c "]},
        "d.",
    ]
    [op] = body("A `pause 1` `play sfx bell` b. `stop sfx`")
    bell = {"op": "play", "channel": "sfx", "name": "bell"}
    assert op["text"] == [
        "A ",
        {"fx": [{"op": "pause", "seconds": 1}, bell]},
        "b.",
        {"fx": [{"op": "stop", "channel": "sfx"}]},
    ]


def test_menu() -> None:
    [menu] = body(
        '- *Ask* {coins}. `if brave` `locked "You have {coins}."` `once`\n\n  Hm.\n\n'
        "- Kenji (worried): Run!\n- [Out](#kitchen) `timeout 5`\n- [](#kitchen) `else`"
    )
    first, run, out, unseen = menu["choices"]
    assert menu["id"][0] == "m"
    assert [each["id"][0] for each in menu["choices"]] == ["c"] * 4
    assert first["if"] == ["var", "brave"]
    assert first["once"] is True
    assert first["text"] == [{"em": ["Ask"]}, " ", {"v": 0}, "."]
    assert first["slots"] == first["locked_slots"] == [["var", "coins"]]
    assert first["locked"] == ["You have ", {"v": 0}, "."]
    assert [op["op"] for op in first["body"]] == ["say"]
    assert run["text"] == ["Run!"]
    assert run["body"] == [
        {"op": "say", "id": f"{run['id']}_s", "who": ["kenji"], "look": {"expression": "worried"}}
        | {"text": ["Run!"]}
    ]
    assert out["timeout"] == 5
    assert out["body"] == unseen["body"] == [{"op": "jump", "to": "start#kitchen"}]
    assert unseen["else"] is True
    assert unseen["text"] == []


def test_pick() -> None:
    picks = body(
        "1. Rain. `weight 3`\n1. [](#kitchen) `if brave`\n1. Mei: Hm.\n\n"
        "<!-- -->\n\n1. A. `shuffle`\n1.\n"
    )
    random, shuffle = picks
    assert random["mode"] == "random"
    assert random["items"][0]["weight"] == 3
    assert random["items"][1]["body"] == [{"op": "jump", "to": "start#kitchen"}]
    assert random["items"][2]["body"][0]["who"] == ["mei"]
    assert random["items"][2]["body"][0]["id"] == f"{random['items'][2]['id']}_s"
    assert shuffle["mode"] == "shuffle"
    assert shuffle["items"][1]["body"] == []


def test_blocks_between_if_and_end() -> None:
    [outer] = body(
        "`if brave`\n\nA.\n\n- B.\n\n  `if coins` `set coins = 0` `end`\n\n- C.\n\n"
        "`elif coins > 3`\n\nD.\n\n`else`\n\n`end`"
    )
    assert [branch.get("if") for branch in outer["branches"]] == [
        ["var", "brave"],
        [">", "n", ["var", "coins"], ["int", 3]],
        None,
    ]
    assert [op["op"] for op in outer["branches"][0]["body"]] == ["say", "menu"]
    [inner] = outer["branches"][0]["body"][1]["choices"][0]["body"]
    assert inner["branches"][0]["body"][0]["op"] == "set"
    assert outer["branches"][2]["body"] == []


def test_pages_pictures_and_breaks() -> None:
    page, picture, pause = body("> Dear Mei,\n>\n> Yours.\n\n![A photo](<old photo>)\n\n---")
    assert [(line["text"], line.get("gap")) for line in page["body"]] == [
        (["Dear Mei,"], None),
        (["Yours."], True),
    ]
    assert {**picture, "id": "g"} == {
        "op": "picture",
        "id": "g",
        "asset": "old photo",
        "alt": "A photo",
    }
    assert pause["op"] == "break"


def test_calls_pass_arguments_by_the_name_in_the_program() -> None:
    compiled, out = compile_files(
        {"scenes/start.md": "`call with stakes=coins + 1 into brave` [the lab](lab.md)" + AFTER}
    )
    assert compiled is not None
    assert not out
    program = compiled.program
    [call] = program["scenes"]["start"]["sections"][0]["body"]
    assert {**call, "id": "k"} == {
        "op": "call",
        "id": "k",
        "to": "lab#",
        "args": {"lab#stakes": ["+", "i", ["var", "coins"], ["int", 1]]},
        "into": "brave",
    }
    lab = program["scenes"]["lab"]
    assert lab["params"] == lab["scene_variables"] == ["lab#stakes"]
    assert lab["returns"] == "bool"
    assert lab["sections"][0]["body"][2]["value"][2] == ["var", "lab#stakes"]
    assert program["variables"]["lab#stakes"] == {
        "type": "int",
        "default": 0,
        "scope": "scene",
        "low": 0,
        "high": 9,
    }


def test_a_parameter_hides_a_variable_in_its_own_scene_only() -> None:
    compiled, out = compile_files(
        {
            "scenes/a.md": "{coins}\n\n`ending a`\n",
            "scenes/lab.md": "---\nparams:\n  coins: {type: text}\n---\n\n{coins}\n\n## result\n",
            "scenes/start.md": "{coins}\n\n`call` [](lab.md)" + AFTER,
        }
    )
    assert compiled is not None
    assert not out
    scenes = compiled.program["scenes"]
    slots = {id: scenes[id]["sections"][0]["body"][0]["slots"] for id in ("a", "lab", "start")}
    assert slots == {
        "a": [["var", "coins"]],
        "lab": [["var", "lab#coins"]],
        "start": [["var", "coins"]],
    }


def test_the_facts_of_a_scene_are_set_when_it_is_entered() -> None:
    scene, out = compile_scene(
        "---\nlocation: roof\ntime: night\nweather: rain\nmusic: storm\ntheme: night\n"
        "title: Up\n---\n\nHi." + AFTER
    )
    assert not out
    assert scene["title"] == "Up"
    assert scene["enter"] == [
        {"op": "theme", "value": "night"},
        {"op": "scene", "location": "roof", "time": "night", "weather": "rain"}
        | {"with": "dissolve", "seconds": 0.5, "wait": True},
        {"op": "play", "channel": "music", "name": "storm"},
        {"op": "play", "channel": "ambience", "name": "wind"},
    ]


@pytest.mark.parametrize(
    ("facts", "ops"),
    [
        ("music: none", [{"op": "stop", "channel": "music"}]),
        ("ambience: sea", [{"op": "play", "channel": "ambience", "name": "sea"}]),
        ("time: night", [{"op": "time", "value": "night"}]),
    ],
)
def test_one_fact(facts: str, ops: list[dict[str, Any]]) -> None:
    scene, out = compile_scene(f"---\n{facts}\n---\n\nHi." + AFTER)
    assert not out
    assert scene["enter"] == ops


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        ("location: rof", "VN0605"),
        ("time: noon", "VN0607"),
        ("theme: dark", "VN0609"),
        ("pov: mie", "VN0606"),
    ],
)
def test_an_unknown_fact_is_underlined(fact: str, code: str) -> None:
    _, out = compile_scene(f"---\n{fact}\n---\n\nHi." + AFTER)
    assert [(item.code, item.span.line) for item in out] == [(code, 2)]


def test_the_program_as_a_whole() -> None:
    compiled, out = compile_files(
        {
            "vn.yaml": "format: 1\nid: test\ntitle: Test\nstart: start\ntheme: night\nseed: 7\n",
            "timelines/main.yaml": "chapters:\n  - {title: One, scenes: [start, two]}\n",
            "scenes/two.md": 'Two.\n\n`ending two "The *end*"`\n',
            "scenes/start.md": "`unlock star`\n\n`set visits += 1`\n\n{mei.gender}\n\n"
            "- Stay\n\n  `ending stay`\n\n- Go\n\n[](#kitchen)\n\n## kitchen\n\nHot.\n",
        }
    )
    assert compiled is not None
    assert not out
    program = compiled.program
    CHECKED.validate_json(json.dumps(program), strict=True)
    assert program["seed"] == 7
    assert program["theme"] == "night"
    assert program["unlocks"] == ["star"]
    assert [(each["name"], each["title"], each["scene"]) for each in program["endings"]] == [
        ("stay", "stay", "start"),
        ("two", "The *end*", "two"),
    ]
    start = program["scenes"]["start"]
    assert start["next"] == "two"
    assert start["chapter"] == "One"
    assert start["scene_variables"] == ["visits"]
    assert start["sections"][0]["id"] == start["id"]
    assert start["sections"][0]["label"] == ""
    assert program["variables"]["courage"] == {
        "type": "int",
        "default": 0,
        "scope": "run",
        "low": 0,
        "high": 5,
    }
    assert program["variables"]["stop"] == {
        "type": "label",
        "default": "start#kitchen",
        "scope": "run",
        "values": ["start#kitchen", "lab#result"],
    }
    assert program["variables"]["mei.name"]["default"] == "Mei"
    assert program["variables"]["mei.gender"]["default"] == "they"
    assert program["characters"]["mei"]["look"] == {
        "outfits": ["coat"],
        "poses": ["arms_crossed"],
        "expressions": ["neutral", "worried", "smile"],
    }
    assert program["props"]["lamp"]["anchors"] == {"desk": [0.2, 0.6]}
    assert program["locations"]["roof"] == {"name": "The roof", "ambience": "wind"}
    path, line, column = compiled.source_map[start["sections"][1]["id"]]
    assert (path, line, column) == ("scenes/start.md", 15, 1)


def test_the_lock_keeps_ids_and_says_where_deleted_lines_land() -> None:
    first, _ = compile_files(
        {"scenes/start.md": "The door sticks.\n\nThe rain gets louder over the roof." + AFTER}
    )
    assert first is not None
    [one, two] = first.program["scenes"]["start"]["sections"][0]["body"]
    second, _ = compile_files(
        {"scenes/start.md": "The rain gets much louder over the roof." + AFTER}, first.lock
    )
    assert second is not None
    [kept] = second.program["scenes"]["start"]["sections"][0]["body"]
    assert kept["id"] == two["id"]
    assert second.program["gone"][one["id"]] == two["id"]


@pytest.mark.parametrize("name", DIRECTIVES)
def test_the_example_of_each_directive_is_read(name: str) -> None:
    directive = DIRECTIVES[name]
    given = directive.read(directive.example)
    assert given.source.split()[0] == name
