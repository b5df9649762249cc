import assert from "node:assert/strict";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inventedProject } from "../support/invented-project.ts";
import { noList, type Session, sums, typedSum, windowsOfSuite } from "./support.ts";

describe("models and explanations", function () {
  this.timeout(180_000);
  const open = windowsOfSuite();
  let session: Session;

  const rows = () => session.workbench.rows;
  const pick = (label: string | RegExp) => session.workbench.pick(label);
  const manage = () => session.workbench.runCommand("Murmur: Manage Models");
  const chooseFile = (path: string) => session.workbench.chooseFile(path);

  it("explains what is suggested, character by character, and why it is silent", async () => {
    session = await open({ "sums.js": sums }, { "[javascript]": { "murmur.enabled": true }, ...noList });
    const { workbench } = session;
    await workbench.openFile("sums.js");
    await workbench.untilStatus(/^Murmur: ready.*Knows \d files/s);
    await workbench.goToEnd();
    await workbench.type(`\n${typedSum}`);
    await workbench.untilGhostText("gth");
    await workbench.runCommand("Murmur: Explain Suggestion");
    const frame = await workbench.untilFrame("Why this suggestion?");
    await workbench.page.waitForTimeout(500);
    await session.screenshot("why this suggestion");
    const text = await frame.evaluate(() => document.body.innerText);
    assert.match(text, /Murmur suggests gth; i\+\+\) \{/);
    assert.match(text, /expected to save \d+\.\d keystrokes/);
    assert.match(text, /this document\t\d+\tfor \(let i/);
    const cells = await frame.evaluate(() => [...document.querySelectorAll("td")].map((cell) => cell.innerText));
    assert.equal(cells[0], "g");
    assert.match(cells[1] ?? "", /^\d+(\.\d)?\s%$/);

    await workbench.page.locator('.tab[data-resource-name$="sums.js"]').click();
    await workbench.focusEditor();
    await workbench.goToEnd();
    await workbench.press("Backspace");
    await workbench.runCommand("Murmur: Explain Suggestion");
    const silent = await workbench.untilFrame("Why is Murmur silent here?");
    await workbench.until(
      async () => (await silent.evaluate(() => document.body.innerText)).includes("The last edit deleted something"),
      "the reason",
    );
    await workbench.page.waitForTimeout(500);
    await session.screenshot("why it is silent");
  });

  it("lists the models; imports, uses, names, exports and deletes one; compares them", async () => {
    session = await open(inventedProject(14));
    const { workbench } = session;
    const { page } = workbench;
    const elsewhere = join(session.folder, "friend.onnx");
    await copyFile("models/default.onnx", elsewhere);
    await workbench.openFile("part3.js");
    await workbench.untilStatus(/Default model/);
    await manage();
    await rows().filter({ hasText: "Default model" }).filter({ hasText: "in use" }).waitFor();
    await pick("Import from File");
    await chooseFile(elsewhere);
    await rows().filter({ hasText: "friend" }).filter({ hasText: "from the file friend.onnx" }).waitFor();
    await page.waitForTimeout(300);
    await session.screenshot("models");
    await pick("friend");
    await pick("Rename");
    await page.waitForTimeout(300);
    await workbench.press("Control+A");
    await workbench.type("from Ada");
    await workbench.press("Enter");
    await pick("from Ada");
    await rows().filter({ hasText: "Delete" }).waitFor();
    await session.screenshot("what can be done with a model");
    await pick("Use");
    await workbench.untilStatus(/Model of this workspace/);

    await manage();
    await rows().filter({ hasText: "from Ada" }).filter({ hasText: "in use" }).waitFor();
    await pick("from Ada");
    await pick("Export");
    await chooseFile(join(session.folder, "out.onnx"));
    await workbench.until(
      async () => (await workbench.notifications()).some((text) => /written to .*out\.onnx/.test(text)),
      "the file to be written",
    );
    assert.deepEqual(await readFile(join(session.folder, "out.onnx")), await readFile(elsewhere));

    await manage();
    await pick("Compare on This Workspace");
    await page.locator(".quick-input-widget", { hasText: "Compare Models" }).first().waitFor();
    await page.waitForTimeout(500);
    await workbench.press("Enter");
    const frame = await workbench.untilFrame("Models compared on this workspace", 90);
    await page.waitForTimeout(500);
    await session.screenshot("models compared");
    const table = await frame.evaluate(() => [...document.querySelectorAll("td")].map((cell) => cell.innerText));
    assert.match(table[0] ?? "", /from Ada.*\(in use\)/);
    assert.match(table[1] ?? "", /^\d+\.\d %$/);

    await workbench.runCommand("Murmur: Restore Previous Model");
    await pick("Default model");
    await workbench.untilStatus(/Default model/);
    await manage();
    await pick("from Ada");
    await pick("Delete");
    await page.locator(".monaco-dialog-box").getByRole("button", { name: "Delete" }).click();
    await rows().filter({ hasText: "Default model" }).waitFor();
    assert.equal(await rows().filter({ hasText: "from Ada" }).count(), 0);
  });

  it("completes with the model that the repository has, as soon as it is there", async () => {
    session = await open({ "a.js": "let a;\n" }, { "murmur.model": "models/team.onnx" });
    const { workbench } = session;
    await workbench.openFile("a.js");
    await workbench.untilStatus(/ready.*Default model/s);
    await workbench.until(
      async () =>
        (await workbench.notifications()).some((text) =>
          /murmur\.model is "models\/team\.onnx".*no workspace/.test(text),
        ),
      "a warning",
    );
    await session.screenshot("a model that is missing");
    await copyFile("models/default.onnx", join(session.folder, "team.onnx"));
    await session.configure({ "murmur.model": "team.onnx" });
    await workbench.untilStatus(/ready.*Model of this repository \(team\.onnx\)/s);
    await manage();
    await rows().filter({ hasText: "Model of this repository (team.onnx)" }).filter({ hasText: "in use" }).waitFor();
    await session.screenshot("the model of a repository");
  });
});
