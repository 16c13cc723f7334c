"""Every feature, asked for by a client of the protocol's own types that says it can do what the
editors do (`pytest_lsp`, whose capabilities were recorded from them)."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lsp.small import SCENE, make
from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import make_test_lsp_client

from comfyvn.lsp.text import Document

EDITORS = ["visual_studio_code", "neovim@0.7", "neovim@0.11", "emacs"]
TEXT = f"{SCENE}\n`shwo mei`\n\n`show mei w"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("clients") / "story")


def place(mark: str) -> types.Position:
    """Return where `|` stands in a part of the text."""
    before, _, after = mark.partition("|")
    offset = TEXT.index(before + after) + len(before)
    line = TEXT.count("\n", 0, offset)
    found = Document(TEXT).place(line + 1, offset - TEXT.rfind("\n", 0, offset))
    return types.Position(found.line, found.character)


Symbols = Iterable[types.DocumentSymbol | types.SymbolInformation]


def names(symbols: Symbols) -> Iterator[str]:
    for each in symbols:
        yield each.name.lower()
        if isinstance(each, types.DocumentSymbol):
            yield from names(each.children or [])


@pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning")
@pytest.mark.parametrize("editor", EDITORS)
def test_every_feature_answers(editor: str, root: Path) -> None:
    # In a thread, since the loop of Playwright runs in this one for the tests with browsers.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, session(editor, root)).result()


async def session(editor: str, root: Path) -> None:
    client = make_test_lsp_client()

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(_: types.RegistrationParams) -> None:
        """Watch whatever it is that is to be watched."""

    await client.start_io(sys.executable, "-m", "comfyvn", "lsp", "--stdio")
    await client.initialize_session(
        types.InitializeParams(
            capabilities=client_capabilities(editor),
            workspace_folders=[types.WorkspaceFolder(uri=root.as_uri(), name="story")],
        )
    )
    await ask_everything(client, root)
    await client.shutdown_session()
    await client.stop()


async def ask_everything(client: LanguageClient, root: Path) -> None:
    uri = (root / "scenes/one.md").as_uri()
    scene = types.TextDocumentIdentifier(uri)
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "markdown", 1, TEXT))
    )
    while not client.diagnostics.get(uri):
        await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    typo = {each.code: each for each in client.diagnostics[uri]}["VN0801"]
    end, speaker, label = place("`show mei w|"), place("\nMei| (worried)"), place("](#hon|est)")

    offers = await client.text_document_completion_async(types.CompletionParams(scene, end))
    items = offers.items if isinstance(offers, types.CompletionList) else offers or []
    assert "worried" in {each.label for each in items}
    hover = await client.text_document_hover_async(types.HoverParams(scene, speaker))
    assert hover is not None
    said = hover.contents
    kind = said.kind if isinstance(said, types.MarkupContent) else None
    assert "Mei" in str(said)
    assert ("**Mei**" in str(said)) == (kind == types.MarkupKind.Markdown)
    defined = await client.text_document_definition_async(types.DefinitionParams(scene, speaker))
    assert "characters/mei.yaml" in str(defined)
    uses = await client.text_document_references_async(
        types.ReferenceParams(types.ReferenceContext(True), scene, speaker)
    )
    assert {each.uri.rpartition("/")[2] for each in uses or []} >= {"one.md", "mei.yaml"}
    marked = await client.text_document_document_highlight_async(
        types.DocumentHighlightParams(scene, speaker)
    )
    assert speaker.line in {each.range.start.line for each in marked or []}

    assert await client.text_document_prepare_rename_async(types.PrepareRenameParams(scene, label))
    edit = await client.text_document_rename_async(
        types.RenameParams(text_document=scene, position=label, new_name="truthful")
    )
    assert "truthful" in str(edit)
    moved = types.FileRename(uri, (root / "scenes/first.md").as_uri())
    edit = await client.workspace_will_rename_files_async(types.RenameFilesParams([moved]))
    assert "first" in str(edit)

    outline = await client.text_document_document_symbol_async(types.DocumentSymbolParams(scene))
    assert "honest" in set(names(outline or []))
    found = await client.workspace_symbol_async(types.WorkspaceSymbolParams("mei"))
    assert "mei" in {each.name.lower() for each in found or []}
    assert await client.text_document_folding_range_async(types.FoldingRangeParams(scene))
    links = await client.text_document_document_link_async(types.DocumentLinkParams(scene))
    assert {(each.target or "").rpartition("/")[2] for each in links or []} >= {"two.md", "ask.md"}
    tokens = await client.text_document_semantic_tokens_full_async(
        types.SemanticTokensParams(scene)
    )
    assert tokens is not None
    assert len(tokens.data) % 5 == 0
    assert len(tokens.data) > 100
    whole = types.Range(types.Position(0, 0), end)
    hints = await client.text_document_inlay_hint_async(types.InlayHintParams(scene, whole))
    assert hints is not None
    fixes = await client.text_document_code_action_async(
        types.CodeActionParams(scene, typo.range, types.CodeActionContext([typo]))
    )
    assert "`show`" in str([each.title for each in fixes or []])
