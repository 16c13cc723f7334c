"""Every finding of the compiler: what is underlined, what is said, what is offered."""

from __future__ import annotations

import pytest
from compiling import AFTER, PROJECT, REST, compile_files, compile_scene, finding

EXPRESSIONS = [
    ("`set coins = 1 +«`»", "VN0501", "expected a value", None),
    ("`if brave «&»& mood` `end`", "VN0501", "found `&`", "write `and`"),
    ('`if player == «"Ana»` `end`', "VN0501", "this quote is never closed", 'add `"`'),
    ("`if «(»brave` `end`", "VN0501", "`(` is never closed", "add `)`"),
    ("`set coins = «1_000»`", "VN0501", "found `1_000`", "numbers look like `12` and `0.5`"),
    (
        "`if 0 < coins «<» 3` `end`",
        "VN0502",
        "chained",
        "repeat the middle: `… coins and coins < …`",
    ),
    (
        "`set coins = " + "(" * 64 + "«(»" + "1" + ")" * 65 + "`",
        "VN0503",
        "nests more than 64",
        None,
    ),
    ("`set coins = «9007199254740993»`", "VN0504", "too large", None),
    ("`if «courge» > 2` `end`", "VN0505", "no variable `courge`", "did you mean `courage`?"),
    ("`set «courge» += 1`", "VN0505", "no variable `courge`", "did you mean `courage`?"),
    ("`set «trust» += 1`", "VN0505", "no variable `trust`", "did you mean `mei.trust`?"),
    ("{«name»}, come.", "VN0505", "no variable `name`", "declare it in `state.yaml`"),
    (
        "`set mood = «merry»`",
        "VN0505",
        "no variable `merry`",
        'its values are `"calm"`, `"angry"`, `"sad"`',
    ),
    ("`set mood = «angry»`", "VN0505", "no variable `angry`", 'values are quoted: `"angry"`'),
    ("You have {«coin»}.", "VN0505", "no variable `coin`", "did you mean `coins`?"),
    ('`notify "You have {«coin»}."`', "VN0505", "no variable `coin`", "did you mean `coins`?"),
    ("`set coins = «ratio»`", "VN0506", "expected a whole number, found a number", None),
    ("`set coins = «coins / 2»`", "VN0506", "expected a whole number", None),
    ("`set brave = «coins»`", "VN0506", "expected true or false", None),
    ("`set mood = «player»`", "VN0506", "expected one of a few values, found text", None),
    ("`if «coins == player»` `end`", "VN0506", "a whole number never equals text", None),
    ("`if «player» - 1 > 2` `end`", "VN0506", "`-` takes numbers, not text", None),
    ('`if «"a" + 1» == player` `end`', "VN0506", "`+` joins text with text", None),
    ("`if «brave < true»` `end`", "VN0506", "`<` orders numbers or texts", None),
    ("`if 3 in «coins»` `end`", "VN0506", "`in` looks into a set or text", None),
    ("`if «3» in bag` `end`", "VN0506", "`in` looks for a value or text", None),
    ("`set coins = «1 if brave else player»`", "VN0506", "the two values differ in type", None),
    ("`if «mood»` `end`", "VN0507", "neither true nor false", 'compare it: `… == "calm"`'),
    ("`if «stop»` `end`", "VN0507", "neither true nor false", None),
    ('`set mood = «"angri"»`', "VN0508", "`angri` is none of the values", "did you mean `angry`?"),
    ('`if «"kee"» in bag` `end`', "VN0508", "`kee` is none of the values", "did you mean `key`?"),
    ('`set bag += ["key", «"kee"»]`', "VN0508", "`kee` is none", "did you mean `key`?"),
    ("`set bag += «mood»`", "VN0508", "this may be `calm`, which is none of the values", None),
    ("`set small_bag = «bag»`", "VN0508", "this may be `rope`", None),
    ('`set stop = «"#rest"»`', "VN0508", "none of the places", None),
    ("It is {«mood», select, clm {x} other {y}}.", "VN0508", "`clm` is none of the values", None),
    ("`if «chanse»(0.5)` `end`", "VN0509", "no function `chanse`", "did you mean `chance`?"),
    ("`if «chance(0.5, ever)»` `end`", "VN0509", "takes no `ever`", None),
    ("`set coins = «min(1)»`", "VN0510", "`min` takes two values or more", None),
    ("`if «visited()»` `end`", "VN0510", "takes one quoted link target", None),
    ("`if visited(«brave»)` `end`", "VN0510", "takes one quoted link target", None),
    ('`set coins = roll(«"2x6"»)`', "VN0511", "these are no dice", None),
    ('`set coins = roll(«"9999d6"»)`', "VN0511", "1 to 1,000 dice", None),
    ("It is {«player»:.2}.", "VN0513", "`:.2` formats numbers, and this is text", "drop it"),
    ("{«player», plural, other {x}}", "VN0513", "a plural goes by a number", None),
    ("{«coins», plural, few {a} other {b}}", "VN0514", "`few` is none of the categories", None),
    ("`set coins = coins // «0»`", "VN0520", "dividing by zero gives 0", None),
    ("{coins / «courage»}", "VN0520", "`courage` may be 0, and dividing by zero gives 0", None),
    ("{coins % «coins» if brave else 0}", "VN0520", "`coins` may be 0", None),
    ("`set courage = «9»`", "VN0521", "outside the range 0 to 5, so it becomes 5", None),
    ("`if «courage > 5»` `end`", "VN0522", "always false: the range is 0 to 5", None),
    ("`if «0 <= courage»` `end`", "VN0522", "always true", None),
    ("`if chance(«2»)` `end`", "VN0523", "always true", None),
    ("Hi, {«mei»}.", "VN0505", "no variable `mei`", "did you mean `mei.name`?"),
    ("Hi, {«Mei»}.", "VN0505", "no variable `Mei`", "did you mean `mei.name`?"),
    ('`set «mei» = "Ana"`', "VN0505", "no variable `mei`", "did you mean `mei.name`?"),
    (
        '- A `if brave «locked» "No."`\n- B',
        "VN0501",
        "expected the end of the expression, found `locked`",
        "write `locked …` in a code span of its own",
    ),
    ("`if brave «is» true` `end`", "VN0501", "found `is`", "compare with `==`"),
    ('`set coins = «"3"»`', "VN0506", "found text", "write numbers without quotes"),
]

