import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import { inventedProject } from "../support/invented-project.ts";
import { errorsIn } from "./accessibility.ts";
import { noList, type Session, serverProcesses, windowsOfSuite } from "./support.ts";

const files = inventedProject(14);

describe("Show Training", function () {
  this.timeout(240_000);
  const open = windowsOfSuite();
  let session: Session;

  const until = (frame: Frame, condition: string, seconds = 60): Promise<void> =>
    session.workbench.until(
      () => frame.evaluate(`Boolean(${condition})`) as Promise<boolean>,
      `${condition} in the page`,
      seconds,
    );

  /** Of the progress of a run. */
  const cancelButton = () =>
    session.workbench.page.locator(".notifications-toasts").getByRole("button", { name: "Cancel" }).first();

  const untilHeadline = (frame: Frame, name: RegExp, seconds = 60): Promise<void> =>
    frame.getByRole("heading", { level: 1, name }).waitFor({ timeout: 1000 * seconds });

  it("shows a run from its beginning to its end: curves, samples, speed, and what it brought; the new model answers without a reload", async () => {
    session = await open(files, {
      ...noList,
      "murmur.training.minutes": 0.5,
      "workbench.colorTheme": "Default Dark Modern",
    });
    const { workbench } = session;
    await workbench.openFile("part3.js");
    await workbench.untilStatus(/Default model/);
    await workbench.runCommand("Murmur: Show Training");
    const frame = await workbench.untilFrame("Nothing is being trained");
    await frame.getByRole("button", { name: "Train on Workspace" }).click();
    await session.startTraining();
    const toast = workbench.page.locator(".notifications-toasts .notification-toast", { hasText: "Suggestions keep" });
    await session.picture("training", toast.first());
    await workbench.untilStatus(/training, \d+ %/);

    await untilHeadline(frame, /^Training: \d+ %, about .* left$/);
    await frame.getByText(/characters a second/).waitFor();
    await frame.getByText("Temperature 0.2").waitFor();
    await until(frame, "document.querySelectorAll('.chart canvas').length === 2");
    await until(frame, "document.querySelectorAll('details tbody tr').length > 3");
    await session.screenshot("training view");
    await session.picture("training-view", workbench.page.locator(".part.editor"));

    const learned = await session.notification(/has learned your workspace/, 120);
    assert.match(learned, /On files that it had not seen, it (now types|predicts) \d+ %/);
    await untilHeadline(frame, /^Training has ended$/);
    await frame
      .getByText(/has learned your workspace/)
      .first()
      .waitFor();
    await frame.getByRole("cell", { name: "New model in use" }).waitFor();
    await session.screenshot("training view at the end");
    assert.deepEqual(await errorsIn(frame), []);
    await frame.getByRole("region", { name: "Past runs" }).scrollIntoViewIfNeeded();
    await session.screenshot("training view, what was written");

    // The page is opened anew, as one does another day.
    await workbench.page.keyboard.press("Control+F4");
    await workbench.runCommand("Murmur: Show Training");
    const again = await workbench.untilFrame("Past runs");
    await untilHeadline(again, /^Training has ended$/);
    // The workspace is read anew for it.
    await workbench.untilStatus(/Model of this workspace.*Knows \d+ files/s);
    await workbench.page.locator('.tab[data-resource-name$="part3.js"]').click();
    await workbench.focusEditor();
    await workbench.goToEnd();
    await workbench.type("\n  return fro");
    await workbench.untilGhostText("bnicate");
    await session.screenshot("ghost text after training");
    await workbench.page.reload();
    await workbench.untilStatus(/Model of this workspace/);
  });

  it("pauses, resumes and ends a run by keyboard, and follows the theme; Cancel asks whether to keep the best model", async () => {
    session = await open(files, {
      "murmur.training.minutes": 10,
      "workbench.colorTheme": "Default Light Modern",
    });
    const { workbench } = session;
    await workbench.openFile("part3.js");
    await workbench.untilStatus(/Default model/);
    await workbench.runCommand("Murmur: Train on Workspace");
    await session.startTraining();
    await workbench.untilStatus(/training, \d+ %.*Suggestions keep/s);
    const dialog = workbench.page.locator(".monaco-dialog-box");
    await cancelButton().click();
    await dialog.getByText("Training continues until you choose").waitFor();
    await session.screenshot("how to end training");
    await dialog.getByRole("button", { name: "Continue Training" }).click();
    await session.notification(/Suggestions keep working/, 60);
    await workbench.untilStatus(/training, \d+ %/);

    await workbench.runCommand("Murmur: Show Training");
    const frame = await workbench.untilFrame("What the network writes");
    await frame.getByText("Temperature 0.2").waitFor();
    await session.screenshot("training view, light");

    const button = (name: string) => frame.getByRole("button", { name });
    await button("Pause").focus();
    await workbench.press("Enter");
    await untilHeadline(frame, /^Paused at \d+ %$/);
    await workbench.untilStatus(/paused/);
    await until(frame, "document.activeElement.textContent === 'Resume'");
    await workbench.press("Enter");
    await untilHeadline(frame, /^Training: \d+ %/);

    const colour = (): Promise<string> => frame.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await colour();
    await session.configure({ "murmur.training.minutes": 10, "workbench.colorTheme": "Default High Contrast" });
    await workbench.until(async () => (await colour()) !== light, "another theme");
    await workbench.page.waitForTimeout(500);
    await session.screenshot("training view, high contrast");

    await button("Discard Run").click();
    await dialog.waitFor();
    await session.screenshot("discard a run");
    await dialog.getByRole("button", { name: "Discard Run" }).click();
    await untilHeadline(frame, /^Training has ended$/, 20);
    await frame.getByRole("cell", { name: "Discarded" }).waitFor();
    await workbench.untilStatus(/ready.*Default model/s);
  });

  it("goes on when the server is started again, and says what to do where Murmur is off; a run can be discarded", async () => {
    // The servers of windows that were closed a moment ago may still run.
    const others = await serverProcesses();
    const own = async (): Promise<number[]> => (await serverProcesses()).filter((pid) => !others.includes(pid));
    session = await open(files);
    const { workbench } = session;
    await workbench.openFile("part3.js");
    await workbench.untilStatus(/Default model/);
    await workbench.runCommand("Murmur: Show Training");
    const frame = await workbench.untilFrame("Nothing is being trained");
    await workbench.runCommand("Murmur: Toggle Completions");
    await untilHeadline(frame, /^Murmur is off$/);
    await workbench.until(async () => (await own()).length === 0, "no server");
    await frame.getByRole("button", { name: "Turn On" }).click();
    await untilHeadline(frame, /^Nothing is being trained$/);
    const [pid] = await own();
    assert.ok(pid);
    process.kill(pid, "SIGKILL");
    await workbench.until(async () => !(await own()).includes(pid), "the server's end");
    await workbench.untilStatus(/ready/);
    await frame.getByRole("button", { name: "Train on Workspace" }).click();
    await session.startTraining();
    await untilHeadline(frame, /^Training: \d+ %/);
    await frame.getByText("Temperature 0.2").waitFor();

    // Discarded in the notification, it ends at once.
    await cancelButton().click();
    await workbench.page.locator(".monaco-dialog-box").getByRole("button", { name: "Discard Run" }).click();
    await workbench.untilStatus(/ready.*Default model/s, 10);
    await session.notification(/cancelled. The model in use is unchanged/, 10);
  });
});
