/** The ComfyVN extension: it starts `comfyvn lsp`, and runs commands in a terminal. */

import { existsSync } from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";

const FILES = "**/{*.md,*.yaml,*.po,vn.lock,assets/**}";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const commands: [string, () => unknown][] = [
    ["comfyvn.check", () => run("check", ["check"])],
    ["comfyvn.build", () => run("build", ["build"])],
    ["comfyvn.play", () => run("play", ["play"])],
    ["comfyvn.playHere", playHere],
    ["comfyvn.preview", preview],
    ["comfyvn.restart", restart],
  ];
  for (const [name, action] of commands) {
    context.subscriptions.push(vscode.commands.registerCommand(name, action));
  }
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (["command", "hints", "diagnostics", "hover"].some((name) => event.affectsConfiguration(`comfyvn.${name}`))) {
        await restart();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration("comfyvn");
}

/** How ComfyVN is started; what stands in a terminal may not be nothing. */
function command(): [string, ...string[]] {
  const [program, ...rest] = settings().get<string[]>("command", ["comfyvn"]);
  return [program || "comfyvn", ...rest];
}

async function start(): Promise<void> {
  const [program, ...rest] = command();
  const server: ServerOptions = { command: program, args: [...rest, "lsp", "--stdio"] };
  const options: LanguageClientOptions = {
    documentSelector: [
      { scheme: "file", language: "markdown" },
      { scheme: "file", language: "yaml" },
      { scheme: "file", pattern: "**/*.po" },
    ],
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher(FILES) },
    initializationOptions: {
      hints: settings().get("hints"),
      diagnostics: settings().get("diagnostics"),
      hover: settings().get("hover"),
    },
  };
  client = new LanguageClient("comfyvn", "ComfyVN", server, options);
  try {
    await client.start();
    await vscode.commands.executeCommand("setContext", "comfyvn.running", true);
  } catch (error) {
    const choice = await vscode.window.showErrorMessage(
      `ComfyVN does not start: ${error instanceof Error ? error.message : String(error)}. Install it with pip install "comfyvn[editor]", or say where it is.`,
      "Settings",
    );
    if (choice === "Settings") {
      await vscode.commands.executeCommand("workbench.action.openSettings", "comfyvn.command");
    }
  }
}

async function restart(): Promise<void> {
  await vscode.commands.executeCommand("setContext", "comfyvn.running", false);
  await client?.dispose();
  client = undefined;
  await start();
}

/** The folder that commands work in: the project of the file in the editor, else the workspace. */
function folder(): string | undefined {
  const file = vscode.window.activeTextEditor?.document.uri;
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (file?.scheme !== "file") {
    return workspace;
  }
  const own = path.dirname(file.fsPath);
  // What is printed of files is told from the folder of vn.yaml.
  return above(own).find((each) => existsSync(path.join(each, "vn.yaml"))) ?? workspace ?? own;
}

/** A folder and those above it, the innermost first. */
function above(folder: string): string[] {
  const outer = path.dirname(folder);
  return outer === folder ? [folder] : [folder, ...above(outer)];
}

/** Run a command of ComfyVN as a task, whose findings become problems. */
async function run(name: string, args: string[]): Promise<vscode.TaskExecution | undefined> {
  const cwd = folder();
  if (cwd === undefined) {
    void vscode.window.showInformationMessage("Open a folder with a ComfyVN project first.");
    return undefined;
  }
  await vscode.workspace.saveAll(false);
  const [program, ...rest] = command();
  const task = new vscode.Task(
    { type: "comfyvn", name },
    vscode.TaskScope.Workspace,
    name,
    "comfyvn",
    new vscode.ProcessExecution(program, [...rest, ...args], { cwd }),
    "$comfyvn",
  );
  task.isBackground = name === "preview";
  task.presentationOptions = { focus: name === "play", clear: true };
  return vscode.tasks.executeTask(task);
}

/** Play to the line under the cursor in a terminal, by a way that the server knows. */
async function playHere(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const uri = editor?.document.uri;
  if (editor === undefined || uri?.scheme !== "file" || client === undefined) {
    return;
  }
  const way = await client.sendRequest<string | null>("workspace/executeCommand", {
    command: "comfyvn.wayTo",
    arguments: [client.code2ProtocolConverter.asUri(uri), editor.selection.active.line],
  });
  if (way === null) {
    void vscode.window.showInformationMessage("No way to this line is known: save first, and give it a few seconds.");
    return;
  }
  const terminal = vscode.window.createTerminal({ name: "ComfyVN", cwd: path.dirname(uri.fsPath) });
  terminal.show();
  terminal.sendText(way.replace(/^comfyvn/, () => command().join(" ")));
}

let previewing: vscode.TaskExecution | undefined;

/** Start `comfyvn serve`, and show the game beside the editor; it follows what is saved. */
async function preview(): Promise<void> {
  const port = settings().get<number>("preview.port", 8422);
  const isRunning = vscode.tasks.taskExecutions.some((each) => each === previewing);
  if (!isRunning) {
    previewing = await run("preview", ["serve", "--no-open", "--port", String(port)]);
  }
  if (previewing !== undefined && (await answers(port))) {
    await vscode.commands.executeCommand("simpleBrowser.api.open", vscode.Uri.parse(`http://127.0.0.1:${port}/`), {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
    });
  }
}

/** Wait until the first build is served; false if it takes longer than a minute. */
async function answers(port: number): Promise<boolean> {
  for (let tried = 0; tried < 120; tried += 1) {
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return true;
    } catch {
      await new Promise((done) => setTimeout(done, 500));
    }
  }
  return false;
}