NAMES = [
    ("[](«lob.md»)", "VN0601", "no scene file `lob.md`", "did you mean `lab.md`?"),
    ("[](«lab»)", "VN0601", "`lab` is no scene file", "write `lab.md`"),
    ("[](«kitchen»)", "VN0601", "`kitchen` is no scene file", "write `#kitchen`"),
    ("[](«scenes/lab.md»)", "VN0601", "no scene file", "did you mean `lab.md`?"),
    ("`play music «a/b.ogg»`", "VN0612", "`a/b.ogg` is a file", "write `b`"),
    ("`voice «hi.WAV»`", "VN0612", "`hi.WAV` is a file", "write `hi`"),
    ("`show «cg/roof»`", "VN0612", "`cg/roof` is a file", "write `roof`"),
    ("«![Rain.](rain.png)»", "VN0612", "`rain.png` is a file", "write `rain`"),
    ("---\nmusic: «a.mp3»\n---\n\nHi.", "VN0612", "`a.mp3` is a file", "write `a`"),
    (
        "---\nlocation: «rof» # up\n---\n\nHi.",
        "VN0605",
        "no location `rof`",
        "did you mean `roof`?",
    ),
    ('---\ntheme: «"nihgt"»\n---\n\nHi.', "VN0609", "no theme `nihgt`", "did you mean `night`?"),
    ("---\npov: «mai»\n---\n\nHi.", "VN0606", "no character `mai`", "did you mean `mei`?"),
    (
        "«Mai»: Hi.",
        "VN0326",
        "called `Mai`",
        "write `Mei:` if that is meant, `Mai\\:` if it is text",
    ),
    (
        "«Mai» (worried): Hi.",
        "VN0325",
        "called `Mai`",
        "write `Mei` if that is meant, or `\\:` if it is text",
    ),
    ("[](«#kitchn»)", "VN0602", "no heading `#kitchn`", "did you mean `#kitchen`?"),
    ("[](«#a»)\n\n## a\n\nA.\n\n## b\n\nB.\n\n## a\n\nA.", "VN0603", "slug of two headings", None),
    ("[](«lab.md#^x»)", "VN0604", "links lead to headings", None),
    ("`scene «rof»`", "VN0605", "no location `rof`", "did you mean `roof`?"),
    ("`show «mie» worried`", "VN0606", "no character, prop or image `mie`", "did you mean `mei`?"),
    ("`prop «lmp»`", "VN0606", "no prop `lmp`", "did you mean `lamp`?"),
    ("`scene roof at «nigth»`", "VN0607", "no time of day `nigth`", "did you mean `night`?"),
    ("`weather «rian»`", "VN0607", "no weather `rian`", "did you mean `rain`?"),
    ("`show mei at «lft»`", "VN0608", "no place `lft`", "did you mean `left`?"),
    ("`theme «nigth»`", "VN0609", "no theme `nigth`", "did you mean `night`?"),
    ('`if seen(«"#kitchen"»)` `end`', "VN0610", "`seen` asks for a line by its fixed name", None),
    (
        '`if chose(«"#^hi"»)` `end`\n\nHi. ^hi',
        "VN0610",
        "`chose` cannot ask for `^hi`",
        'write `seen("#^hi")`',
    ),
    (
        '`if seen(«"#^ho"»)` `end`\n\nHi. ^hi',
        "VN0611",
        "nothing in `start.md` is named `^ho`",
        "did you mean `^hi`?",
    ),
    ("Mei («smiel»): Hi.", "VN0613", "`mei` has no look `smiel`", "did you mean `smile`?"),
    ("`show mei «left»`", "VN0613", "no look `left`", "write `at left`: a place"),
    ("`show mei «smiel»`", "VN0613", "`mei` has no look `smiel`", "did you mean `smile`?"),
    ("Mei & Kenji («coat»): Hi.", "VN0613", "`kenji` has no look `coat`", None),
    ("??? («worried»): Hi.", "VN0613", "the unknown speaker has no looks", None),
    ("Mei (worried, «smile»): Hi.", "VN0614", "`worried` and `smile` are both expressions", None),
    ("Mei (whisper, «off»): Hi.", "VN0614", "a line has one manner", None),
]

