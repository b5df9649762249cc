import assert from "node:assert/strict";
import { neighbourText } from "./neighbour.ts";
import { desktop, sums, typedSum, windowsOfSuite } from "./support.ts";

const noList = { "editor.quickSuggestions": false, "editor.suggestOnTriggerCharacters": false };
/** Lines that are all the same, so that several are suggested at once. */
const line = "export const zorbleQuuxFrobnicator = wibbleOf(27);";
const lines = `${line}\n`.repeat(9);

describe("ghost text beside what else the editor shows", function () {
  this.timeout(120_000);
  const open = windowsOfSuite({ isShared: true });
  const files = { "sums.js": sums, "beside.js": sums, "lines.js": lines };

  it("is accepted by line, and then as a whole", async () => {
    const session = await open(files, noList);
    const { workbench } = session;
    await workbench.openFile("lines.js");
    await workbench.untilStatus(/ready/);
    await workbench.goToEnd();
    await workbench.type(line.slice(0, 20));
    const ghost = await workbench.untilGhostText(line.slice(20));
    await session.screenshot("several lines");
    assert.ok(ghost.length > line.length - 20, `${ghost} goes on in the next line`);
    await workbench.press("Control+Alt+Enter");
    await workbench.until(async () => (await workbench.lines()).filter((one) => one === line).length === 10, "a line");
    console.log(JSON.stringify(await workbench.lines()), await workbench.ghostText());
    await workbench.untilGhostText("");
    console.log(JSON.stringify(await workbench.lines()), await workbench.ghostText());
  });

  it("goes with the list of suggestions: Tab accepts the item that is chosen there, and then ghost text again", async () => {
    const session = await open(files, {});
    const { workbench } = session;
    await workbench.openFile("sums.js");
    await workbench.untilStatus(/ready/);
    await workbench.goToEnd();
    await workbench.type("const items = ['a']; items.for", 80);
    const chosen = workbench.page.locator(".suggest-widget.visible .monaco-list-row.focused", { hasText: "forEach" });
    await chosen.waitFor({ timeout: 60_000 });
    await workbench.page.waitForTimeout(1000);
    await session.screenshot("ghost text and list");
    console.log(await workbench.ghostText());
    await workbench.press("Tab");
    await workbench.page.waitForTimeout(500);
    console.log((await workbench.lines()).at(-1));
  });

  it("shares the place with another extension's: both can be reached, and Tab accepts the one that is shown", async function () {
    if (desktop) this.skip();
    const session = await open(files, noList);
    const { workbench } = session;
    await workbench.openFile("beside.js");
    await workbench.untilStatus(/ready/);
    await workbench.goToEnd();
    await workbench.type(typedSum);
    const shown = await workbench.untilGhostText("");
    await session.screenshot("two providers");
    const seen = [shown];
    for (let i = 0; i < 4; i++) {
      await workbench.press("Alt+]");
      await workbench.page.waitForTimeout(700);
      seen.push((await workbench.ghostText()) ?? "-");
    }
    console.log(seen, neighbourText);
    assert.ok(seen);
  });
});
