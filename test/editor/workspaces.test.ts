import assert from "node:assert/strict";
import { virtualFile } from "./neighbour.ts";
import { desktop, noList, type Session, windowsOfSuite } from "./support.ts";

/** Opens it in the explorer: the editor can't search for it. Its folder may be shut: it is only open if the window knew its files in time. */
async function openVirtualFile({ workbench }: Session): Promise<void> {
  const rows = workbench.page.locator(".explorer-folders-view .monaco-list-row");
  const file = rows.filter({ hasText: virtualFile.name });
  const folder = rows.filter({ hasText: /^\s*far\s*$/ });
  const isListed = async (): Promise<boolean> => {
    if ((await file.count()) === 0 && (await folder.count()) > 0) await folder.first().click();
    await workbench.page.waitForTimeout(2000);
    return (await file.count()) > 0;
  };
  await workbench.until(isListed, `${virtualFile.name} to be listed`, 30);
  await file.dblclick();
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

  it("without a folder completes what is typed; Train on Workspace offers to open one", async () => {
    const session = await open({}, {}, { place: null });
    const { workbench } = session;
    const { page } = workbench;
    await workbench.runCommand("File: New Untitled Text File");
    await workbench.untilStatus(/ready/);
    await workbench.focusEditor();
    await workbench.type("for (let i = 0; i < zorbles.length; i++) {}\n".repeat(3));
    // After a space the list of suggestions is shut.
    await workbench.type("for (let i = 0; ");
    await workbench.untilGhostText("i < zorbles");
    await workbench.runCommand("Murmur: Train on Workspace");
    await session.notification(/folder/, 30);
    await session.screenshot("no folder");
    await page.locator(".notifications-toasts").getByRole("button", { name: "Open Folder" }).click();
    await workbench.untilFileDialog();
  });

  it("of several folders is read, completed and trained on as far as it is on disk, except where Murmur is off", async () => {
    const files = {
      "taught/names.js": "export const zorbleQuuxFrobnicator = wibbleOf(27);\n".repeat(9),
      "used/table.csv": "1,2,3\n".repeat(9),
      "used/use.js": "let used;\n".repeat(9),
      "off/silent.js": "let silent;\n".repeat(9),
      "off/.vscode/settings.json": JSON.stringify({ "murmur.enabled": false }),
      "all.code-workspace": JSON.stringify({
        folders: [{ path: "taught" }, { path: "used" }, { path: "off" }, { uri: "memory:/", name: "far" }],
        settings: { ...noList, "murmur.training.exclude": ["**/*.csv"] },
      }),
    };
    const session = await open(files, {}, { place: "all.code-workspace" });
    const { workbench } = session;
    const { page } = workbench;
    const untilSilent = async (why: string): Promise<void> => {
      await workbench.goToEnd();
      await workbench.type("export const zorbleQ");
      await page.waitForTimeout(1000);
      assert.equal(await workbench.ghostText(), undefined, why);
    };
    await workbench.openFile("use.js");
    await workbench.untilStatus(/ready.*Knows 2 files of the workspace/s);
    await workbench.goToEnd();
    await workbench.type("export const zorbleQ");
    await workbench.untilGhostText("uux");
    await session.screenshot("several folders");

    await workbench.openFile("silent.js");
    await workbench.untilStatus(/off for JavaScript/);
    await untilSilent("in the folder where it is off");
    await openVirtualFile(session);
    await untilSilent("in a file that is on no disk");
    await session.screenshot("a file that is on no disk");

    await workbench.runCommand("Murmur: Train on Workspace");
    await workbench.rows.filter({ hasText: "Reads 2 files" }).waitFor();
    await session.screenshot("what several folders train on");
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
