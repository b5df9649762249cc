import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchBrowser, viewport } from "../scripts/editor/browser.ts";
import { type Installation, installEditor } from "../scripts/editor/install.ts";
import { packageScript } from "../scripts/editor/script-extension.ts";
import { startEditor } from "../scripts/editor/server.ts";
import { Workbench } from "../scripts/editor/workbench.ts";
import { packageExtension } from "../scripts/package.ts";
import { sourceOf } from "./made-source.ts";
import { table } from "./markdown.ts";
import { progress, quantile, temporaryFolder } from "./support.ts";

const file = "typed.txt";
const linesBefore = 60;
const keystrokes = 400;
/** Pause between keystrokes, in milliseconds: long enough for ghost text to come. */
const pause = 250;

/** Nothing but inline completions is shown, so that no list of suggestions gets in the way. */
const settings = { "editor.quickSuggestions": false, "editor.wordBasedSuggestions": "off" };

/**
 * From a key event to ghost text in the document of a real VS Code: with Murmur, and with an extension that returns a constant at
 * once, which is what the editor itself takes.
 */
export async function benchEditor(): Promise<void> {
  const installation = await installEditor();
  await using browser = await launchBrowser(installation);
  await using folder = await temporaryFolder();
  const constant = await packageConstant(folder.path);
  const murmur = await packageExtension(`${process.platform}-${process.arch}`);
  const measured: { readonly name: string; readonly times: readonly number[] }[] = [];
  for (const [name, vsix] of [
    ["an extension that returns a constant", constant],
    ["Murmur", murmur],
  ] as const) {
    progress(`typing in VS Code: ${name}`);
    measured.push({ name, times: await timesOf(installation, browser, vsix, name === "Murmur") });
  }
  const rows = measured.map(({ name, times }) => [
    name,
    String(times.length),
    ...[0.5, 0.95].map((share) => quantile(times, share).toFixed(1)),
  ]);
  console.log(table(["from key event to ghost text, ms", "times", "p50", "p95"], rows));
  const [without = [], withMurmur = []] = measured.map(({ times }) => times);
  const more = quantile(withMurmur, 0.5) - quantile(without, 0.5);
  console.log(`\nMurmur's median is ${more.toFixed(1)} ms more.`);
}

async function timesOf(
  installation: Installation,
  browser: Browser,
  vsix: string,
  hasStatus: boolean,
): Promise<readonly number[]> {
  await using workspace = await temporaryFolder();
  await mkdir(join(workspace.path, ".vscode"));
  await writeFile(join(workspace.path, ".vscode/settings.json"), JSON.stringify(settings));
  await writeFile(join(workspace.path, file), sourceOf(linesBefore));
  await using editor = await startEditor(installation, vsix);
  await using context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const workbench = await Workbench.open(page, editor.url(workspace.path));
  await workbench.openFile(file);
  await workbench.goToEnd();
  if (hasStatus) await workbench.untilStatus(/ready/i);
  // Whatever starts up in the background has its time.
  await page.waitForTimeout(5_000);
  await observe(page);
  await workbench.type(sourceOf(30, linesBefore).slice(0, keystrokes), pause);
  return await page.evaluate("ghostTextTimes");
}

/** Has a page note, for each key that is pressed while no ghost text is shown, how long it takes until some is. */
async function observe(page: Page): Promise<void> {
  await page.evaluate(`{
    globalThis.ghostTextTimes = [];
    const isShown = () => [...document.querySelectorAll('.editor-instance [class*="ghost-text-decoration"]')]
      .some((part) => part.textContent !== "");
    let pressed;
    addEventListener("keydown", (event) => { pressed = isShown() ? undefined : event.timeStamp; }, true);
    new MutationObserver(() => {
      if (pressed === undefined || !isShown()) return;
      ghostTextTimes.push(performance.now() - pressed);
      pressed = undefined;
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  }`);
}

/** An extension whose inline completion is the same text at every fourth column, and nothing elsewhere. @returns its VSIX */
function packageConstant(folder: string): Promise<string> {
  const code = `const vscode = require("vscode");
exports.activate = () => vscode.languages.registerInlineCompletionItemProvider({ pattern: "**" }, {
  provideInlineCompletionItems: (_, { character }) => character % 4 === 0 ? [{ insertText: "#constant" }] : [],
});`;
  return packageScript(folder, "constant", code);
}
