import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import type { Workbench } from "../../scripts/editor/workbench.ts";
import { Session } from "./support.ts";

describe("the extension's page", function () {
  this.timeout(120_000);

  it("shows its icon and what ghost text looks like, and has no broken picture and no broken link", async () => {
    await using session = await Session.open({ "notes.md": "# Notes\n" });
    const { workbench } = session;
    const { page } = workbench;
    await workbench.untilStatus(/ready/);
    await page.keyboard.press("Control+Shift+X");
    await page.locator(".extensions-viewlet .monaco-editor").first().click();
    await page.keyboard.type("@installed murmur");
    await page.locator(".extensions-list .monaco-list-row", { hasText: "Murmur" }).first().click();

    const icon = page.locator(".extension-editor img.icon");
    await icon.waitFor({ timeout: 20_000 });
    const isIconShown = (): Promise<boolean> =>
      icon.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth > 0 && /icon/.test(image.src));
    await workbench.until(isIconShown, "the extension's icon");

    const frame = await untilFrame(workbench, "What Murmur learns from").finally(() =>
      session.screenshot("extension page"),
    );
    const broken = await frame.evaluate(() =>
      [...document.images].filter((image) => image.naturalWidth === 0).map((image) => image.alt),
    );
    assert.deepEqual(broken, []);
    const addresses = await frame.evaluate(() =>
      [...document.querySelectorAll("main a, body a")].map((link) => link.getAttribute("href") ?? ""),
    );
    assert.deepEqual(
      addresses.filter((address) => !/^(https:|#)/.test(address)),
      [],
    );
    const example = await frame.evaluate(() => document.querySelector("pre em")?.textContent);
    assert.equal(example, "rt.items.length; i++) {");
  });
});

/** Waits for the frame that holds a text. */
async function untilFrame(workbench: Workbench, text: string): Promise<Frame> {
  let found: Frame | undefined;
  const isThere = async (): Promise<boolean> => {
    for (const frame of workbench.page.frames()) {
      const content = await frame.evaluate(() => document.body?.innerText ?? "").catch(() => "");
      if (content.includes(text)) found = frame;
    }
    return found !== undefined;
  };
  await workbench.until(isThere, `a frame with ${JSON.stringify(text)}`);
  assert.ok(found);
  return found;
}
