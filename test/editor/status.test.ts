import assert from "node:assert/strict";
import { noList, type Session, sums, typedSum, windowsOfSuite } from "./support.ts";

/** What the tests change has a value in the workspace, so that the change does not reach other windows. */
const settings = {
  ...noList,
  "[javascript]": { "murmur.enabled": true },
  "murmur.exclude": [],
  "murmur.eagerness": "balanced",
};
/** Each test types in a file of its own. */
const names = ["saved", "menu", "language", "excluded", "hover", "eagerness", "entries"];
const files = Object.fromEntries(names.map((name) => [`${name}.js`, sums]));

describe("the status item", function () {
  this.timeout(120_000);
  const window = windowsOfSuite({ isShared: true });
  let session: Session;

  const open = async (file: string): Promise<Session["workbench"]> => {
    session = await window({ ...files, "notes.md": "# Notes\n" }, settings);
    const { workbench } = session;
    await workbench.openFile(file);
    await workbench.untilStatus(/^Murmur: ready.*Knows \d/s);
    await workbench.goToEnd();
    return workbench;
  };
  const item = () => session.workbench.page.locator('.statusbar-item[id*="murmur.status"] a').first();
  /** Chooses an entry of the list that is open, and waits until that has closed. */
  const pick = async (label: string): Promise<void> => {
    const { workbench } = session;
    await workbench.pick(label);
    await workbench.page.locator(".quick-input-list").filter({ hasText: label }).waitFor({ state: "hidden" });
    // Over the status item, the mouse would show its hover in front of a message.
    await workbench.page.mouse.move(640, 300);
  };
  /** Clicks the status item, and chooses an entry of its menu. */
  const choose = async (label: string): Promise<void> => {
    const { page } = session.workbench;
    await item().click();
    await page.locator(".quick-input-widget input").first().waitFor({ state: "visible" });
    // The list is longer than what is shown of it.
    await page.waitForTimeout(500);
    await page.keyboard.type(label);
    await pick(label);
  };
  const untilSilent = async (): Promise<void> => {
    const { workbench } = session;
    await workbench.type(` ${typedSum}`);
    await workbench.page.waitForTimeout(1000);
    assert.equal(await workbench.ghostText(), undefined);
  };

  it("counts what was saved, shows it as a page, and forgets it when told to", async () => {
    const workbench = await open("saved.js");
    await workbench.runCommand("Murmur: Reset Statistics");
    await workbench.page.locator(".monaco-dialog-box").getByRole("button", { name: "Reset" }).click();
    await workbench.focusEditor();
    await workbench.goToEnd();
    await workbench.type(`\n${typedSum}`);
    const ghost = await workbench.untilGhostText("gth");
    await workbench.press("Tab");
    await workbench.untilStatus(/Typed \d+ characters for you today, \d+ % of all/, 30);
    const [, saved = ""] = /Typed (\d+) characters/.exec(await workbench.status()) ?? [];
    // The bracket that the editor closed was there.
    assert.ok(ghost.length - Number(saved) <= 1, `${saved} of ${ghost}`);
    await choose("Show Statistics");
    const frame = await workbench.untilFrame("What Murmur saved you");
    await session.screenshot("what was saved");
    const cells = await frame.evaluate(() =>
      [...(document.querySelector("tbody tr")?.children ?? [])].map(({ textContent }) => textContent?.trim()),
    );
    // Others may have been shown before it and after it, as fast as the machine is.
    assert.match(cells.join(" | "), new RegExp(`^today \\| \\d+ \\| ${saved} \\(\\d+ %\\) \\| [1-9] \\| \\d$`));
  });

  it("opens a menu of what can be done now, and snoozes until it is told to end that, also over a reload", async () => {
    const workbench = await open("menu.js");
    await item().click();
    await workbench.rows.filter({ hasText: "Turn Off for JavaScript" }).waitFor();
    const labels = await workbench.rows.allTextContents();
    assert.ok(labels.some((label) => label.includes("Train on Workspace")));
    assert.ok(!labels.some((label) => label.includes("Stop Training")));
    await session.picture("menu", workbench.page.locator(".quick-input-widget"));
    await workbench.press("Escape");

    await choose("Snooze");
    await pick("15 minutes");
    await workbench.untilStatus(/^Murmur: snoozed until \d/);
    await workbench.focusEditor();
    await workbench.goToEnd();
    await untilSilent();
    await workbench.save();
    await workbench.page.reload();
    await workbench.untilStatus(/^Murmur: snoozed until \d/);
    await choose("End Snooze");
    await workbench.untilStatus(/^Murmur: ready/);
    await workbench.focusEditor();
    await workbench.goToEnd();
    await workbench.type(`\n${typedSum}`);
    await workbench.untilGhostText("gth");
  });

  it("leads from its menu to each page, list and setting", async () => {
    const workbench = await open("entries.js");
    const { page } = workbench;
    const back = async (): Promise<void> => {
      await page.locator('.tab[data-resource-name$="entries.js"]').click();
      await workbench.focusEditor();
    };
    const frames = { "Show Training": "Nothing is being trained", "Open Playground": "bits per character" };
    for (const [label, text] of Object.entries({ ...frames, "Explain Suggestion": "silent here" })) {
      await choose(label);
      await workbench.untilFrame(text);
      await back();
    }
    await choose("Set Temperature");
    const input = page.locator(".quick-input-widget input").first();
    await workbench.until(async () => (await input.inputValue()) === "0", "the temperature that is set");
    await workbench.press("Escape");
    for (const [label, entry] of [
      ["Train on Workspace", "Train for"],
      ["Manage Models", "Default model"],
    ] as const) {
      await choose(label);
      await workbench.rows.filter({ hasText: entry }).first().waitFor();
      await workbench.press("Escape");
      await workbench.rows.first().waitFor({ state: "hidden" });
    }
    await choose("Reset Workspace Model");
    await page.locator(".monaco-dialog-box").getByRole("button", { name: "Cancel" }).click();
    await choose("Settings");
    const editor = page.locator(".settings-editor", { hasText: "Murmur" });
    await editor.waitFor();
    await workbench.press("Escape");
    await editor.waitFor({ state: "hidden" });
    await choose("Help");
    await page.locator(".gettingStartedContainer", { hasText: "Get Started with Murmur" }).waitFor();
    await back();
    await choose("Show Log");
    await page.locator(".panel .view-lines", { hasText: "Completing with the default model" }).first().waitFor();
  });

  it("turns Murmur off and on for a language, and says so where it is off only", async () => {
    const workbench = await open("language.js");
    await choose("Turn Off for JavaScript");
    await workbench.untilStatus(/^Murmur: off for JavaScript/);
    await session.screenshot("off for a language");
    await workbench.focusEditor();
    await workbench.goToEnd();
    await untilSilent();
    await workbench.openFile("notes.md");
    await workbench.untilStatus(/^Murmur: ready/);
    await workbench.page.locator('.tab[data-resource-name$="language.js"]').click();
    await workbench.untilStatus(/^Murmur: off for JavaScript/);
    await choose("Turn On for JavaScript");
    await workbench.untilStatus(/^Murmur: ready/);
  });

  it("turns Murmur off for a file, shows the setting that does it, and turns it on again", async () => {
    const workbench = await open("excluded.js");
    await choose("Turn Off for This File");
    await workbench.untilStatus(/^Murmur: off for this file/);
    assert.match(await session.read(".vscode/settings.json"), /"murmur\.exclude": \[\s*"excluded\.js"\s*\]/);
    await workbench.page.locator(".notifications-toasts").getByRole("button", { name: "Open Setting" }).click();
    await workbench.page.locator(".settings-editor", { hasText: "Exclude" }).waitFor();
    await session.screenshot("the setting that excludes a file");
    await workbench.press("Escape");
    await workbench.page.locator(".settings-editor").waitFor({ state: "hidden" });
    await workbench.page.locator('.tab[data-resource-name$="excluded.js"]').click();
    await choose("Turn On for This File");
    await workbench.untilStatus(/^Murmur: ready/);
    assert.match(await session.read(".vscode/settings.json"), /"murmur\.exclude": \[\]/);
    await session.configure(settings);
  });

  it("shows what Murmur does, with what can be done about it, when the mouse is over it", async () => {
    const workbench = await open("hover.js");
    await workbench.untilStatus(/Knows \d files of the workspace/);
    await item().hover();
    const hover = workbench.page.locator(".monaco-hover", { hasText: "not trained on this workspace yet" }).first();
    await hover.waitFor();
    await workbench.page.waitForTimeout(300);
    await session.screenshot("hover of the status");
    for (const command of ["murmur.train", "murmur.snooze", "murmur.openSettings"])
      await hover.locator(`a[data-href="command:${command}"]`).waitFor();
    await hover.locator('a[data-href="command:murmur.snooze"]').click();
    await workbench.rows.filter({ hasText: "15 minutes" }).waitFor();
    await workbench.press("Escape");
  });

  it("preselects the eagerness that is set", async () => {
    const workbench = await open("eagerness.js");
    await choose("Set Eagerness");
    const focused = workbench.page.locator(".quick-input-list .monaco-list-row.focused");
    await focused.filter({ hasText: "balanced" }).waitFor();
    await workbench.press("ArrowDown");
    await workbench.press("Enter");
    await workbench.page.waitForTimeout(1000);
    await choose("Set Eagerness");
    await focused.filter({ hasText: "eager" }).waitFor();
  });
});
