import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type BrowserContext, chromium, type Locator } from "playwright-core";
import { forget, launchProfile } from "../../scripts/editor/browser.ts";
import { installEditor } from "../../scripts/editor/install.ts";
import { packageScript } from "../../scripts/editor/script-extension.ts";
import { type Editor, startEditor } from "../../scripts/editor/server.ts";
import { Workbench } from "../../scripts/editor/workbench.ts";
import { packageExtension } from "../../scripts/package.ts";
import { neighbour } from "./neighbour.ts";

const screenshots = join(import.meta.dirname, "../../dist/screenshots");

/** The address of a desktop VS Code's debugging port; without it, a VS Code server in the browser. */
export const desktop = process.env["MURMUR_DESKTOP"];

/** Code of one idiom, and the beginning of a line that goes on as the others do. */
export const sums = Array.from(
  { length: 12 },
  (_, i) =>
    `function sum${i}(items) {\n  let total = 0;\n  for (let i = 0; i < items.length; i++) {\n    total += items[i];\n  }\n  return total;\n}\n`,
).join("\n");
export const typedSum = "for (let i = 0; i < items.len";

/** Ghost text gives way to the list of suggestions; where that is not the point it stays shut. */
export const noList = { "editor.quickSuggestions": false, "editor.suggestOnTriggerCharacters": false };

let editor: Editor | undefined;
let browser: BrowserContext;
/** The folder of the browser's profile. */
let profile: string | undefined;
/** The packaged extension. */
let vsix = "";
/** The folder of the extension beside Murmur. */
let neighbours: string | undefined;

/** Starts an editor of its own in which folders are not trusted until the user says so. */
export async function startRestrictedEditor(): Promise<Editor> {
  return await startEditor(await installEditor(), vsix, { isRestricted: true });
}

/** The end of what the window that was opened last has written to Murmur's log. */
export async function endOfLog(): Promise<string> {
  if (!editor) return "(not of this editor)";
  const logs = join(editor.data, "data/data/logs");
  const files = (await readdir(logs, { recursive: true })).filter((file) => file.endsWith("Murmur.log"));
  const found = await Promise.all(
    files.map(async (file) => ({ path: join(logs, file), changed: (await stat(join(logs, file))).mtimeMs })),
  );
  const last = found.sort((a, b) => a.changed - b.changed).at(-1);
  if (!last) return "(no log)";
  return (await readFile(last.path, "utf8")).trimEnd().split("\n").slice(-30).join("\n");
}

/** The numbers of the processes that are Murmur's language servers. */
export async function serverProcesses(): Promise<number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,args="]);
  return stdout
    .split("\n")
    .filter((line) => line.includes(editor?.data ?? "") && /dist\/server\.js/.test(line))
    .map((line) => Number.parseInt(line, 10));
}

/**
 * One editor with the packaged extension, and one browser, for all suites. Browser, editor and server share a machine with whatever else runs
 * there, so a test that fails is tried once more, in a new window.
 */
