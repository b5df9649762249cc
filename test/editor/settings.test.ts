import assert from "node:assert/strict";
import { type Session, serverProcesses, windowsOfSuite } from "./support.ts";

describe("settings in the editor", function () {
  this.timeout(120_000);
  const open = windowsOfSuite();
  let session: Session;

  it("of a wrong type are reported, and never more than one server runs", async () => {
    const before = new Set(await serverProcesses());
    const own = async (): Promise<number> => (await serverProcesses()).filter((pid) => !before.has(pid)).length;
    const wrong = {
      "murmur.enabled": "yes",
      "[python]": { "murmur.enabled": 0 },
      "murmur.maxCharacters": "many",
    };
    session = await open({ "a.js": "let a;\n" }, wrong);
    const { workbench } = session;
    await workbench.openFile("a.js");
    await workbench.untilStatus(/ready/);
    const named = async (pattern: RegExp): Promise<void> => {
      const shown = async () => (await workbench.notifications()).some((text) => pattern.test(text));
      await workbench.until(shown, `a notification like ${pattern}`);
    };
    await named(/^murmur\.enabled must be true or false \(it is "yes"\)\. Using true\./);
    await named(/\[python\] murmur\.enabled must be true or false \(it is 0\)\. Using true\./);
    await named(/maxCharacters must be a whole number from 2 to 400 \(it is "many"\)\. Using 80\./);
    await session.screenshot("settings of a wrong type");
    for (const name of ["[python]", "maxCharacters"]) assert.ok(await session.isWhole(name));
    const { page } = workbench;
    const warning = page.locator(".notifications-toasts .notification-list-item", { hasText: "maxCharacters" });
    await warning.getByRole("button", { name: "Open Settings" }).click();
    await page.locator(".settings-editor .setting-item-contents", { hasText: "Max Characters" }).first().waitFor();
    assert.equal(await own(), 1);
    for (const enabled of ["no", 1, "yes", null]) {
      await session.configure({ ...wrong, "murmur.enabled": enabled, "murmur.maxCharacters": 40 });
      await workbench.page.waitForTimeout(1500);
      assert.equal(await own(), 1, `enabled is ${enabled}`);
    }
    await session.configure({ "murmur.enabled": false });
    await workbench.untilStatus(/off.*No model is loaded/s);
    await workbench.until(async () => (await own()) === 0, "no server to run");
    await session.configure({ "murmur.enabled": true });
    await workbench.untilStatus(/ready/);
    assert.equal(await own(), 1);
  });

  it("that switch a language off prevent its files from being read, by the editor's names for them", async () => {
    const files = { "a.js": "let a = 1;\n", "B.PY": "b = 2\n", "c.zorble": "c = 3\n", LICENSE: "All of it.\n" };
    session = await open(files, { "[python]": { "murmur.enabled": false } });
    const { workbench } = session;
    await workbench.openFile("a.js");
    // The settings' own file is one.
    await workbench.untilStatus(/Knows 4 files of the workspace/);

    const only = { "murmur.enabled": false, "[javascript]": { "murmur.enabled": true } };
    await session.configure(only);
    await workbench.untilStatus(/Knows 1 file of the workspace/);

    await session.configure({ ...only, "files.associations": { "*.zorble": "javascript" } });
    await workbench.untilStatus(/Knows 2 files of the workspace/);
  });
});
