import type { Frame, Locator, Page } from "playwright-core";

/** Milliseconds in which ghost text does not change before it counts as complete. */
const settled = 300;

/** A workbench in a page, driven as a person would: by the keyboard, and by looking. */
export class Workbench {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens the workbench. */
  static async open(page: Page, url: string): Promise<Workbench> {
    await page.goto(url);
    return Workbench.attach(page);
  }

  /** Waits until the workbench in a page is ready. */
  static async attach(page: Page): Promise<Workbench> {
    await page.waitForSelector(".monaco-workbench .part.statusbar", { timeout: 60_000 });
    return new Workbench(page);
  }

  /** Waits until Murmur's status bar item matches a pattern. */
  async untilStatus(pattern: RegExp, seconds = 60): Promise<void> {
    let status = "";
    await this.until(
      async () => {
        status = await this.status();
        return pattern.test(status);
      },
      () => `Murmur's status to be ${pattern}; it is ${status}`,
      seconds,
    );
  }

  /** The accessible label of Murmur's status bar item; empty if there is none yet. */
  async status(): Promise<string> {
    const item = this.page.locator('.statusbar-item[id*="murmur"] [aria-label]').first();
    return (await item.count()) > 0 ? ((await item.getAttribute("aria-label")) ?? "") : "";
  }

