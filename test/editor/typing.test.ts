import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { Session, sums } from "./support.ts";

/** Ghost text gives way to the list of suggestions; where that is not the point it stays shut. */
const noList = { "editor.quickSuggestions": false, "editor.suggestOnTriggerCharacters": false };

describe("typing elsewhere than at one cursor in a file", function () {
  this.timeout(120_000);
  let session: Session;
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.screenshot(`failed ${this.currentTest.title}`);
    await session[Symbol.asyncDispose]();
  });

  /** Nothing but text that is shown as a suggestion, anywhere in the window. */
  const ghostText = async (): Promise<string> => {
    const parts = await session.workbench.page.locator('[class*="ghost-text-decoration"]').allTextContents();
    return parts.join("").replaceAll("\u00A0", " ");
  };

  it("the box for a commit message is completed from the subjects of the last commits", async () => {
    session = await Session.open({ "sums.js": sums }, noList);
    const { workbench, folder } = session;
    const { page } = workbench;
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-C", folder, "-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", ...args]);
    git("init", "--quiet");
    for (let i = 0; i < 12; i++)
      git("commit", "--quiet", "--allow-empty", "-m", `Refine the quadrature of panel ${"abcdefghijkl"[i]}`);
    await workbench.untilStatus(/ready/);
    await page.keyboard.press("Control+Shift+G");
    const box = page.locator(".scm-editor .view-lines").first();
    await box.waitFor();
    await box.click();
    await workbench.type("Refine the q", 80);
    await workbench.until(async () => (await ghostText()).startsWith("uadrature"), "the end of the subject");
    await session.screenshot("commit message");
    await workbench.press("Tab");
    await workbench.until(
      async () => /^Refine the quadrature/.test((await box.innerText()).replaceAll("\u00A0", " ")),
      "the accepted text",
    );
  });

  it("several cursors get what is likely at all of them, and Tab inserts it at each", async () => {
    session = await Session.open({ "sums.js": `${sums}\n\n\n` }, noList);
    const { workbench } = session;
    await workbench.openFile("sums.js");
    await workbench.untilStatus(/ready/);
    await workbench.goToEnd();
    await workbench.press("Control+Alt+ArrowUp");
    await workbench.press("Control+Alt+ArrowUp");
    await workbench.type("for (let i = 0; i < items.len", 120);
    await workbench.until(async () => (await ghostText()).includes("gth"), "a suggestion for all cursors");
    await workbench.page.waitForTimeout(500);
    await session.screenshot("several cursors");
    await workbench.press("Tab");
    await workbench.save();
    const lines = (await session.read("sums.js")).trimEnd().split("\n").slice(-3);
    assert.equal(new Set(lines).size, 1, lines.join("\n"));
    assert.match(lines[0] ?? "", /^for \(let i = 0; i < items\.length/);
  });

  it("a cell of a notebook is completed with what was typed in the cell before it", async () => {
    const cell = (source: string) => ({ cell_type: "code", source, metadata: {}, outputs: [], execution_count: null });
    const notebook = {
      cells: [cell(""), cell("")],
      metadata: { language_info: { name: "python" } },
      nbformat: 4,
      nbformat_minor: 5,
    };
    session = await Session.open({ "n.ipynb": JSON.stringify(notebook) }, noList);
    const { workbench } = session;
    await workbench.openFile("n.ipynb");
    await workbench.untilStatus(/ready/);
    const editors = workbench.page.locator(
      ".notebookOverlay .cell-editor-container .view-lines, .notebookOverlay .monaco-editor .view-lines",
    );
    await editors.first().click();
    await workbench.type("bathymetry = measure_depths(soundings)\nbathymetry.smooth(soundings)\n", 30);
    await editors.nth(1).click();
    await workbench.type("print(bathy", 100);
    await workbench.until(async () => (await ghostText()).startsWith("metry"), "the name from the other cell");
    await session.screenshot("notebook");
  });

  it("a read-only file gets no suggestion, also if the user asks for one", async () => {
    session = await Session.open(
      { "sums.js": `${sums}for (let i = 0; i < items.len` },
      { ...noList, "files.readonlyInclude": { "**/sums.js": true } },
    );
    const { workbench } = session;
    await workbench.openFile("sums.js");
    await workbench.untilStatus(/ready/);
    await workbench.goToEnd();
    await workbench.runCommand("Trigger Inline Suggestion");
    await workbench.page.waitForTimeout(1000);
    assert.equal(await ghostText(), "");
  });
});
