import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium, type Frame, type Locator } from "playwright-core";
import { launchBrowser } from "../../scripts/editor/browser.ts";
import { installEditor } from "../../scripts/editor/install.ts";
import { type Editor, startEditor } from "../../scripts/editor/server.ts";
import { Workbench } from "../../scripts/editor/workbench.ts";
import { packageExtension } from "../../scripts/package.ts";

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

let editor: Editor | undefined;
let browser: Browser;

/** Starts an editor of its own in which folders are not trusted until the user says so. */
export async function startRestrictedEditor(): Promise<Editor> {
  const vsix = await packageExtension(`${process.platform}-${process.arch}`);
  return await startEditor(await installEditor(), vsix, { isRestricted: true });
}

/** The numbers of the processes that are Murmur's language servers. */
export async function serverProcesses(): Promise<number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,args="]);
  return stdout
    .split("\n")
    .filter((line) => line.includes(editor?.data ?? "") && /dist\/server\.js/.test(line))
    .map((line) => Number.parseInt(line, 10));
}

/** One editor with the packaged extension, and one browser, for all suites. */
export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout(300_000);
    await mkdir(screenshots, { recursive: true });
    if (desktop) {
      browser = await chromium.connectOverCDP(desktop);
      return;
    }
    const installation = await installEditor();
    editor = await startEditor(installation, await packageExtension(`${process.platform}-${process.arch}`));
    browser = await launchBrowser(installation);
  },
  async afterAll(): Promise<void> {
    await browser?.close();
    await editor?.[Symbol.asyncDispose]();
  },
};

/** A folder opened in the editor. */
export class Session implements AsyncDisposable {
  readonly folder: string;
  readonly workbench: Workbench;

  private constructor(folder: string, workbench: Workbench) {
    this.folder = folder;
    this.workbench = workbench;
  }

  /**
   * @param settings of the workspace
   * @param inEditor if not the one for all suites
   * @param language that the editor is displayed in, as far as it is translated: its own texts would come with a language pack
   */
  static async open(
    files: Readonly<Record<string, string>>,
    settings: Readonly<Record<string, unknown>> = {},
    inEditor = editor,
    language?: string,
  ): Promise<Session> {
    const folder = desktop
      ? (process.env["MURMUR_DESKTOP_FOLDER"] ?? "")
      : await mkdtemp(join(tmpdir(), "murmur-workspace-"));
    const all = { ...files, ".vscode/settings.json": JSON.stringify(settings, undefined, 2) };
    for (const [name, content] of Object.entries(all)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    const page = desktop
      ? (browser.contexts()[0]?.pages()[0] ?? (await browser.newPage()))
      : await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    if (language) await page.addInitScript((tag) => Object.assign(globalThis, { _VSCODE_NLS_LANGUAGE: tag }), language);
    const workbench = desktop ? await Workbench.attach(page) : await Workbench.open(page, inEditor?.url(folder) ?? "");
    return new Session(folder, workbench);
  }

  read(name: string): Promise<string> {
    return readFile(join(this.folder, name), "utf8");
  }

  /** Replaces the workspace's settings, as a person who edits settings.json does. */
  async configure(settings: Readonly<Record<string, unknown>>): Promise<void> {
    await writeFile(join(this.folder, ".vscode/settings.json"), JSON.stringify(settings, undefined, 2));
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

  /** A screenshot of a part of the window, for the pages that show Murmur (`npm run pictures`). */
  async picture(name: string, part: Locator): Promise<void> {
    await part.screenshot({ path: join(screenshots, `${name}.png`), animations: "disabled" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (desktop) return;
    await this.workbench.page.context().close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Waits for the frame that holds a text. */
export async function untilFrame(workbench: Workbench, text: string, seconds = 20): Promise<Frame> {
  let found: Frame | undefined;
  const isThere = async (): Promise<boolean> => {
    for (const frame of workbench.page.frames()) {
      const content = await frame.evaluate(() => document.body?.innerText ?? "").catch(() => "");
      if (content.includes(text)) found = frame;
    }
    return found !== undefined;
  };
  await workbench.until(isThere, `a frame with ${JSON.stringify(text)}`, seconds);
  assert.ok(found);
  return found;
}