export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout(300_000);
    await mkdir(screenshots, { recursive: true });
    if (desktop) {
      const [context] = (await chromium.connectOverCDP(desktop)).contexts();
      if (!context) throw new Error(`There is no window at ${desktop}.`);
      browser = context;
      return;
    }
    const installation = await installEditor();
    neighbours = await mkdtemp(join(tmpdir(), "murmur-neighbours-"));
    const others = [await packageScript(neighbours, "neighbour", neighbour, ["onFileSystem:memory"])];
    vsix = await packageExtension(`${process.platform}-${process.arch}`);
    editor = await startEditor(installation, vsix, { others });
    profile = await mkdtemp(join(tmpdir(), "murmur-browser-"));
    browser = await launchProfile(installation, profile);
  },
  async afterAll(): Promise<void> {
    await browser?.close();
    await editor?.[Symbol.asyncDispose]();
    for (const folder of [neighbours, profile]) {
      if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

export interface SessionOptions {
  /** If not the one for all suites. */
  readonly inEditor?: Editor;
  /** What is opened, if not the folder of the files: the file of a workspace in it, or the URI of another folder; null: nothing. */
  readonly place?: string | null;
  /** That the editor is displayed in, as far as it is translated: its own texts would come with a language pack. */
  readonly language?: string;
}

/** A folder opened in the editor. */
export class Session implements AsyncDisposable {
  readonly folder: string;
  readonly workbench: Workbench;

  private constructor(folder: string, workbench: Workbench) {
    this.folder = folder;
    this.workbench = workbench;
  }

  /** @param settings of the workspace */
  static async open(
    files: Readonly<Record<string, string>>,
    settings: Readonly<Record<string, unknown>> = {},
    { inEditor = editor, place = "", language }: SessionOptions = {},
  ): Promise<Session> {
    const folder = desktop
      ? (process.env["MURMUR_DESKTOP_FOLDER"] ?? "")
      : await mkdtemp(join(tmpdir(), "murmur-workspace-"));
    const all = { ...files, ".vscode/settings.json": JSON.stringify(settings, undefined, 2) };
    for (const [name, content] of Object.entries(all)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    if (desktop) return new Session(folder, await Workbench.attach(browser.pages()[0] ?? (await browser.newPage())));
    const opened = place === null || place.includes(":") ? place : join(folder, place);
    const url = inEditor?.url(opened) ?? "";
    await forget(browser, new URL(url).origin);
    const page = await browser.newPage();
    if (language) await page.addInitScript((tag) => Object.assign(globalThis, { _VSCODE_NLS_LANGUAGE: tag }), language);
    return new Session(folder, await Workbench.open(page, url));
  }

  read(name: string): Promise<string> {
    return readFile(join(this.folder, name), "utf8");
  }

  /** Replaces the workspace's settings, as a person who edits settings.json does. */
  async configure(settings: Readonly<Record<string, unknown>>): Promise<void> {
    await writeFile(join(this.folder, ".vscode/settings.json"), JSON.stringify(settings, undefined, 2));
  }

  /** Waits for a notification. @returns its text */
  async notification(pattern: RegExp, seconds: number): Promise<string> {
    const { workbench } = this;
    let found: string | undefined;
    const isShown = async (): Promise<boolean> => {
      found = (await workbench.notifications()).find((text) => pattern.test(text));
      return found !== undefined;
    };
    await workbench.until(isShown, `a notification like ${pattern}`, seconds);
    return found ?? "";
  }

  /** Answers the question how long to train, and waits until the progress is shown. */
  async startTraining(): Promise<void> {
    const { workbench } = this;
    await workbench.rows.filter({ hasText: "Train for" }).first().waitFor();
    await workbench.page.waitForTimeout(200);
    await this.screenshot("before training");
    await workbench.press("Enter");
    await this.notification(/left, (predicts \d+ % better so far|no better yet)\. Suggestions keep working/, 60);
  }

  /** Whether a notification that contains a text is shown as a whole, not clipped. */
  async isWhole(text: string): Promise<boolean> {
    const notification = this.workbench.page.locator(".notifications-toasts .notification-list-item", {
      hasText: text,
    });
    return await notification
      .locator(".notification-list-item-message")
      .evaluate((one) => one.scrollWidth <= one.clientWidth && one.scrollHeight <= one.clientHeight);
  }

  async screenshot(name: string): Promise<void> {
    await this.workbench.page.screenshot({ path: join(screenshots, `${name}.png`) });
  }

  /** Takes a picture of a failure, and prints what is in it: where tests run by themselves, nobody sees the picture. */
  async recordFailure(title: string): Promise<void> {
    try {
      await this.screenshot(`failed ${title}`);
      const lines = (await this.workbench.lines()).slice(-8).join("\n");
      console.log(`The last lines in the window:\n${lines}\nMurmur's log:\n${await endOfLog()}`);
    } catch (error) {
      console.log(`The failure could not be recorded: ${String(error)}`);
    }
  }

  /** A screenshot of a part of the window, for the pages that show Murmur (`npm run pictures`). */
  async picture(name: string, part: Locator): Promise<void> {
    await part.screenshot({ path: join(screenshots, `${name}.png`), animations: "disabled" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (desktop) return;
    const { page } = this.workbench;
    // A window that is left ends its processes at once. One that only vanishes may come back, so they would run, and train, for minutes.
    page.on("dialog", (dialog) => void dialog.accept());
    await page.goto("about:blank").catch(() => undefined);
    await page.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

type SessionArguments = Parameters<typeof Session.open>;

/**
 * The windows of a suite, one at a time. A window is closed after its test, and before that a picture is taken if the test has failed.
 * @param isShared whether it stays for the next test that opens the same, unless its test has failed
 */
export function windowsOfSuite({ isShared = false } = {}): (...args: SessionArguments) => Promise<Session> {
  let opened: { readonly what: string; readonly session: Session } | undefined;
  const close = async (): Promise<void> => {
    const { session } = opened ?? {};
    opened = undefined;
    await session?.[Symbol.asyncDispose]();
  };
  afterEach(async function () {
    // A test that will be tried again has no state.
    const hasFailed = this.currentTest?.state !== "passed";
    if (hasFailed) await opened?.session.recordFailure(this.currentTest?.title ?? "");
    if (hasFailed || !isShared) await close();
  });
  after(close);
  return async (...args) => {
    const what = JSON.stringify(args);
    if (opened?.what === what) return opened.session;
    await close();
    const session = await Session.open(...args);
    opened = { what, session };
    return session;
  };
}
