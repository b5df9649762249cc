import { cp, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { launchBrowser, viewport } from "./editor/browser.ts";
import { installEditor } from "./editor/install.ts";
import { startEditor } from "./editor/server.ts";
import { Workbench } from "./editor/workbench.ts";
import { packageExtension } from "./package.ts";

// npm start [FOLDER]: a real VS Code in the browser with Murmur in it.
// npm start -- --check: the same unattended, as a test of the whole.

const root = join(import.meta.dirname, "..");

/** What --check types: a function in the style of the samples. */
const lines = [
  "export function emptyCart(cart) {",
  "  for (let i = 0; i < cart.items.length; i++) {",
  "    const item = cart.items[i];",
];

await new Command("npm start --")
  .argument("[folder]", "the folder to open", join(root, "samples"))
  .option("--check", "type a line in a headless browser, accept the ghost text, and exit 0 or 1", false)
  .option("--screenshot <file>", "where --check puts its picture", join(root, "dist/check.png"))
  .action(async (folder: string, options: { check: boolean; screenshot: string }) => {
    const isFolder = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) {
      process.stderr.write(`There is no folder ${folder}. Give one that exists: npm start FOLDER\n`);
      process.exitCode = 2;
    } else if (options.check) {
      process.exitCode = (await check(folder, options.screenshot)) ? 0 : 1;
    } else {
      await serve(resolve(folder));
    }
  })
  .parseAsync();

async function prepare(): Promise<{ installation: Awaited<ReturnType<typeof installEditor>>; vsix: string }> {
  const installation = await installEditor();
  process.stderr.write("Building and packaging Murmur …\n");
  return { installation, vsix: await packageExtension(`${process.platform}-${process.arch}`) };
}

async function serve(folder: string): Promise<void> {
  const { installation, vsix } = await prepare();
  await using editor = await startEditor(installation, vsix);
  process.stdout.write(`\nVS Code with Murmur on ${folder}:\n\n  ${editor.url(folder)}\n\n`);
  process.stdout.write(`In your own VS Code: code --install-extension ${vsix}\n\nPress Ctrl-C to stop.\n`);
  const interrupted = new Promise<void>((done) => {
    process.once("SIGINT", () => done());
    process.once("SIGTERM", () => done());
  });
  await Promise.race([interrupted, editor.ended]);
}

/** Types as a person does, looking up after each key, until there is ghost text. @returns the line so far, and the ghost text */
async function typeUntilGhostText(workbench: Workbench): Promise<{ typed: string; ghost: string }> {
  await workbench.type("\n");
  for (const line of lines) {
    let typed = "";
    for (const key of line) {
      await workbench.type(key);
      typed += key;
      const ghost =
        typed.trim().length > 3 ? await workbench.untilGhostText("", 0.7).catch(() => undefined) : undefined;
      if (ghost !== undefined) return { typed, ghost };
    }
    // Removes whatever the editor has closed or indented by itself.
    await workbench.press("End");
    await workbench.type("\n");
    await workbench.press("Shift+Home");
    await workbench.press("Delete");
  }
  throw new Error(`There was no ghost text while typing:\n${lines.join("\n")}`);
}

/** @returns whether ghost text was shown and accepted */
async function check(samples: string, screenshot: string): Promise<boolean> {
  const { installation, vsix } = await prepare();
  const folder = await mkdtemp(join(tmpdir(), "murmur-check-"));
  await cp(samples, folder, { recursive: true });
  try {
    await using editor = await startEditor(installation, vsix);
    await using browser = await launchBrowser(installation);
    const page = await browser.newPage({ viewport });
    const workbench = await Workbench.open(page, editor.url(folder));
    try {
      await workbench.openFile("cart.js");
      await workbench.untilStatus(/ready/);
      await workbench.goToEnd();
      const { typed, ghost } = await typeUntilGhostText(workbench);
      await page.screenshot({ path: screenshot });
      await workbench.press("Tab");
      const accepted = (typed + ghost).trimEnd();
      await workbench.until(
        async () => (await workbench.lines()).some((line) => line.trimEnd().startsWith(accepted)),
        `the line ${JSON.stringify(accepted)}`,
      );
      process.stdout.write(
        `Typed ${JSON.stringify(typed)}, was suggested ${JSON.stringify(ghost)}, accepted it with Tab. Picture: ${screenshot}\n`,
      );
      return true;
    } catch (error) {
      await page.screenshot({ path: screenshot });
      process.stderr.write(`${String(error)}\nPicture: ${screenshot}\n`);
      return false;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
