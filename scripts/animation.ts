import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { launchBrowser } from "./editor/browser.ts";
import { installEditor } from "./editor/install.ts";
import { record } from "./editor/record.ts";
import { startEditor } from "./editor/server.ts";
import { Workbench } from "./editor/workbench.ts";
import { packageExtension } from "./package.ts";

// npm run animation: records media/typing.png, what it looks like to type with Murmur: a real VS Code, a real keyboard, the samples.

const root = join(import.meta.dirname, "..");
/** What is typed until there is ghost text, which is accepted: as a person would go on in cart.js. */
const beginnings = ["export function emptyCart(cart) {", "for (let i = 0; i < car", "const item = ca"];

/** Only the text is shown. */
const settings = {
  "editor.minimap.enabled": false,
  "editor.stickyScroll.enabled": false,
  "editor.scrollbar.horizontal": "hidden",
  "editor.scrollbar.vertical": "hidden",
  "editor.overviewRulerLanes": 0,
  "editor.autoClosingBrackets": "never",
  "editor.occurrencesHighlight": "off",
  "editor.unicodeHighlight.ambiguousCharacters": false,
  "editor.quickSuggestions": false,
  "editor.suggestOnTriggerCharacters": false,
  "javascript.validate.enable": false,
};

const installation = await installEditor();
const vsix = await packageExtension(`${process.platform}-${process.arch}`);
const folder = await mkdtemp(join(tmpdir(), "murmur-animation-"));
try {
  await cp(join(root, "samples"), folder, { recursive: true });
  await mkdir(join(folder, ".vscode"), { recursive: true });
  await writeFile(join(folder, ".vscode/settings.json"), JSON.stringify(settings));
  await using editor = await startEditor(installation, vsix);
  await using browser = await launchBrowser(installation);
  const page = await browser.newPage({ viewport: { width: 900, height: 420 } });
  const workbench = await Workbench.open(page, editor.url(folder));
  await workbench.openFile("cart.js");
  await workbench.untilStatus(/ready/);
  await workbench.untilStatus(/Knows \d+ files/);
  await page.keyboard.press("Control+B");
  await workbench.goToEnd();
  await workbench.type("\n");
  const part = page.locator(".editor-instance .monaco-editor").first();
  const still = join(root, "media/ghost-text.png");
  const animation = await record(browser, part, async () => {
    for (const text of beginnings) {
      await workbench.type(text, 110);
      const ghost = await workbench.untilGhostText("", 3).catch(() => undefined);
      await setTimeout(900);
      if (ghost !== undefined) {
        await part.screenshot({ path: still, animations: "disabled" });
        await workbench.press("Tab");
      }
      await setTimeout(600);
      await workbench.type("\n");
    }
    await setTimeout(300);
  });
  const path = join(root, "media/typing.png");
  await writeFile(path, animation);
  process.stdout.write(`${path}: ${Math.round(animation.length / 1000)} KB\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
