"""Workflows: where values go, what is sent of them, what tells two renders apart."""

from __future__ import annotations

import copy
import io
import json
from typing import Any

import pytest
from comfyui.rendering import SPRITE, node
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from comfyvn.drivers.comfyui.graph import File, Graph, links
from comfyvn.drivers.comfyui.lint import class_digest, fit
from comfyvn.drivers.comfyui.outcome import ended_of
from comfyvn.drivers.comfyui.workflow import Workflow, read_workflow
from comfyvn.plan.workflows import Workflows
from comfyvn.source.diagnostics import Diagnostics

PATH = "workflows/sprite.json"
LORA = node("LoraLoader", "@loras", lora_name="clay.safetensors", strength_model=1,
            strength_clip=1, model=["4", 0], clip=["4", 1])  # fmt: skip


def read(
    graph: Any, notes: str = "", *, indent: int | None = 2
) -> tuple[Workflow | None, Diagnostics]:
    out = Diagnostics()
    beside = ("workflows/sprite.yaml", notes.encode()) if notes else None
    return read_workflow(PATH, json.dumps(graph, indent=indent).encode(), out, beside), out


def good(graph: Any, notes: str = "") -> Workflow:
    workflow, out = read(graph, notes)
    assert out == []
    assert workflow is not None
    return workflow


def with_lora(graph: dict[str, Any]) -> dict[str, Any]:
    """Put a loader of LoRAs between the checkpoint and all that takes of it."""
    made = copy.deepcopy({**graph, "20": LORA})
    for name, place, source, output in list(links(made)):
        if source == "4" and output < 2 and name != "20":
            made[name]["inputs"][place] = ["20", output]
    return made


def test_titles_name_inputs_and_seeds_need_none() -> None:
    workflow = good(SPRITE)
    assert workflow.names == {"prompt", "negative", "seed", "width", "height"}
    assert workflow.output == "9"
    assert "11" not in workflow.graph  # the preview
    assert workflow.models == ("tiny.safetensors",)
    filled = workflow.fill({"prompt": "a kiln", "seed": 7, "height": 32, "mood": "ignored"}).graph
    assert filled["6"]["inputs"]["text"] == "a kiln"
    assert filled["3"]["inputs"]["seed"] == 7
    assert filled["5"]["inputs"] == {"width": 64, "height": 32, "batch_size": 1}
    assert filled["7"] == SPRITE["7"]  # what has no value keeps what the file says


def test_the_file_beside_it_names_inputs_by_their_place() -> None:
    plain = {name: {**entry, "_meta": {}} for name, entry in SPRITE.items()}
    notes = "inputs: {prompt: 6, size: 5, steps: 3.steps}\noutput: 9\nmodels: ['a\\b.gguf']\n"
    workflow = good(plain, notes)
    assert workflow.inputs["steps"] == (("3", "steps"),)
    assert workflow.inputs["prompt"] == (("6", "text"),)
    assert workflow.names == {"prompt", "width", "height", "steps", "seed"}
    assert workflow.models == ("a/b.gguf", "tiny.safetensors")


def test_a_model_of_two_encoders_takes_the_prompt_in_both() -> None:
    both = node("CLIPTextEncodeSDXL", "@prompt", text_g="", text_l="", width=64, clip=["4", 1])
    filled = good({**SPRITE, "6": both}).fill({"prompt": "a kiln"}).graph
    assert filled["6"]["inputs"]["text_g"] == filled["6"]["inputs"]["text_l"] == "a kiln"


def chain(graph: Graph, start: str) -> list[tuple[str, float]]:
    """The LoRAs that a node's model comes through, the nearest first."""
    found = []
    at = graph[start]["inputs"]["model"][0]
    while graph[at]["class_type"] == "LoraLoader":
        inputs = graph[at]["inputs"]
        assert inputs["clip"] == [inputs["model"][0], 1]
        found.append((inputs["lora_name"], inputs["strength_model"]))
        at = inputs["model"][0]
    return found


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(-2, 2)), max_size=4))
def test_any_number_of_loras_goes_where_one_is(loras: list[tuple[str, float]]) -> None:
    filled = good(with_lora(SPRITE)).fill({"loras": [list(each) for each in loras]}).graph
    assert chain(filled, "3") == loras[::-1]
    assert all(to in filled for _, _, to, _ in links(filled))
    loaders = sum(entry["class_type"] == "LoraLoader" for entry in filled.values())
    assert loaders == len(loras)
    assert filled["6"]["inputs"]["clip"][0] == filled["3"]["inputs"]["model"][0]


