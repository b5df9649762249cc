import assert from "node:assert/strict";
import { noList, type Session, sums, typedSum, windowsOfSuite } from "./support.ts";

/** What the tests change has a value in the workspace, so that the change does not reach other windows. */
const settings = { ...noList, "murmur.temperature": 0, "murmur.eagerness": "balanced" };
/** Each test types in a file of its own. */
const names = ["appears", "dismissed", "language", "switched", "chosen", "limited", "varied"];
const files = {
  ...Object.fromEntries(names.map((name) => [`${name}.js`, sums])),
  "notes.md": `# Notes\n\n${"The zorble quuxes of frobnication are wibbled.\n".repeat(8)}`,
};

describe("in the editor", function () {
  this.timeout(120_000);
  const window = windowsOfSuite({ isShared: true });
  let session: Session;

  const open = async (file: string): Promise<Session["workbench"]> => {
    session = await window(files, settings);
    const { workbench } = session;
    await workbench.openFile(file);
    await workbench.untilStatus(/ready.*Knows \d/s);
    await workbench.goToEnd();
    return workbench;
  };

  /** Ghost text goes, and a while later it has not come back. */
  const untilNoGhostText = async (when: string): Promise<void> => {
    const { workbench } = session;
    await workbench.until(async () => (await workbench.ghostText()) === undefined, `no ghost text ${when}`);
    await workbench.page.waitForTimeout(800);
    assert.equal(await workbench.ghostText(), undefined, when);
  };

  it("ghost text appears while the user types and stays while the user types through it; Tab accepts it, and Ctrl+Right accepts a word", async () => {
    const workbench = await open("appears.js");
    await workbench.type(typedSum);
    const ghost = await workbench.untilGhostText("gth");
    await session.screenshot("ghost text");
    await workbench.type("g");
    await workbench.until(async () => (await workbench.ghostText()) === ghost.slice(1), "the rest of the ghost text");
    // The bracket that the editor closed by itself stands amid the ghost text.
    const shown =
      (await workbench.lines({ withGhostText: true })).find((line) => line.startsWith(`${typedSum}g`)) ?? "";
    assert.equal(
      shown.replace(")", "").startsWith((typedSum + ghost).replace(")", "")),
      true,
      `${shown} shows ${ghost}`,
    );
    await workbench.press("Tab");
    await workbench.until(async () => (await workbench.lines()).includes(shown), "the accepted text");
    await workbench.save();
    assert.ok((await session.read("appears.js")).split("\n").includes(shown));

    await workbench.press("End");
    await workbench.type("\nfor (let i");
    const words = await workbench.untilGhostText(" = 0");
    await workbench.press("Control+ArrowRight");
    await workbench.until(async () => (await workbench.ghostText()) !== words, "a word to be accepted");
    const left = await workbench.untilGhostText();
    assert.ok(left.length < words.length && words.endsWith(left), `${words} → ${left}`);
    const accepted = `for (let i${words.slice(0, -left.length)}`;
    assert.ok((await workbench.lines()).some((line) => line.startsWith(accepted)));
  });

  it("nothing appears while the user deletes, or after Escape, until the user requests it or starts another line", async () => {
    const workbench = await open("dismissed.js");
    await workbench.type(typedSum);
    await workbench.untilGhostText();
    await workbench.press("Backspace");
    await untilNoGhostText("while one deletes");
    await workbench.type(typedSum.slice(-1));
    const ghost = await workbench.untilGhostText("gth");

    await workbench.press("Escape");
    await untilNoGhostText("after Escape");
    await workbench.save();
    assert.equal((await session.read("dismissed.js")).trimEnd().split("\n").at(-1)?.startsWith(typedSum), true);
    await workbench.type(ghost.slice(0, 2), 200);
    await untilNoGhostText("while one types along what was dismissed");
    await workbench.runCommand("Trigger Inline Suggestion");
    await workbench.untilGhostText("h");

    await workbench.press("Escape");
    await untilNoGhostText("after Escape");
    // Half a word in the line above would be what is suggested in this one.
    await workbench.type(`h\n${typedSum}`);
    await workbench.untilGhostText("gth");
  });

  it("completions are on in a language that is switched on, and off in the others", async () => {
    const workbench = await open("language.js");
    await session.configure({ ...settings, "murmur.enabled": false, "[javascript]": { "murmur.enabled": true } });
    await workbench.openFile("notes.md");
    await workbench.untilStatus(/off for Markdown/);
    await workbench.goToEnd();
    await workbench.type(typedSum);
    await untilNoGhostText("in a language that is off");
    await workbench.openFile("language.js");
    await workbench.untilStatus(/ready/);
    await workbench.type(typedSum);
    await workbench.untilGhostText();
  });

  it("off means off: no model is loaded; Toggle Completions brings it back", async () => {
    const workbench = await open("switched.js");
    await session.configure({ ...settings, "murmur.enabled": false });
    await workbench.untilStatus(/off.*No model is loaded/s);
    await session.screenshot("off");
    await workbench.runCommand("Murmur: Toggle Completions");
    await workbench.untilStatus(/ready/);
    await workbench.focusEditor();
    await workbench.goToEnd();
    await workbench.type(typedSum);
    await workbench.untilGhostText();
  });

  it("Set Temperature refuses values out of range and writes valid ones; Set Eagerness offers its levels", async () => {
    const workbench = await open("chosen.js");
    await workbench.runCommand("Murmur: Set Temperature");
    const box = workbench.page.locator(".quick-input-widget input").first();
    await box.fill("3");
    await workbench.page.getByText("A number from 0 to 2.").first().waitFor();
    await box.fill("1.2");
    await workbench.press("Enter");
    await workbench.until(
      async () => /"murmur\.temperature": 1\.2/.test(await session.read(".vscode/settings.json")),
      "the setting",
    );
    await workbench.runCommand("Murmur: Set Eagerness");
    await workbench.page.locator(".quick-input-list .monaco-list-row", { hasText: "more and longer" }).click();
    await workbench.until(
      async () => /"murmur\.eagerness": "eager"/.test(await session.read(".vscode/settings.json")),
      "the setting",
    );
  });

  it("ghost text is as late, and as silent in comments, strings and prose, as the settings say; Open Settings shows them", async () => {
    const workbench = await open("limited.js");
    await session.configure({
      ...settings,
      "murmur.delay": 1200,
      "murmur.scopes.comments": "off",
      "murmur.scopes.strings": "off",
      "murmur.scopes.prose": "off",
    });
    await workbench.page.waitForTimeout(3000);
    await workbench.type(typedSum, 20);
    await workbench.page.waitForTimeout(500);
    assert.equal(await workbench.ghostText(), undefined, "before the delay has passed");
    await workbench.untilGhostText("gth");
    await workbench.press("Tab");
    await workbench.press("End");
    const untilSilent = async (typed: string, where: string): Promise<void> => {
      await workbench.type(typed, 20);
      await workbench.page.waitForTimeout(2500);
      assert.equal(await workbench.ghostText(), undefined, where);
    };
    await untilSilent(`\n// ${typedSum}`, "in a comment");
    await untilSilent(`\nlet text = "${typedSum}`, "in a string");
    await workbench.openFile("notes.md");
    await workbench.goToEnd();
    await untilSilent("The zorble quuxes of fro", "in prose");
    await session.configure({ ...settings, "murmur.scopes.comments": "off", "murmur.scopes.strings": "off" });
    await workbench.page.waitForTimeout(3000);
    await workbench.type("\nThe zorble q", 20);
    await workbench.untilGhostText("uuxes");

    await workbench.runCommand("Murmur: Open Settings");
    const shown = workbench.page.locator(".settings-editor .setting-item-label");
    await shown.first().waitFor();
    assert.equal(await shown.first().textContent(), "Enabled");
    await workbench.press("Escape");
    await workbench.page.locator(".settings-editor").waitFor({ state: "hidden" });
    // Where nothing is silenced, the same would be completed.
    await session.configure({ ...settings, "murmur.eagerness": "eager" });
    await workbench.page.waitForTimeout(3000);
    await workbench.openFile("limited.js");
    await workbench.goToEnd();
    for (const where of ["// ", 'let text = "']) {
      await workbench.type(`\n${where}for (let i = 0; i < it`, 20);
      await workbench.untilGhostText("ems");
    }
    await session.configure(settings);
  });

  it("Show Log shows which model is in use", async () => {
    const workbench = await open("chosen.js");
    await workbench.runCommand("Murmur: Show Log");
    await workbench.page
      .locator(".panel .view-lines", { hasText: "Completing with the default model" })
      .first()
      .waitFor({ timeout: 30_000 });
    await workbench.runCommand("View: Hide Panel");
  });

  it("a temperature in settings.json takes effect without a reload", async () => {
    const workbench = await open("varied.js");
    await session.configure(settings);
    await workbench.page.waitForTimeout(2000);
    const suggestions = async (): Promise<Set<string>> => {
      const seen = new Set<string>();
      for (let i = 0; i < 3; i++) {
        await workbench.type(`\n${typedSum.slice(0, -i || undefined)}`, 40);
        await workbench.page.waitForTimeout(400);
        seen.add(typedSum.slice(0, -i || undefined) + ((await workbench.ghostText()) ?? ""));
        await workbench.press("Escape");
      }
      return seen;
    };
    const greedy = await suggestions();
    await session.configure({ ...settings, "murmur.temperature": 2 });
    await workbench.page.waitForTimeout(2000);
    const hot = await suggestions();
    assert.notDeepEqual([...hot].sort(), [...greedy].sort());
  });
});
