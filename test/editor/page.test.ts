import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { windowsOfSuite } from "./support.ts";

/** The commands that package.json declares, as the Command Palette shows them. */
async function commandsInPalette(): Promise<string[]> {
  const read = async (name: string) => JSON.parse(await readFile(join(import.meta.dirname, "../..", name), "utf8"));
  const { contributes } = await read("package.json");
  const texts: Readonly<Record<string, string>> = await read("package.nls.json");
  const hidden: readonly { readonly command: string }[] = contributes.menus.commandPalette;
  const declared: readonly { readonly command: string; readonly title: string; readonly category: string }[] =
    contributes.commands;
  return declared.flatMap(({ command, title, category }) =>
    hidden.some((one) => one.command === command) ? [] : [`${category}: ${texts[title.replaceAll("%", "")]}`],
  );
}

describe("what shows the extension", function () {
  this.timeout(120_000);
  const window = windowsOfSuite({ isShared: true });
  const files = { "notes.md": "# Notes\n" };

  it("is a tour with a picture or a page at each step", async () => {
    const session = await window(files);
    const { workbench } = session;
    const { page } = workbench;
    await workbench.untilStatus(/ready/);
    await workbench.runCommand("Murmur: Help");
    const steps = page.locator(".gettingStartedContainer .getting-started-step");
    await steps.first().waitFor();
    assert.equal(await steps.count(), 5);
    for (let i = 0; i < 5; i++) {
      await steps.nth(i).click();
      await page.waitForTimeout(700);
      await session.screenshot(`tour ${i + 1}`);
    }
  });

  it("is a page with its icon and what ghost text looks like, without a broken picture or a broken link", async () => {
    const session = await window(files);
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

    const frame = await workbench
      .untilFrame("What Murmur learns from")
      .finally(() => session.screenshot("extension page"));
    const example = await frame.evaluate(() => document.querySelector("pre em")?.textContent);
    assert.equal(example, "rt.items.length; i++) {");
    const cells = await frame.evaluate(() => [...document.querySelectorAll("td")].map((cell) => cell.textContent));
    assert.deepEqual(
      cells.filter((_, i) => i % 2 === 0).sort(),
      (await commandsInPalette()).sort(),
      "the commands, each with a sentence",
    );
    assert.ok(cells.every((cell) => cell !== ""));
    assert.deepEqual(await brokenIn(frame), []);

    await page.locator(".extension-editor .navbar .action-label", { hasText: /changelog/i }).click();
    const changelog = await workbench.untilFrame("All notable changes");
    const links = await changelog.evaluate(() =>
      [...document.querySelectorAll("body a")].map((link) => link.textContent),
    );
    assert.ok(links.includes("Keep a Changelog"), `links: ${links}`);
    assert.deepEqual(await brokenIn(changelog), []);
  });
});

/** The pictures of a page that are broken, and the links that lead nowhere: the editor removes an address that it can't resolve. */
function brokenIn(frame: Frame): Promise<string[]> {
  return frame.evaluate(() => [
    ...[...document.images].filter((image) => image.naturalWidth === 0).map((image) => image.alt),
    ...[...document.querySelectorAll("body a")]
      .filter((link) => !/^(https:|#)/.test(link.getAttribute("href") ?? ""))
      .map((link) => link.textContent ?? ""),
  ]);
}
