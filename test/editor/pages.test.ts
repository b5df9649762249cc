import assert from "node:assert/strict";
import { errorsIn } from "./accessibility.ts";
import { windowsOfSuite } from "./support.ts";

const themes = ["Light Modern", "Dark Modern", "Default High Contrast", "Default High Contrast Light"];

/** The pages of Murmur's own, by the command that opens them, and a text that they show when they are ready. */
const pages = {
  "Murmur: Open Playground": "bits per character",
  "Murmur: Show Training": "Nothing is being trained",
};

describe("Murmur's pages", function () {
  this.timeout(120_000);
  const window = windowsOfSuite({ isShared: true });
  const files = { "notes.md": "# Notes\n" };

  for (const [command, text] of Object.entries(pages)) {
    it(`have no accessibility error in light, dark and high contrast (${command})`, async () => {
      const session = await window(files);
      const { workbench } = session;
      await workbench.untilStatus(/^Murmur: ready/);
      await workbench.runCommand(command);
      const frame = await workbench.untilFrame(text);
      for (const theme of themes) {
        await session.configure({ "workbench.colorTheme": theme });
        const shown = (): Promise<string | undefined> => frame.evaluate(() => document.body.dataset["vscodeThemeId"]);
        await workbench.until(async () => (await shown()) === theme, `the theme ${theme}`);
        await workbench.page.waitForTimeout(500);
        await session.screenshot(`${command.replace("Murmur: ", "")} (${theme})`);
        assert.deepEqual(await errorsIn(frame), [], theme);
      }
    });
  }

  it("come back when the window is reloaded, with what was typed there", async () => {
    const session = await window(files);
    const { workbench } = session;
    const { page } = workbench;
    await workbench.untilStatus(/^Murmur: ready/);
    await workbench.runCommand("Murmur: Show Training");
    await workbench.untilFrame("Nothing is being trained");
    await workbench.openFile("notes.md");
    await workbench.runCommand("Murmur: Explain Suggestion");
    await workbench.untilFrame("silent here");
    // The preview takes the focus when it is there.
    await page.waitForTimeout(1000);
    await workbench.runCommand("Murmur: Open Playground");
    const playground = await workbench.untilFrame("bits per character");
    await playground.getByLabel("What the model reads").fill("let kept = ");
    await playground.getByRole("slider", { name: "Temperature" }).fill("1.5");
    // The editor saves every five seconds which tabs are open, and what pages keep.
    await page.waitForTimeout(7000);

    await page.reload();
    await workbench.untilStatus(/^Murmur: ready/);
    const back = await workbench
      .untilFrame("bits per character")
      .finally(() => session.screenshot("the playground after a reload"));
    assert.equal(await back.getByLabel("What the model reads").inputValue(), "let kept = ");
    assert.equal(await back.getByRole("slider", { name: "Temperature" }).inputValue(), "1.5");
    await page.locator(".tab", { hasText: "Murmur: Training" }).click();
    await workbench.untilFrame("Nothing is being trained");
    await session.screenshot("the training view after a reload");
    await page.locator(".tab", { hasText: "Suggestion" }).click();
    // What it quoted of the files is not kept.
    await workbench.untilFrame("Run the command again");
  });
});