FLOW = [
    (
        "Hi. \n\n[](#a) `if brave`\n\n«## a»\n\nA.",
        "VN0702",
        "the text above runs into `#a`, which is also jumped to",
        "write `[](#a)` above the heading if that is meant",
    ),
    (
        "Hi.\n\n[](#a) `if brave`\n\n## b\n\n«## a»\n\nA.",
        "VN0702",
        "the text above runs into `#a`",
        None,
    ),
    ("## a\n\n`set coins += 1`\n\n«[](#a)»", "VN0703", "for ever without waiting", None),
    ("## a\n\nOnce. `once`\n\n«[](#a)»", "VN0703", "for ever without waiting", None),
    ("[](#rest)\n\n«Never.»\n\nNor this.\n\n[](#rest)", "VN0704", "nothing leads here", None),
    (
        "`if brave`\n\n[](#rest)\n\n`else`\n\n`jump rest`\n\n`end`\n\n«Never.»\n\n[](#rest)",
        "VN0704",
        "nothing",
        None,
    ),
    ("«- A `once`»", "VN0705", "may have nothing to offer", None),
    ("«- A `if brave`»\n- B `if coins > 2`", "VN0705", "may have nothing to offer", None),
]

DIRECTIVES = [
    ("`«sho» mei`", "VN0801", "no directive `sho`", "did you mean `show`?"),
    ("`«bg» roof`", "VN0801", "no directive `bg`", "write `scene LOCATION`"),
    ("`«coins» = 1`", "VN0801", "no directive `coins`", "write `set coins = 1`"),
    ("`«$» mei.trust += 1`", "VN0801", "no directive `$`", "write `set mei.trust += 1`"),
    ("`«zzz»`", "VN0801", "no directive `zzz`", None),
    ("`«once»`", "VN0801", "`once` follows a line or choice", None),
    ("`«play music»`", "VN0802", "`play` wants NAME", None),
    ("`play music storm «fade»`", "VN0802", "`fade` wants SECONDS", None),
    ("`«set courage 3»`", "VN0802", "`set` wants a variable", None),
    ("`«if»` `end`", "VN0802", "`if` wants an expression", None),
    ("`call with «into brave»` [](lab.md)", "VN0802", "expected `NAME=EXPRESSION`", None),
    ("`play «musik» storm`", "VN0803", "found `musik`", "did you mean `music`?"),
    ("`play music storm «fast»`", "VN0803", "does not take `fast` here", None),
    ("`play music storm loop «once»`", "VN0803", "exclude each other", None),
    ("`show mei at left «at» right`", "VN0803", "`at` is said twice", None),
    ('`play music «"storm"»`', "VN0803", "expected a name, found quoted text", None),
    ("`input player «What?»`", "VN0803", "expected quoted text", 'write `"What?"`'),
    ("`input player «“Your name?”»`", "VN0803", "quoted text", 'write `"Your name?"`'),
    ("`if «True»` `end`", "VN0505", "no variable `True`", "did you mean `true`?"),
    ('`input player «"What»`', "VN0803", "does not end in a quote", None),
    ("`move mei «to» left`", "VN0803", "found `to`", None),
    ("`hide mei «worried»`", "VN0803", "`hide` takes no look", "write `hide mei`"),
    ("`if brave` `else «if» coins` `end`", "VN0803", "does not take `if`", "write `elif …`"),
    ("`set coins «*=» 2`", "VN0802", "not `*=`", "write `set coins = coins * …`"),
    ("`set coins «==» 2`", "VN0802", "not `==`", "write `set coins = 2`"),
    ("`jump «kitchen»`", "VN0802", "is a link", "write `[](#kitchen)` without backticks"),
    ("`jump «lab.md»`", "VN0802", "is a link", "write `[](lab.md)` without backticks"),
    ("`jump «#kitchen»`", "VN0802", "is a link", "write `[](#kitchen)` without backticks"),
    ("`jump «stpo»`", "VN0505", "no variable `stpo`", "did you mean `stop`?"),
    ("`jump «coins»`", "VN0506", "expected a place", None),
    ("`show lamp «bright»`", "VN0803", "the prop `lamp` has no looks", None),
    ("`show mei at «0.5»`", "VN0803", "a position has two numbers", "add y"),
    ("`call «twice»` [](lab.md)", "VN0803", "`call` does not take `twice` here", None),
    ("`show mei with «disolve»`", "VN0804", "no transition `disolve`", "did you mean `dissolve`?"),
    ("`pause «soon»`", "VN0804", "expected a number from 0 to 600", None),
    ("`show mei at 0.5 «2»`", "VN0804", "expected a number from 0 to 1", None),
    ('`input player "Name?" default "«Ana»" max 2`', "VN0804", "has 3 characters", None),
    ('`input player "Name?" max «1.5»`', "VN0804", "expected a whole number", None),
    ("Hi `«scene roof»` there.", "VN0805", "`scene` cannot stand inside text", None),
    ("- A `«pause 1»`", "VN0805", "cannot stand in this text", None),
    (
        "Hi. `«rating» teen`",
        "VN0801",
        "there is no directive `rating`",
        "write `rated teen` at the end of the line that it is about",
    ),
    ("Hi. `«wieght» 2`", "VN0801", "there is no directive `wieght`", "did you mean `weight`?"),
    ("- A `«fi brave»`", "VN0805", "cannot stand in this text", "did you mean `if`?"),
    ("A `«once»` `pause 1`", "VN0806", "`once` stands within the line", None),
    ("A `«if brave»` b", "VN0806", "`if` stands within the line", None),
    ("![A](b) `«if brave»`", "VN0806", "`if` cannot follow a picture", None),
    ("- A `if brave` `«if coins»`\n- B", "VN0806", "said twice", "join the conditions by `and`"),
    ("Hi. `«weight 3»`", "VN0806", "`weight` has no meaning in this line", None),
    ("- A `«weight 3»`", "VN0806", "`weight` cannot follow a choice", None),
    ("[](#rest) `«once»`", "VN0806", "`once` cannot follow a jump", None),
    ("- A `once` `«once»`\n- B", "VN0806", "`once` is said twice", "drop one"),
    ("`«else»`", "VN0807", "`else` belongs to no `if`", None),
    ("`«if brave»`", "VN0807", "this `if` has no `end`", None),
    (
        "`«if brave»` `play sfx a`\n\n`if brave` `play sfx b` `end`\n\nHi.",
        "VN0807",
        "this `if` has no `end`",
        "write `end` where it is over, in the same item or section; "
        "the last `end` in it closes the `if` in line 3",
    ),
    (
        "`show mei` `«if brave»`",
        "VN0807",
        "this `if` has no `end`",
        "an `if` goes on the line above what it is about, and `end` below it",
    ),
    ("`«else if brave»`", "VN0807", "`else` belongs to no `if`", None),
    ("`if brave` `else` `«else»` `end`", "VN0807", "after the `else` of the same `if`", None),
    ("`«call»`", "VN0808", "`call` has no link after it", None),
    (
        "`call with «steaks»=3` [](lab.md)",
        "VN0810",
        "no parameter `steaks`",
        "did you mean `stakes`?",
    ),
    ("`call with stakes=3, «stakes»=2` [](lab.md)", "VN0810", "given twice", "drop one"),
    ("`call into «coins»` [](lab.md)", "VN0811", "the call gives true or false", None),
    ("`call into «brave»` [](#kitchen)", "VN0811", "gives nothing back", None),
    ("`return «3»`", "VN0811", "this scene gives nothing back", None),
    ("`set «coins»`", "VN0812", "`set coins` means true", "write `set coins = …`"),
    ('`set mood «+=» "calm"`', "VN0812", "`+=` does not work on one of a few values", None),
    ('`input «coins» "How many?"`', "VN0812", "`input` sets a text", None),
    ('- A `«locked "x"»`', "VN0813", "`locked` says why an `if` does not hold", None),
    ("- A `timeout 2`\n- B `«timeout 3»`", "VN0813", "a menu has one `timeout`", None),
    (
        "- A `if brave`\n- B `else`\n«- [](#kitchen) `else`»",
        "VN0813",
        "an `else` without a text is taken unseen",
        None,
    ),
    ("- A `if brave`\n«- [](#kitchen) `else` `timeout 3`»", "VN0813", "would be seen", None),
    ("1. A `shuffle` `«weight 2»`\n1. B", "VN0814", "`weight` means nothing in a `shuffle`", None),
]

