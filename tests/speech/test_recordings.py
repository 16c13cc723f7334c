"""Which file is the recording of which line."""

from __future__ import annotations

from comfyvn.plan.recordings import recorded, recordings
from comfyvn.source.diagnostics import Diagnostics


def test_letters_of_any_case() -> None:
    paths = recordings(["assets/voice/B5R364RX.WAV", "assets/voice/es/C5r364rx_S.Flac"])
    out = Diagnostics()
    assert recorded(paths, ["en", "es"], {}, out) == {
        "en": {"b5r364rx": "assets/voice/B5R364RX.WAV"},
        "es": {"c5r364rx": "assets/voice/es/C5r364rx_S.Flac"},
    }
    assert not out
    recorded([*paths, "assets/voice/b5r364rx.ogg"], ["en", "es"], {}, out)
    assert [each.code for each in out] == ["VN1311"]


def test_folders() -> None:
    lines = {
        "noor/b2222222.wav": "en",  # somebody's
        "it/b3333333.wav": "en",  # the character `it`
        "EN/noor/b4444444.wav": "en",
        "mei/pt_BR/b5555555.wav": "pt-BR",
        "fr/b6666666.wav": None,
        "mei/fr/b6666666.ogg": None,
        "fr/mei/b7777777.wav": None,
        "portuguese/b6666666.wav": None,
    }
    paths = recordings(f"assets/voice/{path}" for path in lines)
    assert len(paths) == len(lines)
    out = Diagnostics()
    found = recorded(paths, ["en", "pt-BR"], {"it": {}, "mei": {}}, out)
    assert {
        path.removeprefix("assets/voice/"): language
        for language, each in found.items()
        for path in each.values()
    } == {path: language for path, language in lines.items() if language}
    add = "add `fr` to `languages` in vn.yaml, or name the folder otherwise"
    assert {(each.code, each.span.path, each.help) for each in out} == {
        ("VN1314", "assets/voice/fr", add),
        ("VN1314", "assets/voice/mei/fr", add),
        ("VN1314", "assets/voice/portuguese", "name the folder `pt-BR`"),
    }
    assert "so the 2 recordings in `assets/voice/fr` are not used" in " ".join(
        each.message for each in out
    )
