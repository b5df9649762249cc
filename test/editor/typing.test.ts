import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { noList, type Session, sums, windowsOfSuite } from "./support.ts";

const beginning = `${sums}for (let i = 0; i < items.len`;
const cell = { cell_type: "code", source: "", metadata: {}, outputs: [], execution_count: null };
const metadata = { language_info: { name: "python" } };
/** One for each test. */
const files = {
  "cursors.js": `${sums}\n\n\n`,
  "n.ipynb": JSON.stringify({ cells: [cell, cell], metadata, nbformat: 4, nbformat_minor: 5 }),
  "fixed.js": beginning,
  "changed.js": beginning,
};
const settings = { ...noList, "files.readonlyInclude": { "**/fixed.js": true } };

describe("typing elsewhere than at one cursor in a file", function () {
  this.timeout(120_000);
  const window = windowsOfSuite({ isShared: true });
  let session: Session;
  beforeEach(async () => {
    session = await window(files, settings);
  });

  /** Nothing but text that is shown as a suggestion, anywhere in the window. */
  const ghostText = async (): Promise<string> => {
    const parts = await session.workbench.page.locator('[class*="ghost-text-decoration"]').allTextContents();
    return parts.join("").replaceAll("\u00A0", " ");
  };

  const git = (...args: readonly string[]): void => {
    const user = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"];
    execFileSync("git", ["-C", session.folder, ...user, ...args]);
  };

  it("the box for a commit message is completed from the subjects of the last commits; Tab accepts, Escape refuses, and a setting turns it off", async () => {
    const { workbench } = session;
    const { page } = workbench;
    git("init", "--quiet");
    for (const panel of "abcdefghijkl")
      git("commit", "--quiet", "--allow-empty", "--message", `Refine the quadrature of panel ${panel}`);
    await workbench.untilStatus(/ready/);
    await workbench.press("Control+Shift+G");
    const box = page.locator(".scm-editor .view-lines").first();
    await box.click();
    await workbench.type("Refine the q", 80);
    const isSuggested = async (): Promise<boolean> => (await ghostText()).startsWith("uadrature");
    await workbench.until(isSuggested, "the end of the subject");
    await session.screenshot("commit message");
    await workbench.press("Tab");
    const text = async (): Promise<string> => (await box.innerText()).replaceAll("\u00A0", " ");
    await workbench.until(async () => (await text()).startsWith("Refine the quadrature"), "the accepted text");
    await workbench.type("\nRefine the q", 80);
    await workbench.until(isSuggested, "the end of the subject again");
    await workbench.press("Escape");
    await workbench.type("u", 80);
    await page.waitForTimeout(600);
    assert.equal(await ghostText(), "", "what was refused");

    await session.configure({ ...settings, "murmur.commitMessages": false });
    await page.waitForTimeout(3000);
    await workbench.press("Control+A");
    await workbench.type("Refine the q", 80);
    await page.waitForTimeout(1000);
    assert.equal(await ghostText(), "", "where the setting is off");
    await session.configure(settings);
    await page.waitForTimeout(3000);
    await workbench.press("Control+A");
    await workbench.type("Refine the q", 80);
    await workbench.until(isSuggested, "a suggestion where the setting is on again");
  });

  it("several cursors get what is likely at all of them, and Tab inserts it at each", async () => {
    const { workbench } = session;
    await workbench.openFile("cursors.js");
    await workbench.untilStatus(/ready/);
    await workbench.goToEnd();
    for (let i = 0; i < 2; i++) await workbench.runCommand("Add Cursor Above");
    await workbench.type("for (let i = 0; i < items.len", 120);
    await workbench.until(async () => (await ghostText()).includes("gth"), "a suggestion for all cursors");
    await workbench.page.waitForTimeout(500);
    await session.screenshot("several cursors");
    await workbench.press("Tab");
    await workbench.save();
    const lines = (await session.read("cursors.js")).trimEnd().split("\n").slice(-3);
    assert.equal(new Set(lines).size, 1, lines.join("\n"));
    assert.match(lines[0] ?? "", /^for \(let i = 0; i < items\.length/);
  });

  it("a cell of a notebook is completed with what was typed in the cell before it", async () => {
    const { workbench } = session;
    const { page } = workbench;
    await workbench.press("Control+P");
    await page.waitForSelector(".quick-input-widget input", { state: "visible" });
    await page.keyboard.type("n.ipynb");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "n.ipynb" }).first().click();
    await workbench.untilStatus(/ready/);
    const cells = page.locator(".notebookOverlay .cell-editor-container");
    await cells.first().click();
    await workbench.type("interpolated_velocity = compute_profile()\ninterpolated_velocity.smooth()\n", 30);
    await workbench.type("plot(interpolated_velocity)\nsave(interpolated_velocity)\n", 30);
    await cells.nth(1).click();
    await workbench.type("smoothed = interp", 100);
    await workbench.until(async () => (await ghostText()).startsWith("olated_"), "the name from the other cell");
    await session.screenshot("notebook");
  });

  it("a read-only file and the older side of a diff get no suggestion; the newer side does", async () => {
    const { workbench } = session;
    const { page } = workbench;
    git("init", "--quiet");
    git("add", "changed.js");
    git("commit", "--quiet", "--message", "Sum");
    await workbench.openFile("fixed.js");
    await workbench.untilStatus(/ready/);
    const untilAsked = async (): Promise<void> => {
      await workbench.press("Control+End");
      await workbench.type("g");
      await page.waitForTimeout(800);
    };
    await untilAsked();
    assert.equal(await ghostText(), "", "in a read-only file");
    await workbench.openFile("changed.js");
    await workbench.goToEnd();
    await workbench.press("Enter");
    await workbench.type("//");
    await workbench.save();
    const side = (name: string) => page.locator(`.monaco-diff-editor .editor.${name} .view-lines`).first();
    // The editor's Git may not have noticed the change yet.
    const isOpen = async (): Promise<boolean> => {
      await workbench.runCommand("Git: Open Changes");
      await page.waitForTimeout(1500);
      return await side("original").isVisible();
    };
    await workbench.until(isOpen, "the diff");
    await side("original").click();
    await untilAsked();
    assert.equal(await ghostText(), "", "in the older side of a diff");
    await side("modified").click();
    await workbench.press("Control+End");
    await workbench.type("\nfor (let i = 0; i < items.len");
    await workbench.until(async () => (await ghostText()).includes("gth"), "a suggestion in the newer side");
    await session.screenshot("diff");
  });
});
