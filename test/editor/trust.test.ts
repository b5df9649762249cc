import type { Editor } from "../../scripts/editor/server.ts";
import { desktop, startRestrictedEditor, windowsOfSuite } from "./support.ts";

describe("an untrusted workspace", function () {
  this.timeout(180_000);
  let editor: Editor;
  const open = windowsOfSuite();
  before(async function () {
    // It would have to be started anew, with other settings.
    if (desktop) this.skip();
    editor = await startRestrictedEditor();
  });
  after(() => editor?.[Symbol.asyncDispose]());

  it("is neither read nor trained on until it is trusted, and then is without a reload", async () => {
    const files = { "a.js": "export const zorble = 1;\n".repeat(9), "b.js": "let b;\n".repeat(9) };
    const session = await open(files, {}, { inEditor: editor });
    const { workbench } = session;
    await workbench.openFile("a.js");
    await workbench.untilStatus(/ready.*Default model.*Reads nothing in this workspace until it is trusted/s);
    await workbench.runCommand("Murmur: Train on Workspace");
    await workbench.until(
      async () => (await workbench.notifications()).some((text) => /not trusted/.test(text)),
      "the reason",
    );
    await session.screenshot("not trusted");
    await workbench.page.getByRole("button", { name: "Manage Trust" }).first().click();
    await workbench.page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).click();
    await workbench.untilStatus(/ready.*Knows \d files of the workspace/s);
    await session.screenshot("trusted");
  });
});