CASES = [*EXPRESSIONS, *NAMES, *FLOW, *DIRECTIVES]


@pytest.mark.parametrize(("marked", "code", "message", "help"), CASES, ids=lambda each: None)
def test_finding(marked: str, code: str, message: str, help: str | None) -> None:
    found, _ = finding(marked)
    assert found.code == code
    assert message in found.message
    assert not found.message.endswith(".")
    assert found.help
    if help is not None:
        assert found.help == help


def test_a_wrong_kind_of_fact_is_found_at_its_value() -> None:
    found, _ = finding("---\ntitle: «[1]»\n---\n\nHi.")
    assert (found.code, found.message) == ("VN0212", "`title` must be text, not a list")


def test_all_errors_are_reported_in_one_run() -> None:
    _, out = compile_scene(
        "`set courge += 1`\n\nMei (smiel): Hi, {nobody}.\n\n`sho mei`\n\n[](lob.md)" + AFTER
    )
    assert [item.code for item in out] == ["VN0505", "VN0613", "VN0505", "VN0801", "VN0601"]


def test_a_divisor_that_is_asked_about_is_no_finding() -> None:
    text = "{coins / courage if courage else 0} `pause` `if courage > 0 and coins // courage > 1`"
    files = {"state.yaml": PROJECT["state.yaml"] + "days: {type: int, range: [1, 7]}\n" + REST}
    _, out = compile_files({"scenes/start.md": f"{text}\n\n{{coins / days}}{AFTER}", **files})
    assert not out


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("## a\n\n`shwo mei`\n\n[](#a)", ["VN0801"]),
        ("[](#b) `if brave`\n\n## a\n\nHi.\n\n`edning x`\n\n## b\n\nB.\n\n`ending x`", ["VN0801"]),
        ("Hi.\n\n`edning x`", ["VN0801"]),
        ('Hi. ^b_c\n\n`if seen("#^b_c")` `end`\n\n`ending x`', ["VN0331"]),
        ("---\nparams: {a: {type: itn}}\n---\n\n{a}\n\n`ending x`", ["VN0213"]),
        ("- [A](#no) `if brve`\n- [B](#nope)", ["VN0505", "VN0602", "VN0602"]),
        ("{coin}", ["VN0505", "VN0701"]),
    ],
)
def test_nothing_is_found_because_of_another_finding(text: str, codes: list[str]) -> None:
    _, out = compile_files(
        {"scenes/start.md": text, "state.yaml": "coins: {type: int}\nbrave: {type: bool}\n"}
    )
    assert [item.code for item in out if item.span.path == "scenes/start.md"] == codes


