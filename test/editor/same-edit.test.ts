import assert from "node:assert/strict";
import { noList, type Session, windowsOfSuite } from "./support.ts";

const calls = Array.from({ length: 8 }, (_, i) => `fetchInvoice(client, ${i});\n`).join("");
const settings = {
  ...noList,
  "murmur.eagerness": "quiet",
};

describe("Next Same Edit", function () {
  this.timeout(120_000);
  const open = windowsOfSuite();
  let session: Session;

  const goTo = async (place: string): Promise<void> => {
    const { page } = session.workbench;
    await page.keyboard.press("Control+G");
    await page.waitForSelector(".quick-input-widget input", { state: "visible" });
    await page.keyboard.type(place);
    await page.keyboard.press("Enter");
    await page.waitForTimeout(200);
  };

  it("says where the change that was made is due, makes it there with Tab, and refuses it with Escape", async () => {
    session = await open({ "calls.js": calls }, settings);
    const { workbench } = session;
    const { page } = workbench;
    await workbench.openFile("calls.js");
    await workbench.untilStatus(/ready/);
    for (const line of [1, 2]) {
      await goTo(`${line}:22`);
      await workbench.type("retries, ");
    }
    await goTo("3:1");
    const item = page.locator('.statusbar-item[id*="murmur.sameEdits"] a').first();
    await item.filter({ hasText: "6 same edits" }).waitFor();
    await workbench.press("Control+Alt+.");
    await page.waitForTimeout(500);
    await session.screenshot("the same edit, to be made");
    await workbench.press("Tab");
    await workbench.until(
      async () => (await workbench.lines())[2] === "fetchInvoice(client, retries, 2);",
      "the same edit at the cursor",
    );
    await page.waitForTimeout(700);
    await workbench.press("Tab");
    await page.waitForTimeout(700);
    await workbench.press("Escape");
    await page.waitForTimeout(1200);
    assert.equal(await item.isVisible(), false, "a change that was refused is not due anywhere");
    await workbench.save();
    const changed = (await session.read("calls.js")).split("\n").map((line) => line.includes("retries"));
    assert.deepEqual(changed.slice(0, 8), [true, true, true, true, false, false, false, false]);
  });
});