  /** Opens a file of the folder by its name. The list is asked again if it stays without it: a window that has just opened may not know it yet. */
  async openFile(name: string): Promise<void> {
    // Enter opens the file that has the focus; what else matches may stand in the list before it is sorted.
    const row = this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: name }).first();
    const isListed = async (): Promise<boolean> => {
      await this.openInput("Control+P");
      await this.page.keyboard.type(name);
      if (await becomesVisible(row, 10_000)) return true;
      await this.page.keyboard.press("Escape");
      return false;
    };
    await this.until(isListed, `the file ${name} to be listed`, 40);
    await this.page.keyboard.press("Enter");
    await this.page.waitForSelector(`.tab.active[data-resource-name$="${name}"]`, { timeout: 20_000 });
    await this.page.waitForSelector(".editor-instance .view-lines .view-line", { timeout: 20_000 });
    await this.focusEditor();
  }

  /** Opens the window's input by its key: a key is lost while the focus moves. */
  async openInput(key: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input").first();
    const isOpen = async (): Promise<boolean> => {
      await this.page.keyboard.press(key);
      return await becomesVisible(input, 3000);
    };
    await this.until(isOpen, `the input that ${key} opens`, 30);
  }

  async focusEditor(): Promise<void> {
    await this.page.locator(".editor-instance .view-lines").first().click();
  }

  /** Puts the cursor at the end of the file. */
  async goToEnd(): Promise<void> {
    await this.page.keyboard.press("Control+End");
  }

  /** Types one key after another, as a person does. */
  async type(text: string, delay = 60): Promise<void> {
    await this.page.keyboard.type(text, { delay });
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  /** The ghost text now shown; undefined if there is none. */
  async ghostText(): Promise<string | undefined> {
    const parts = await this.page.locator('.editor-instance [class*="ghost-text-decoration"]').allTextContents();
    const text = parts
      .join("")
      .replaceAll("\u00A0", " ")
      .replace(/[\u200B-\u200D\uFEFF]/g, "");
    return text === "" ? undefined : text;
  }

  /**
   * Waits for ghost text, and until it no longer changes: what could not be computed in a keystroke's time is shown a little later.
   * @param expected how it begins
   * @throws Error if other ghost text stays
   */
  async untilGhostText(expected = "", seconds = 20): Promise<string> {
    let text: string | undefined;
    let since = Date.now();
    await this.until(
      async () => {
        const now = await this.ghostText();
        if (now !== text) since = Date.now();
        text = now;
        if (text === undefined || Date.now() - since < settled) return false;
        if (text.startsWith(expected)) return true;
        // The beginning of it may be shown until the rest is computed.
        if (!expected.startsWith(text)) throw new Error(`there is the ghost text ${text} instead of ${expected}`);
        return false;
      },
      () => `the ghost text ${expected}; there is ${text ?? "none"}`,
      seconds,
    );
    return text ?? "";
  }

  /** The visible lines of the editor, from top to bottom, with or without ghost text. */
  async lines({ withGhostText = false } = {}): Promise<string[]> {
    return this.page.evaluate(
      (isKept) =>
        [...document.querySelectorAll<HTMLElement>(".editor-instance .view-lines .view-line")]
          .sort((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top))
          .map((line) => {
            const copy = line.cloneNode(true) as HTMLElement;
            if (!isKept) for (const ghost of copy.querySelectorAll('[class*="ghost-text"]')) ghost.remove();
            return (copy.textContent ?? "").replaceAll("\u00A0", " ").replace(/[\u200B-\u200D\uFEFF]/g, "");
          }),
      withGhostText,
    );
  }

  async runCommand(title: string): Promise<void> {
    await this.openInput("F1");
    await this.page.keyboard.type(title);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().click();
  }

  /** Chooses an entry of the list that is open, once it is there: one that is still being drawn may lose a click. */
  async pick(label: string | RegExp): Promise<void> {
    const entry = this.rows.filter({ hasText: label }).first();
    await entry.waitFor();
    await this.page.waitForTimeout(500);
    await entry.click();
  }

  /** The entries of the list that is open. */
  get rows(): Locator {
    return this.page.locator(".quick-input-list .monaco-list-row");
  }

  /** Waits for the dialog that asks for a file. */
  async untilFileDialog(): Promise<void> {
    await this.until(() => this.#asksForFile(), "a dialog that asks for a file");
    await this.rows.filter({ hasText: ".." }).waitFor();
  }

  /** Names a file where the editor asks for one. */
  async chooseFile(path: string): Promise<void> {
    await this.untilFileDialog();
    // The dialog looks up what is typed as it is typed. After an Enter that came in between, it ignores further ones until something else is typed.
    const isTaken = async (): Promise<boolean> => {
      await this.page.locator(".quick-input-box input").press("Control+A");
      await this.type(path, 10);
      await this.page.waitForTimeout(500);
      await this.press("Enter");
      const end = Date.now() + 3000;
      while (await this.#asksForFile()) {
        if (Date.now() > end) return false;
        await this.page.waitForTimeout(50);
      }
      return true;
    };
    await this.until(isTaken, "the dialog to take the file", 60);
  }

  #asksForFile(): Promise<boolean> {
    return this.page.evaluate(() => {
      const box = document.querySelector<HTMLInputElement>(".quick-input-box input");
      return box?.checkVisibility() === true && box.value.startsWith("/");
    });
  }

  /** Waits for the page in a web view that holds a text. */
  async untilFrame(text: string, seconds = 20): Promise<Frame> {
    let found: Frame | undefined;
    const isThere = async (): Promise<boolean> => {
      for (const frame of this.page.frames()) {
        const content = await frame.evaluate(() => document.body?.innerText ?? "").catch(() => "");
        if (content.includes(text)) found = frame;
      }
      return found !== undefined;
    };
    await this.until(isThere, `a frame with ${JSON.stringify(text)}`, seconds);
    if (!found) throw new Error("The frame is gone.");
    return found;
  }

  /** The texts of the visible notifications. */
  async notifications(): Promise<string[]> {
    return this.page.locator(".notifications-toasts .notification-list-item-message").allTextContents();
  }

  async save(): Promise<void> {
    await this.page.keyboard.press("Control+S");
    await this.until(async () => (await this.page.locator(".tab.active.dirty").count()) === 0, "the file to be saved");
  }

  /** Waits until a condition holds. @throws Error that names the condition otherwise */
  async until(condition: () => Promise<boolean>, what: string | (() => string), seconds = 20): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!(await condition())) {
      if (Date.now() > end) throw new Error(`waited ${seconds} s for ${typeof what === "string" ? what : what()}`);
      await this.page.waitForTimeout(50);
    }
  }
}

/** Whether something is visible within so many milliseconds. */
function becomesVisible(what: Locator, timeout: number): Promise<boolean> {
  return what.waitFor({ state: "visible", timeout }).then(
    () => true,
    () => false,
  );
}
