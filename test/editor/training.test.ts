import assert from "node:assert/strict";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { inventedProject } from "../support/invented-project.ts";
import { endOfLog, type Session, windowsOfSuite } from "./support.ts";

const files = inventedProject(14);

describe("Train on Workspace", function () {
  this.timeout(240_000);
  const open = windowsOfSuite();
  let session: Session;

  const notification = (pattern: RegExp, seconds: number): Promise<string> => session.notification(pattern, seconds);

  /** Opens the workspace, and trains on it for ten minutes until the progress is shown. */
  const train = async (settings: Readonly<Record<string, unknown>> = {}): Promise<void> => {
    session = await open(files, { "murmur.training.minutes": 10, ...settings });
    const { workbench } = session;
    await workbench.openFile("part3.js");
    await workbench.untilStatus(/Default model/);
    await workbench.runCommand("Murmur: Train on Workspace");
    await session.startTraining();
  };

  it("is not offered a second time, but Stop Training is; Cancel can keep the result; the log records everything", async () => {
    await train();
    const { workbench } = session;
    const { page } = workbench;
    await page.locator('.statusbar-item[id*="murmur"] a').first().click();
    const entries = page.locator(".quick-input-list .monaco-list-row");
    await entries.filter({ hasText: "Stop Training" }).waitFor();
    assert.equal(await entries.filter({ hasText: "Train on Workspace" }).count(), 0);
    await page.keyboard.press("Escape");
    // The tooltip of the status bar would cover the notifications.
    await workbench.focusEditor();
    await page.keyboard.press("F1");
    await page.keyboard.type("Murmur: Stop Training");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "Murmur: Stop Training" }).first().waitFor();
    await page.keyboard.press("Escape");
    await page.waitForTimeout(6000);

    const training = page.locator(".notifications-toasts .notification-list-item", { hasText: "is training" });
    await training.getByRole("button", { name: "Cancel" }).first().click();
    await page.locator(".monaco-dialog-box").getByRole("button", { name: "Stop and Keep Best" }).click();
    const learned = page.locator(".notifications-toasts .notification-list-item", { hasText: "has learned" });
    await learned.waitFor({ timeout: 60_000 });
    assert.ok(await session.isWhole("has learned"));
    await session.screenshot("what was learned");
    await learned.getByRole("button", { name: "Details" }).click();
    const details = await workbench.untilFrame("Past runs");
    await details.getByRole("button", { name: "Show Log" }).click();
    await page.locator(".panel .view-lines", { hasText: "Training ended" }).first().waitFor({ timeout: 30_000 });
    const log = await endOfLog();
    for (const line of ["Training starts", "measuring on", "bits per character"]) assert.ok(log.includes(line), log);
  });

  it("can be stopped early by Stop Training, keeps what it learned; Undo takes that back, Restore Previous Model redoes it, and Reset Workspace Model forgets it", async () => {
    await train();
    const { workbench } = session;
    await workbench.page.waitForTimeout(8000);
    await workbench.runCommand("Murmur: Stop Training");
    await notification(/has learned your workspace/, 30);
    await workbench.untilStatus(/Model of this workspace/);

    const { page } = workbench;
    const models = page.locator(".quick-input-list .monaco-list-row");
    const learned = page.locator(".notifications-toasts .notification-list-item", { hasText: "has learned" });
    await learned.getByRole("button", { name: "Undo" }).click();
    await workbench.untilStatus(/ready.*Default model/s);
    await notification(/now uses the default model/, 10);
    await workbench.runCommand("Murmur: Restore Previous Model");
    await models.filter({ hasText: /^Trained / }).waitFor();
    await session.screenshot("previous models");
    await page.keyboard.press("Enter");
    await workbench.untilStatus(/Model of this workspace/);
    await workbench.runCommand("Murmur: Reset Workspace Model");
    await page.locator(".monaco-dialog-box").getByRole("button", { name: "Reset" }).click();
    await workbench.untilStatus(/ready.*Default model/s);
  });

  it("goes on by itself after the window was reloaded, if the setting says so", async () => {
    await train({ "murmur.training.resume": true });
    const { workbench } = session;
    // There is a checkpoint after five seconds.
    await workbench.untilStatus(/training, [1-9]\d* %/, 60);
    await workbench.page.waitForTimeout(1000);
    await workbench.page.reload();
    await workbench.untilStatus(/training, [1-9]\d* %/, 60);
    await session.screenshot("training that goes on");
    await workbench.runCommand("Murmur: Show Log");
    const log = workbench.page.locator(".panel .view-lines", { hasText: "Continuing the interrupted run at step" });
    await log.first().waitFor({ timeout: 30_000 });
  });

  it("is offered to go on after the window was reloaded, and pauses and resumes by command", async () => {
    await train();
    const { workbench } = session;
    // There is a checkpoint after five seconds.
    await workbench.untilStatus(/training, [1-9]\d* %/, 60);
    await workbench.page.waitForTimeout(1000);
    await workbench.page.reload();
    const question = workbench.page.locator(".notifications-toasts .notification-list-item", {
      hasText: "interrupted",
    });
    await question.waitFor({ timeout: 60_000 });
    await session.screenshot("training that was interrupted");
    await question.getByRole("button", { name: "Continue Training" }).click();
    await workbench.untilStatus(/training, [1-9]\d* %/, 60);
    await workbench.runCommand("Murmur: Pause Training");
    await workbench.untilStatus(/paused/, 10);
    await workbench.runCommand("Murmur: Resume Training");
    await workbench.untilStatus(/training, \d+ %.*Suggestions keep/s, 20);
  });

  it("runs by itself while nobody types, rests when somebody does, and goes on", async () => {
    const byItself = { "murmur.training.whenIdle": true, "murmur.training.idleMinutes": 0.1 };
    session = await open(files, { ...byItself, "murmur.training.minutes": 10 });
    const { workbench } = session;
    await workbench.openFile("part3.js");
    await workbench.untilStatus(/training, \d+ %/, 60);
    await workbench.goToEnd();
    await workbench.type("// zorble");
    await workbench.untilStatus(/paused/, 10);
    await session.screenshot("training rests");
    await workbench.untilStatus(/training, \d+ %/, 60);
  });

  it("is not needed for a model that was trained elsewhere: Install Model from File uses it", async () => {
    session = await open(files);
    const { workbench } = session;
    const model = join(session.folder, "elsewhere.onnx");
    await copyFile("models/default.onnx", model);
    await workbench.openFile("part3.js");
    await workbench.untilStatus(/Default model/);
    await workbench.runCommand("Murmur: Install Model from File");
    await workbench.chooseFile(model);
    await notification(/now uses .*elsewhere\.onnx/, 30);
    await workbench.untilStatus(/Model of this workspace/);
    await session.screenshot("a model from a file");
  });

  it("names an empty workspace", async () => {
    session = await open({ "empty.txt": "" });
    const { workbench } = session;
    await workbench.openFile("empty.txt");
    await workbench.untilStatus(/ready/);
    await workbench.runCommand("Murmur: Train on Workspace");
    await workbench.page.locator(".quick-input-list .monaco-list-row", { hasText: "Train for" }).first().click();
    await notification(/too little text|no text to learn from/, 30);
  });
});
