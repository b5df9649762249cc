import assert from "node:assert/strict";
import { neighbourText } from "./neighbour.ts";
import { desktop, sums, typedSum, windowsOfSuite } from "./support.ts";

const noList = { "editor.quickSuggestions": false, "editor.suggestOnTriggerCharacters": false };
/** A line that is repeated so often that the next one is suggested with it. */
const line = "The quick brown fox jumps over the lazy dog.";

describe("ghost text", function () {
  this.timeout(120_000);
  const open = windowsOfSuite();

  it("is accepted by line, and what follows it stays", async () => {
    const session = await open({ "lines.txt": `${line}\n`.repeat(40) }, { ...noList, "murmur.eagerness": "eager" });
    const { workbench } = session;
    await workbench.openFile("lines.txt");
    await workbench.untilStatus(/ready/);
    await workbench.goToEnd();
    await workbench.type(line.slice(0, 12));
    await workbench.untilGhostText(line.slice(12));
    await workbench.press("Control+Alt+Enter");
    await workbench.until(async () => (await workbench.lines()).slice(-2).includes(line), "a line to be accepted");
    const next = await workbench.untilGhostText();
    assert.ok(line.startsWith(next) || next.startsWith(line), next);
    await session.screenshot("a line accepted");
  });

  it("leaves Tab to the list of suggestions while that is open", async () => {
    const session = await open({ "sums.js": sums });
    const { workbench } = session;
    await workbench.openFile("sums.js");
    await workbench.untilStatus(/ready/);
    await workbench.goToEnd();
    await workbench.type("const items = ['a']; items.for", 80);
    const chosen = workbench.page.locator(".suggest-widget.visible .monaco-list-row.focused", { hasText: "forEach" });
    await chosen.waitFor({ timeout: 60_000 });
    await workbench.press("Tab");
    const lastLine = async (): Promise<string | undefined> => (await workbench.lines()).at(-1);
    await workbench.until(
      async () => (await lastLine()) === "const items = ['a']; items.forEach",
      "the item to be accepted, and nothing else",
    );
  });

  it("shares the place with another extension's: both can be reached, and Tab accepts the one that is shown", async function () {
    if (desktop) this.skip();
    const session = await open({ "beside.js": sums }, noList);
    const { workbench } = session;
    await workbench.openFile("beside.js");
    await workbench.untilStatus(/ready/);
    await workbench.goToEnd();
    await workbench.type(typedSum);
    await workbench.untilGhostText();
    const next = async (wanted: string): Promise<void> => {
      for (let i = 0; i < 6 && !(await workbench.ghostText())?.startsWith(wanted); i++) {
        await workbench.press("Alt+]");
        await workbench.page.waitForTimeout(500);
      }
      assert.equal((await workbench.ghostText())?.startsWith(wanted), true, `${wanted} can be reached`);
    };
    await next("gth");
    await next(neighbourText);
    await session.screenshot("another extension's ghost text");
    await next("gth");
    await workbench.press("Tab");
    await workbench.until(
      async () => (await workbench.lines()).some((one) => one.startsWith(`${typedSum}gth`)),
      "what is shown to be accepted",
    );
    assert.ok(!(await workbench.lines()).some((one) => one.includes(neighbourText)));
  });
});
