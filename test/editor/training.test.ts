import assert from "node:assert/strict";
import { Session } from "./support.ts";

/** An idiom that no model knows beforehand. */
const files = Object.fromEntries(
  Array.from({ length: 14 }, (_, i) => [
    `src/zone${i}.js`,
    Array.from(
      { length: 10 },
      (_, j) => `export function zorbleQuux${i}${j}(wibbles) {\n  return wibbles.frobnicate("zorble", ${j});\n}\n`,
    ).join("\n"),
  ]),
);

describe("Train on Workspace", function () {
  this.timeout(240_000);
  let session: Session;

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.screenshot(`failed ${this.currentTest.title}`);
    await session[Symbol.asyncDispose]();
  });

  const notification = async (pattern: RegExp, seconds: number): Promise<string> => {
    const { workbench } = session;
    let found: string | undefined;
    await workbench.until(
      async () => {
        found = (await workbench.notifications()).find((text) => pattern.test(text));
        return found !== undefined;
      },
      `a notification like ${pattern}`,
      seconds,
    );
    return found ?? "";
  };

  it("shows progress, runs to its end, says how much was learned, and the new model answers without a reload", async () => {
    session = await Session.open(files, {
      "murmur.training.minutes": 0.4,
      "editor.quickSuggestions": false,
      "editor.suggestOnTriggerCharacters": false,
    });
    const { workbench } = session;
    await workbench.openFile("zone3.js");
    await workbench.untilStatus(/default model/);
    await workbench.runCommand("Murmur: Train on Workspace");
    await notification(/\d+ %, \d+ characters\/s, \d\.\d\d bits per character held out, .* left/, 60);
    await session.screenshot("training");
    await workbench.untilStatus(/training, \d+ %/);
    const learned = await notification(/has learned your workspace/, 120);
    await workbench.page.waitForTimeout(500);
    await session.screenshot("trained");
    const [, before, after] = /(\d\.\d\d) → (\d\.\d\d) bits per character/.exec(learned) ?? [];
    assert.ok(Number(after) < Number(before), learned);
    await workbench.untilStatus(/model of this workspace/);
    await workbench.focusEditor();
    await workbench.goToEnd();
    await workbench.type("\n  return wibbles.fro");
    assert.match(await workbench.untilGhostText(), /^bnicate/);
    await session.screenshot("ghost text after training");
    await workbench.page.reload();
    await workbench.untilStatus(/model of this workspace/);
  });

  it("is cancelled long before its end, and the model in use stays", async () => {
    session = await Session.open(files, { "murmur.training.minutes": 10 });
    const { workbench } = session;
    await workbench.openFile("zone3.js");
    await workbench.untilStatus(/default model/);
    await workbench.runCommand("Murmur: Train on Workspace");
    await notification(/characters\/s/, 60);
    const cancel = workbench.page.locator(".notifications-toasts").getByRole("button", { name: "Cancel" });
    await cancel.first().click();
    await workbench.untilStatus(/ready.*default model/s, 10);
  });

  it("can be stopped early by Stop Training, and keeps what it learned", async () => {
    session = await Session.open(files, { "murmur.training.minutes": 10 });
    const { workbench } = session;
    await workbench.openFile("zone3.js");
    await workbench.untilStatus(/default model/);
    await workbench.runCommand("Murmur: Train on Workspace");
    await notification(/characters\/s/, 60);
    await workbench.page.waitForTimeout(8000);
    await workbench.runCommand("Murmur: Stop Training");
    await notification(/has learned your workspace/, 30);
    await workbench.untilStatus(/model of this workspace/);
  });

  it("names an empty workspace", async () => {
    session = await Session.open({ "empty.txt": "" });
    const { workbench } = session;
    await workbench.openFile("empty.txt");
    await workbench.untilStatus(/ready/);
    await workbench.runCommand("Murmur: Train on Workspace");
    await notification(/too little text|no text to learn from/, 30);
  });
});