def test_a_broken_heading_can_be_linked_to() -> None:
    _, out = compile_scene("[](#a-b)\n\n## A `b`\n\nHi.\n\n## …\n\n## !\n\n[](start.md)" + AFTER)
    assert [item.code for item in out] == ["VN0322", "VN0323", "VN0323"]


def test_wrong_parts_of_one_expression_are_each_reported_and_silence_the_rest() -> None:
    _, out = compile_scene("`if one + 1 > two or not three` `end`" + AFTER)
    assert [item.message for item in out] == [
        f"there is no variable `{name}`" for name in ("one", "two", "three")
    ]


def test_what_was_declared_wrongly_is_reported_where_it_is_declared_only() -> None:
    _, out = compile_files(
        {
            "state.yaml": "courage: {type: integer}\n",
            "scenes/start.md": "`set courage += 1`\n\n{courage}\n\n`ending done`\n",
        }
    )
    assert {item.span.path for item in out} == {"state.yaml"}


@pytest.mark.parametrize(
    ("declared", "default"),
    [
        ("type: int, range: [1, 20], default: low", 1),
        ("type: int, default: true", 0),
        ("type: int, default: 1.5", 0),
        ("type: number, range: [0, 1], default: [a]", 0),
        ("type: bool, default: 1", False),
        ("type: text, default: 3", ""),
        ("type: enum, values: [a, b], default: c", "a"),
        ("type: enum, values: [a, b], default: [b]", "a"),
        ("type: set, values: [a, b], default: a", []),
    ],
)
def test_a_default_of_another_type_is_left_out(declared: str, default: object) -> None:
    compiled, out = compile_files(
        {"state.yaml": f"glove: {{{declared}}}\n", "scenes/start.md": "`ending done`\n"}
    )
    assert {(item.code, item.span.path) for item in out} == {("VN0220", "state.yaml")}
    assert compiled is not None
    assert compiled.program["variables"]["glove"]["default"] == default


