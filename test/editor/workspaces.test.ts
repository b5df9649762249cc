import assert from "node:assert/strict";
import { virtualFile } from "./neighbour.ts";
import { desktop, type Session, windowsOfSuite } from "./support.ts";

const noList = { "editor.quickSuggestions": false, "editor.suggestOnTriggerCharacters": false };
/** Lines that only one folder has. */
const taught = "export const zorbleQuuxFrobnicator = wibbleOf(27);\n".repeat(9);

/** The file of a workspace. */
const workspaceOf = (...folders: readonly object[]): string => JSON.stringify({ folders, settings: noList });

/** Opens it in the explorer: the editor can't search for it. */
async function openVirtualFile({ workbench }: Session): Promise<void> {
  await workbench.page.locator(".explorer-folders-view .monaco-list-row", { hasText: virtualFile.name }).dblclick();
  await workbench.page.waitForSelector(`.tab.active[data-resource-name="${virtualFile.name}"]`);
  await workbench.focusEditor();
}

describe("a workspace that is not one folder", function () {
  this.timeout(120_000);
  const open = windowsOfSuite();
  before(function () {
    // A window of the desktop has one folder.
    if (desktop) this.skip();
  });

  it("of several folders is read, completed and trained on as a whole, except a folder in which Murmur is off", async () => {
    const files = {
      "taught/names.js": taught,
      "used/use.js": "let used;\n".repeat(9),
      "off/silent.js": "let silent;\n".repeat(9),
      "off/.vscode/settings.json": JSON.stringify({ "murmur.enabled": false }),
      "all.code-workspace": workspaceOf({ path: "taught" }, { path: "used" }, { path: "off" }),
    };
    const session = await open(files, {}, { place: "all.code-workspace" });
    const { workbench } = session;
    const { page } = workbench;
    await workbench.openFile("use.js");
    await workbench.untilStatus(/ready.*Knows 2 files of the workspace/s);
    await workbench.goToEnd();
    await workbench.type("export const zorbleQu");
    await workbench.untilGhostText("ux");
    await session.screenshot("several folders");
    await workbench.press("Tab");

    await workbench.openFile("silent.js");
    await workbench.untilStatus(/off for JavaScript/);
    await workbench.goToEnd();
    await workbench.type("export const zorbleQu");
    await page.waitForTimeout(1000);
    assert.equal(await workbench.ghostText(), undefined, "in the folder where it is off");

    await workbench.runCommand("Murmur: Train on Workspace");
    const rows = page.locator(".quick-input-list .monaco-list-row");
    await rows.filter({ hasText: "Train for" }).first().waitFor();
    await session.screenshot("what several folders train on");
    await workbench.press("Escape");
  });

  it("of a folder on disk and one that is not is read as far as it is on disk", async () => {
    const files = { "here/names.js": taught, "all.code-workspace": workspaceOf({ path: "here" }, { uri: "memory:/" }) };
    const session = await open(files, {}, { place: "all.code-workspace" });
    const { workbench } = session;
    await workbench.openFile("names.js");
    await workbench.untilStatus(/ready.*Knows 1 file of the workspace/s);
    await openVirtualFile(session);
    await workbench.goToEnd();
    await workbench.type("export const f");
    await workbench.page.waitForTimeout(1000);
    await session.screenshot("a file that is on no disk");
    assert.equal(await workbench.ghostText(), undefined);
  });

  it("of a folder that is on no disk has Murmur off, and its page says why", async () => {
    const session = await open({}, {}, { place: "memory:/" });
    const { workbench } = session;
    const { page } = workbench;
    await openVirtualFile(session);
    await page.keyboard.press("Control+Shift+X");
    await page.locator(".extensions-viewlet .monaco-editor").first().click();
    await page.keyboard.type("@installed murmur");
    await page.locator(".extensions-list .monaco-list-row", { hasText: "Murmur" }).first().click();
    await page
      .locator(".extension-editor")
      .getByText(/off; clone the repository to use it/)
      .first()
      .waitFor()
      .finally(() => session.screenshot("virtual workspace"));
    assert.equal(await workbench.status(), "");
  });
});
