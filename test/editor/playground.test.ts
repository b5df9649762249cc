import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { tinyModelFile } from "../support/models.ts";
import { errorsIn } from "./accessibility.ts";
import { type Session, windowsOfSuite } from "./support.ts";

describe("the playground", function () {
  this.timeout(120_000);
  const window = windowsOfSuite({ isShared: true });
  let session: Session;

  /** Opens the page anew, as wide as the window. */
  const open = async (theme: string): Promise<Frame> => {
    session = await window({ "notes.md": "# Notes\n" });
    const { workbench } = session;
    const { page } = workbench;
    await workbench.untilStatus(/^Murmur: ready/);
    await session.configure({ "workbench.colorTheme": theme });
    if (await page.locator(".part.sidebar").isVisible()) await page.keyboard.press("Control+B");
    await workbench.runCommand("View: Close All Editors");
    await workbench.runCommand("Murmur: Open Playground");
    const frame = await workbench.untilFrame("bits per character");
    await frame.locator(".next tbody tr").first().waitFor();
    const shown = (): Promise<string | undefined> => frame.evaluate(() => document.body.dataset["vscodeThemeId"]);
    await workbench.until(async () => (await shown()) === theme, `the theme ${theme}`);
    return frame;
  };
  const until = (condition: () => Promise<boolean>, what: string): Promise<void> =>
    session.workbench.until(condition, what);
  const promptOf = (frame: Frame): Promise<string> => frame.getByLabel("What the model reads").inputValue();

  it("reads the prompt, appends the character of a bar, and writes greedily into a cycle", async () => {
    const frame = await open("Dark Modern");
    const { page } = session.workbench;
    assert.match((await frame.locator(".description").textContent()) ?? "", /^LSTM, 2 layers of 512 units/);
    const strip = frame.getByRole("listbox", { name: /as it was read/ });
    await strip.focus();
    await page.keyboard.press("End");
    assert.match((await frame.locator(".detail").textContent()) ?? "", /space had a probability of \d+ %/);
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    assert.match((await frame.locator(".detail").textContent()) ?? "", /“\/” had a probability/);
    await frame
      .getByRole("button", { name: /^Layer \d, unit \d+: r = / })
      .first()
      .waitFor();
    await session.screenshot("playground dark");

    // Character by character, the text is read as the model reads it.
    await frame.getByRole("button", { name: "Watch It Read" }).click();
    await frame.getByRole("button", { name: "Stop" }).first().click();
    await frame.getByRole("button", { name: "Watch It Read" }).waitFor();

    await frame.getByLabel("What the model reads").fill("for (let i = 0; i < items.lengt");
    const bar = frame.getByRole("button", { name: /^Append “h”, \d+ %/ });
    await bar.click();
    await until(async () => (await promptOf(frame)).endsWith("length"), "the character to be appended");
    const first = frame.locator(".next tbody tr").first().getByRole("button");
    await frame.getByRole("button", { name: /^Append “;”/ }).waitFor();
    await first.focus();
    const before = await promptOf(frame);
    await page.keyboard.press("Enter");
    await until(
      async () => (await promptOf(frame)).length === before.length + 1,
      "a character to be appended by a key",
    );

    await frame.getByLabel("What the model reads").fill("/* The ");
    await frame.getByRole("button", { name: "Step" }).click();
    const greedy = frame.getByLabel("Greedy");
    await until(async () => (await greedy.textContent())?.length === 1, "one character");
    await frame.getByLabel("Characters").fill("230");
    await frame.getByRole("button", { name: "Write", exact: true }).click();
    await frame.getByText(/fallen into a cycle: from character \d+ on it repeats “.+”/).waitFor();
    await frame.getByRole("button", { name: "Start Over" }).waitFor();
    assert.equal((await greedy.textContent())?.length, 231);
    assert.notEqual(await frame.getByLabel("Sampled").textContent(), await greedy.textContent());
    await greedy.scrollIntoViewIfNeeded();
    await session.screenshot("playground writing dark");
    assert.deepEqual(await errorsIn(frame), []);

    // The same seed writes the same text. Where only the likeliest token may be sampled, by Top-k or by Top-p, the text is the greedy one.
    const sampled = frame.getByLabel("Sampled");
    await frame.getByLabel("Characters").fill("40");
    const write = async (fields: Readonly<Record<string, string>>): Promise<string> => {
      for (const [name, value] of Object.entries(fields)) {
        await frame.getByLabel(name).fill(value);
        await frame.getByLabel(name).press("Tab");
      }
      await frame.getByRole("button", { name: "Write", exact: true }).click();
      await until(async () => (await sampled.textContent())?.length === 40, "40 characters");
      return (await sampled.textContent()) ?? "";
    };
    const seventh = await write({ Seed: "7" });
    assert.notEqual(await write({ Seed: "8" }), seventh);
    assert.equal(await write({ Seed: "7" }), seventh);
    await write({ "Top-k": "1" });
    assert.equal(await sampled.textContent(), await greedy.textContent());
    await write({ "Top-k": "", "Top-p": "0.01" });
    assert.equal(await sampled.textContent(), await greedy.textContent());
  });

  it("finds hidden units that follow quotes, and colours the text by the one that is chosen", async () => {
    const frame = await open("Light Modern");
    await session.picture("playground", session.workbench.page.locator(".part.editor"));
    await frame.getByLabel("Find units that follow").selectOption("quotes");
    await frame.getByRole("button", { name: "Find Units" }).click();
    const second = frame.getByRole("button", { name: /^Layer \d, unit \d+: r = / }).nth(1);
    await second.click();
    await until(async () => (await second.getAttribute("aria-pressed")) === "true", "the unit to be shown");
    const [, unit] = /unit (\d+)/.exec((await second.textContent()) ?? "") ?? [];
    assert.equal(await frame.getByLabel("Unit", { exact: true }).inputValue(), unit);
    const coloured = frame.locator('.strip [class*="unit-plus"], .strip [class*="unit-minus"]');
    await until(async () => (await coloured.count()) > 20, "more than 20 coloured characters");
    const layer = frame.getByRole("combobox", { name: "Layer" });
    await layer.selectOption((await layer.inputValue()) === "0" ? "1" : "0");
    await until(async () => (await second.getAttribute("aria-pressed")) !== "true", "a unit of the other layer");
    await second.click();
    await until(async () => (await second.getAttribute("aria-pressed")) === "true", "the unit to be shown again");
    await second.scrollIntoViewIfNeeded();
    await frame.getByRole("listbox", { name: /coloured by the hidden unit/ }).hover();
    await session.screenshot("playground units light");
    assert.deepEqual(await errorsIn(frame), []);
  });

  it("says what is wrong with a dropped file that is no model, and takes one that is", async () => {
    const frame = await open("Default High Contrast");
    await session.screenshot("playground high contrast");
    const drop = (name: string, bytes: Uint8Array): Promise<void> =>
      frame.evaluate(
        ({ name, numbers }) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([Uint8Array.from(numbers)], name));
          document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
        },
        { name, numbers: [...bytes] },
      );
    await drop("notes.txt", new TextEncoder().encode("no model"));
    const problem = frame.getByRole("alert").filter({ hasText: /notes\.txt is not an ONNX file.*train a new one/ });
    await problem.waitFor();
    assert.deepEqual(await errorsIn(frame), []);
    assert.equal(await frame.getByRole("combobox", { name: "Model" }).inputValue(), "default");
    await drop("languages.onnx", tinyModelFile({ labels: ["go", "rust", "python"] }).bytes);
    await frame.getByText(/^The text is (go|rust|python), with a probability of \d+ %/).waitFor();
    assert.ok(!(await problem.isVisible()));
    assert.ok(!(await frame.getByRole("button", { name: "Write", exact: true }).isVisible()));
    await session.screenshot("playground classifier");
    assert.deepEqual(await errorsIn(frame), []);

    const model = join(session.folder, "opened.onnx");
    await writeFile(model, tinyModelFile({ labels: ["c", "java"] }).bytes);
    await frame.getByRole("button", { name: "Open Model File…" }).click();
    await session.workbench.chooseFile(model);
    await frame.getByText(/^The text is (c|java), with a probability of \d+ %/).waitFor();
  });
});