def test_sources_that_cannot_be_read_silence_their_names() -> None:
    _, out = compile_files(
        {
            "state.yaml": "{",
            "worlds/town.yaml": "{",
            "characters/mei.yaml": "{",
            "scenes/start.md": "`set courage += mei.trust`\n\n`scene moon at noon`\n\n"
            "Mei (radiant): Hi.\n\n`ending done`\n",
        }
    )
    assert not [item for item in out if item.span.path == "scenes/start.md"]


def test_front_matter_that_cannot_be_read_silences_calls() -> None:
    _, out = compile_files(
        {
            "scenes/lab.md": "---\nparams: {\n---\n\nHi.\n\n`return 3`\n\n## result\n",
            "scenes/start.md": "`call with stakes=3 into brave` [](lab.md)" + AFTER,
        }
    )
    assert {item.span.path for item in out} == {"scenes/lab.md"}
    assert all(item.code.startswith("VN02") for item in out)


def test_nesting_is_limited() -> None:
    deep = "`if brave`\n\n" * 200 + "Hi.\n\n" + "`end`\n\n" * 200
    _, out = compile_scene(deep + AFTER)
    assert [item.code for item in out] == ["VN0809"]


def test_the_places_of_a_label_variable_name_their_files() -> None:
    _, out = compile_files(
        {
            "state.yaml": 'stop: {type: label, values: ["#here", nothing, start.md]}\n',
            "scenes/start.md": "[](#here)\n\n## here\n\nHi.\n\n`ending done`\n",
        }
    )
    assert [(item.code, item.span.column) for item in out] == [("VN0601", 30), ("VN0601", 39)]


def test_what_a_world_that_is_not_there_declares_is_no_finding() -> None:
    told = "---\nlocation: quay\n---\n\nWind.\n\n`scene attic at noon`\n\n`ending done`\n"
    town = {"worlds/town.yaml": "locations: {roof: {name: The roof}}\ntimes: [day]\n"}
    head = "format: 1\nid: tale\ntitle: A tale\nstart: one\nworld: "
    wanted = {"twon": ["VN0226"], "town": ["VN0605", "VN0605", "VN0607"]}
    for world, codes in wanted.items():
        _, out = compile_files(town | {"vn.yaml": f"{head}{world}\n", "scenes/one.md": told})
        at = ("vn.yaml", "scenes/one.md")
        found = [each.code for each in out if each.span.path in at and each.severity == "error"]
        assert sorted(found) == codes
