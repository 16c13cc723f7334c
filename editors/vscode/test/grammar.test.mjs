/** The grammars, by the same libraries that VS Code reads them with. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const oniguruma = require("vscode-oniguruma");
const textmate = require("vscode-textmate");

const here = new URL("../", import.meta.url);
const files = {
  "markdown.comfyvn.injection": "syntaxes/scene-markdown.tmLanguage.json",
  "source.comfyvn.stage": "syntaxes/stage.tmLanguage.json",
};

async function grammar() {
  const wasm = await readFile(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    getInjections: (scope) => (scope === "text.html.markdown" ? ["markdown.comfyvn.injection"] : undefined),
    loadGrammar: async (scope) => {
      if (scope === "text.html.markdown") {
        // Markdown's own grammar is the editor's; what is ours must hold beside any.
        return textmate.parseRawGrammar('{"scopeName": "text.html.markdown", "patterns": []}', "base.json");
      }
      return textmate.parseRawGrammar(await readFile(new URL(files[scope], here), "utf8"), files[scope]);
    },
  });
  return registry.loadGrammar("text.html.markdown");
}

const loaded = grammar();

/** Return each piece of a text with the innermost scope of ours. */
async function scopes(text) {
  const found = [];
  let state = textmate.INITIAL;
  for (const line of text.split("\n")) {
    const { tokens, ruleStack } = (await loaded).tokenizeLine(line, state);
    state = ruleStack;
    for (const token of tokens) {
      found.push([line.slice(token.startIndex, token.endIndex), token.scopes.at(-1)]);
    }
  }
  return found;
}

async function has(text, ...wanted) {
  const found = (await scopes(text)).map(([word, scope]) => `${word} ${scope}`);
  for (const [word, scope] of wanted) {
    assert.ok(found.includes(`${word} ${scope}`), `${word} ${scope} in ${JSON.stringify(found)}`);
  }
}

test("speakers and their cues", async () => {
  const speaker = "entity.name.class.speaker.comfyvn";
  const cue = "variable.other.enummember.cue.comfyvn";
  await has("Mei (worried, whisper): You came.", ["Mei", speaker], ["worried, whisper", cue]);
  await has("- Mrs Harker: Yes.", ["Mrs Harker", speaker]);
  await has('Mei as "???" (smile): Hello.', ["Mei", speaker], ['"???"', "string.quoted.double.comfyvn"]);
  await has("> 先生（笑顔）： はい。", ["先生", speaker], ["笑顔", cue]);
  await has("???: Who is there?", ["???", speaker]);
});

test("text is no speaker", async () => {
  for (const text of ["It was 7:30 by the clock.", "She said \\: nothing.", "See https://example.org"]) {
    for (const [, scope] of await scopes(text)) {
      assert.notEqual(scope, "entity.name.class.speaker.comfyvn", text);
    }
  }
});

test("directives and modifiers", async () => {
  const directive = "keyword.control.directive.comfyvn";
  await has("`show mei angry at left` `set mei.trust += 1`", ["show", directive], ["set", directive],
    ["mei.trust", "variable.other.comfyvn"], ["+=", "keyword.operator.comfyvn"], ["1", "constant.numeric.comfyvn"]);
  await has('- Go. `if visited("lab.md#result") and not brave`', ["if", directive],
    ["visited", "support.function.comfyvn"], ['"lab.md#result"', "string.quoted.double.comfyvn"],
    ["and", "keyword.operator.word.comfyvn"], ["brave", "variable.other.comfyvn"]);
  for (const [, scope] of await scopes("`const x = 1` is code")) {
    assert.equal(scope, "text.html.markdown");
  }
});

test("values, forms and fixed names", async () => {
  await has("Mei: {candles, plural, one {# candle} other {# candles}} ^mei-twice",
    ["plural", "keyword.control.form.comfyvn"], ["candles", "variable.other.comfyvn"],
    ["#", "constant.language.number.comfyvn"], ["mei-twice", "entity.name.tag.line.comfyvn"]);
  assert.ok((await scopes("It is \\{not a value\\}.")).every(([, scope]) => scope === "text.html.markdown"));
});

test("stage fences end where they end", async () => {
  await has("```stage\n# later\nscene school/roof with dissolve over 1.2\n```\nMei: Yes.",
    ["# later", "comment.line.number-sign.comfyvn"], ["scene", "keyword.control.directive.comfyvn"],
    ["school/roof", "variable.other.comfyvn"], ["1.2", "constant.numeric.comfyvn"],
    ["Mei", "entity.name.class.speaker.comfyvn"]);
});

test("what the manifest names is there", async () => {
  const manifest = JSON.parse(await readFile(new URL("package.json", here), "utf8"));
  const contributes = manifest.contributes;
  const paths = [manifest.main, ...contributes.grammars.map((each) => each.path),
    ...contributes.snippets.map((each) => each.path), ...contributes.languages.map((each) => each.configuration)];
  for (const path of paths) {
    await readFile(new URL(path, here));
  }
  const code = await readFile(new URL("src/extension.ts", here), "utf8");
  for (const { command } of contributes.commands) {
    assert.ok(code.includes(`"${command}"`), command);
  }
  for (const name of Object.keys(contributes.configuration.properties)) {
    assert.match(name, /^comfyvn\./);
    // What the server is told is read by groups; the client reads its own trace setting.
    const [, group, setting] = name.split(".");
    const reads = [`get("${group}")`, `"${group}",`, `"${group}.${setting}"`].some((each) => code.includes(each));
    assert.ok(reads || group === "trace", name);
  }
});

test("the problem matcher reads what check prints", async () => {
  const manifest = JSON.parse(await readFile(new URL("package.json", here), "utf8"));
  const [first, second] = manifest.contributes.problemMatchers[0].pattern;
  assert.equal("error[VN0603]: no label `honst`".match(first.regexp)[2], "VN0603");
  const place = "  --> scenes/roof.md:18:23".match(second.regexp);
  assert.deepEqual(place.slice(1), ["scenes/roof.md", "18", "23"]);
  assert.equal("  --> assets".match(second.regexp)[1], "assets");
});