def test_without_a_word_on_loras_the_file_is_right() -> None:
    assert chain(good(with_lora(SPRITE)).fill({}).graph, "3") == [("clay.safetensors", 1)]


@given(st.sampled_from(sorted(SPRITE)), st.text(), st.integers(0, 9))
def test_a_key_hangs_on_what_is_rendered_alone(name: str, text: str, number: int) -> None:
    values = {"prompt": "a kiln", "seed": 1}
    key = good(SPRITE).fill(values).key({})
    noise = copy.deepcopy(SPRITE)
    noise["9"]["inputs"]["filename_prefix"] = text
    if not text.strip().startswith("@") and noise[name]["_meta"]["title"][0] != "@":
        noise[name]["_meta"]["title"] = text
    noise["11"]["inputs"]["more"] = number  # of the preview
    assert good(noise).fill(values).key({}) == key
    other = copy.deepcopy(SPRITE)
    other["3"]["inputs"]["steps"] = 3 + number
    assert good(other).fill(values).key({}) != key
    assert good(SPRITE).fill({**values, "seed": 2 + number}).key({}) != key


def test_an_upload_counts_by_what_it_holds() -> None:
    graph = {"2": node("LoadImage", "@reference", image="x.png"),
             "9": node("SaveImage", images=["2", 0], filename_prefix="x")}  # fmt: skip
    one, other = (good(graph).fill({"reference": name}) for name in ("a.png", "b.png"))
    assert one.uploads == {("2", "image"): "a.png"}
    assert one.key({"a.png": "1"}) == other.key({"b.png": "1"})
    assert one.key({"a.png": "1"}) != one.key({"a.png": "2"})


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)


@given(
    st.dictionaries(names, st.dictionaries(names, st.integers() | names, max_size=3), max_size=4),
    st.sampled_from([None, 1, 4]),
)
def test_places_of_keys_are_where_they_stand(data: dict[str, Any], indent: int | None) -> None:
    text = json.dumps({"a": data}, indent=indent, ensure_ascii=False)
    file = File(PATH, text)
    lines = text.split("\n")
    for name, inner in data.items():
        for key in inner:
            span = file.at("a", name, key)
            there = lines[span.line - 1][span.column - 1 :]
            assert json.JSONDecoder().raw_decode(there)[0] == key
    assert file.at("nothing").line == 0


def test_circles_are_found() -> None:
    graph = copy.deepcopy(SPRITE)
    graph["8"]["inputs"]["vae"] = ["10", 0]
    _, out = read(graph)
    assert {each.code for each in out} == {"VN1403"}


def test_several_outputs_need_a_title() -> None:
    graph = {**SPRITE, "12": node("SaveImage", images=["8", 0], filename_prefix="y")}
    _, out = read(graph)
    assert [each.code for each in out] == ["VN1405"]
    graph["12"]["_meta"]["title"] = "@output"
    assert good(graph).output == "12"


def test_a_mistake_in_the_file_beside_it_is_said() -> None:
    for notes, said in (
        ("inputs: {prompt: 60.text}", "there is no node `60`"),
        ("inputs: {prompt: 6.txt}", "has no input `txt`"),
        ("inputs: {prompt: 4}", "no main input for `prompt`"),
        ("output: 90", "there is no node `90`"),
        ("models: tiny", "list"),
    ):
        workflow, out = read(SPRITE, notes)
        assert workflow is None
        assert said in out[0].message


@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_no_file_is_more_than_a_finding(data: bytes) -> None:
    out = Diagnostics()
    assert read_workflow(PATH, data, out) is None
    assert out.has_errors


def test_choices_in_both_forms_and_models_in_folders() -> None:
    old = {"input": {"required": {"name": [["a\\b.ckpt", "c.ckpt"], {}]}}, "output": ["MODEL"]}
    new = {
        "input": {"required": {"name": ["COMBO", {"options": ["a\\b.ckpt"]}]}},
        "output": ["MODEL"],
    }
    for info in (old, new):
        out = Diagnostics()
        graph = {"1": node("Load", name="a/b.ckpt")}
        fitted = fit(graph, {"Load": info}, File(PATH, "{}"), "studio", out)
        assert fitted["1"]["inputs"]["name"] == "a\\b.ckpt"
        bare = fit({"1": node("Load", name="a/b")}, {"Load": info}, File(PATH, "{}"), "studio", out)
        assert bare["1"]["inputs"]["name"] == "a\\b.ckpt"
        assert out == []
    assert class_digest(old) == class_digest(new)
    assert class_digest(old) != class_digest({**old, "output": ["CLIP"]})


