import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Frame } from "playwright-core";
import { launchBrowser, viewport } from "../scripts/editor/browser.ts";
import { installEditor } from "../scripts/editor/install.ts";
import { type Editor, startEditor } from "../scripts/editor/server.ts";
import { Workbench } from "../scripts/editor/workbench.ts";
import { packageExtension } from "../scripts/package.ts";
import { sourceOf } from "./made-source.ts";
import { table } from "./markdown.ts";
import { progress, quantile, temporaryFolder } from "./support.ts";

/** Windows that are opened for the time of activation, each with an extension host of its own. */
const windows = 7;
const secondsOfFrames = 10;
/** Runs of training with the page, and as many without it. */
const runs = 3;
/** The size of the project. */
const files = 14;
const linesOfFile = 100;

/** What the extension costs a window of a real VS Code: the milliseconds that activation takes, the frames of the training view, and what that costs training. */
export async function benchPages(): Promise<void> {
  const installation = await installEditor();
  await using browser = await launchBrowser(installation);
  await using editor = await startEditor(installation, await packageExtension(`${process.platform}-${process.arch}`));
  const times: number[] = [];
  for (let i = 0; i < windows; i++) {
    progress(`activation ${i + 1} of ${windows}`);
    times.push(await inWindow(browser, editor, activationTime));
  }
  const [least, middle, most] = [0, 0.5, 1].map((share) => quantile(times, share).toFixed(0));
  console.log(`activation, code loaded and run: median ${middle} ms, ${least} to ${most} ms in ${windows} windows\n`);
  progress("frames of the training view");
  const rows = await inWindow(browser, editor, async (workbench) => {
    await workbench.runCommand("Murmur: Show Training");
    const frame = await workbench.untilFrame("Nothing is being trained");
    const before = await framesOf(frame);
    await frame.getByRole("button", { name: "Train on Workspace" }).click();
    await workbench.pick("Train for");
    await frame.getByText("Temperature 0.2").waitFor({ timeout: 120_000 });
    return [
      ["nothing is trained", ...before],
      ["a training runs", ...(await framesOf(frame))],
    ];
  });
  console.log(table(["training view", "frames a second", "p95 of a frame, ms", "longest, ms"], rows));
  const [closed, open]: [number[], number[]] = [[], []];
  for (let i = 0; i < runs; i++) {
    progress(`training with and without its page, ${i + 1} of ${runs}`);
    closed.push(await inWindow(browser, editor, (workbench) => trainingSpeed(workbench, editor, false)));
    open.push(await inWindow(browser, editor, (workbench) => trainingSpeed(workbench, editor, true)));
  }
  const [without, watched] = [closed, open].map((speeds) => quantile(speeds, 0.5)) as [number, number];
  console.log(`
training: ${without} characters a second, and ${watched} with its page open: ${(watched / without).toFixed(3)} of that`);
}

/** Trains for half a minute. @returns characters a second over the whole run, as the log has it */
async function trainingSpeed(workbench: Workbench, editor: Editor, isPageOpen: boolean): Promise<number> {
  if (isPageOpen) await workbench.runCommand("Murmur: Show Training");
  const before = await speedsInLogs(editor);
  await workbench.runCommand("Murmur: Train on Workspace");
  await workbench.pick("Train for");
  let speed: number | undefined;
  const hasEnded = async (): Promise<boolean> => {
    [speed] = [...(await speedsInLogs(editor))].flatMap(([path, found]) => (before.has(path) ? [] : [found]));
    return speed !== undefined;
  };
  await workbench.until(hasEnded, "the end of the run in the log", 180);
  return speed ?? 0;
}

/** Characters a second of the training run of each window, by the path of its log. */
async function speedsInLogs({ data }: Editor): Promise<Map<string, number>> {
  const speeds = new Map<string, number>();
  for (const name of await readdir(join(data, "data/data/logs"), { recursive: true })) {
    if (!name.endsWith("Murmur.log")) continue;
    const path = join(data, "data/data/logs", name);
    const [, speed] = /Trained \d+ steps at (\d+) characters a second/.exec(await readFile(path, "utf8")) ?? [];
    if (speed !== undefined) speeds.set(path, Number(speed));
  }
  return speeds;
}

/** Does something in a new window on a small project, once Murmur is ready there. */
async function inWindow<T>(browser: Browser, editor: Editor, run: (workbench: Workbench) => Promise<T>): Promise<T> {
  await using workspace = await temporaryFolder();
  for (let i = 0; i < files; i++)
    await writeFile(join(workspace.path, `part${i}.js`), sourceOf(linesOfFile, i * linesOfFile));
  await mkdir(join(workspace.path, ".vscode"));
  await writeFile(join(workspace.path, ".vscode/settings.json"), '{ "murmur.training.minutes": 0.5 }');
  await using context = await browser.newContext({ viewport });
  const workbench = await Workbench.open(await context.newPage(), editor.url(workspace.path));
  await workbench.untilStatus(/ready.*Knows/s);
  return await run(workbench);
}

/** What the editor itself says of the extension, in milliseconds. */
async function activationTime(workbench: Workbench): Promise<number> {
  await workbench.runCommand("Developer: Show Running Extensions");
  const row = workbench.page.locator(".runtime-extensions-editor .monaco-list-row", { hasText: "murmur" }).first();
  const shown = (await row.locator(".activation-time").textContent()) ?? "";
  const [, milliseconds] = /(\d+)\s*ms/.exec(shown) ?? [];
  if (milliseconds === undefined)
    throw new Error(`The editor shows no time of activation but ${JSON.stringify(shown)}.`);
  return Number(milliseconds);
}

/** Frames a second, and how long a frame took, in a page that is shown. */
async function framesOf(frame: Frame): Promise<string[]> {
  const times = await frame.evaluate(
    (seconds) =>
      new Promise<number[]>((resolve) => {
        const gaps: number[] = [];
        const start = performance.now();
        let last = start;
        const next = (now: number): void => {
          gaps.push(now - last);
          last = now;
          if (now - start < seconds * 1000) requestAnimationFrame(next);
          else resolve(gaps.slice(1));
        };
        requestAnimationFrame(next);
      }),
    secondsOfFrames,
  );
  const perSecond = times.length / (times.reduce((sum, time) => sum + time, 0) / 1000);
  return [perSecond, quantile(times, 0.95), quantile(times, 1)].map((value) => value.toFixed(1));
}