def test_a_history_in_any_form_is_read() -> None:
    error = {
        "node_id": "3",
        "node_type": "KSampler",
        "exception_type": "torch.OutOfMemoryError",
        "exception_message": "Allocation on device\n",
        "current_inputs": {"x": ["tensor"] * 9},
    }
    failed = {
        "outputs": {},
        "status": {"status_str": "error", "messages": [["execution_error", error]]},
    }
    found = ended_of(failed)
    assert (found.how, found.fault and found.fault.memory) == ("failed", True)
    stopped = {"status": {"status_str": "error", "messages": [["execution_interrupted", {}]]}}
    assert ended_of(stopped).how == "interrupted"
    spoken = {"outputs": {"2": {"audio": [{"filename": "l.flac"}], "text": ["hello"]}}}
    assert ended_of(spoken).items["2"][0].filename == "l.flac"


# Workflows in pictures


def picture(**texts: str) -> bytes:
    """Return a PNG as ComfyUI writes them."""
    info = PngInfo()
    for name, text in texts.items():
        info.add_text(name, text)
    made = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(made, "PNG", pnginfo=info)
    return made.getvalue()


def read_png(data: bytes) -> tuple[Workflow | None, list[tuple[str, str, int]]]:
    out = Diagnostics()
    found = read_workflow("workflows/sprite.png", data, out)
    return found, [(each.code, each.message, each.span.line) for each in out]


def test_a_picture_that_was_saved_is_the_workflow_that_made_it() -> None:
    # The server notes what it looked at, in nodes that load files.
    noted = {name: {**entry, "is_changed": ["ab12"]} for name, entry in SPRITE.items()}
    found, said = read_png(picture(prompt=json.dumps(noted), workflow='{"nodes": []}'))
    assert said == []
    assert found is not None
    values = {"prompt": "a lighthouse at dusk — “late”", "seed": 4}
    assert found.fill(values) == good(SPRITE).fill(values)
    assert found.fill(values).key({}) == good(SPRITE).fill(values).key({})


def test_what_is_wrong_in_a_picture_is_told_without_a_line() -> None:
    broken = {**SPRITE, "8": {**SPRITE["8"], "inputs": {"samples": ["33", 0], "vae": ["4", 2]}}}
    _, said = read_png(picture(prompt=json.dumps(broken)))
    assert said == [("VN1403", "`samples` of node `8` is linked to node `33`, which is not there",
                     0)]  # fmt: skip
    assert read_png(picture(prompt="{"))[1] == [("VN1401", "this is not JSON", 0)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (picture(), "there is no workflow in this PNG"),
        (picture(workflow='{"nodes": []}'),
         "this PNG holds only a workflow in the format of ComfyUI's editor, which no server runs"),
        (b"GIF89a", "this is no PNG that can be read"),
        (b"", "this is no PNG that can be read"),
        (picture(prompt="{}")[:40], "this is no PNG that can be read"),
    ],
)  # fmt: skip
def test_a_picture_without_a_workflow(data: bytes, message: str) -> None:
    found, said = read_png(data)
    assert found is None
    assert said == [("VN1413", message, 0)]


def test_a_picture_is_a_workflow_where_there_is_no_file_of_its_name() -> None:
    png = picture(prompt=json.dumps(SPRITE))
    names = ["workflows/sprite.png", "workflows/prop.json", "workflows/prop.png",
             "workflows/reference/kit.png"]  # fmt: skip
    out = Diagnostics()
    known = Workflows(names, {"workflows/sprite.png": png}.__getitem__, out)
    assert [known.file(name) for name in ("sprite", "prop", "picture")] == [
        "workflows/sprite.png", "workflows/prop.json", "workflows/picture.json"
    ]  # fmt: skip
    assert "prompt" in known.inputs("sprite", "sprite")
    assert known.needs("sprite")["file"] == "workflows/sprite.png"
    assert out == []
