import assert from "node:assert/strict";
import { neighbourText } from "./neighbour.ts";
import { desktop, noList, type Session, sums, typedSum, windowsOfSuite } from "./support.ts";

/** A line that is repeated so often that the next one is suggested with it. */
const line = "The quick brown fox jumps over the lazy dog.";
const files = { "list.js": sums, "lines.txt": `${line}\n`.repeat(40), "beside.txt": sums };
const settings = { "[plaintext]": noList, "murmur.eagerness": "eager" };

describe("ghost text, with what else the editor shows,", function () {
  this.timeout(120_000);
  const window = windowsOfSuite({ isShared: true });

  const open = async (file: string, more: Readonly<Record<string, unknown>> = {}): Promise<Session> => {
    const session = await window(files, { ...settings, ...more });
    await session.workbench.openFile(file);
    await session.workbench.untilStatus(/ready/);
    await session.workbench.goToEnd();
    return session;
  };

  it("is accepted by line, and what follows the line stays", async () => {
    const session = await open("lines.txt");
    const { workbench } = session;
    await workbench.type(line.slice(0, 12));
    const ghost = await workbench.untilGhostText("own fox");
    // What is shown first may end before the line does, and stays while it agrees with what is typed.
    const accepted = line.startsWith(ghost, 12) ? line.slice(0, 12) + ghost : line;
    await workbench.press("Control+Alt+Enter");
    await workbench.until(async () => (await workbench.lines()).slice(-2).includes(accepted), "a line to be accepted");
    const next = await workbench.untilGhostText();
    const rest = line.slice(accepted.length) || line;
    assert.ok(rest.startsWith(next) || next.startsWith(rest), next);
    await session.screenshot("a line accepted");
  });

  it("is followed by the next one after its end was accepted by line or by word", async () => {
    const { workbench } = await open("lines.txt", { "murmur.maxCharacters": 12 });
    let typed = line.slice(0, 10);
    await workbench.type(typed);
    for (const key of ["Control+Alt+Enter", "Control+ArrowRight"]) {
      const ghost = await workbench.untilGhostText();
      assert.ok(line.startsWith(typed + ghost), `${ghost} after ${typed}`);
      typed += ghost;
      const isAccepted = async (): Promise<boolean> => (await workbench.lines()).at(-1) === typed;
      await workbench.until(async () => {
        await workbench.press(key);
        await workbench.page.waitForTimeout(300);
        return await isAccepted();
      }, `${ghost} to be accepted`);
    }
    await workbench.untilGhostText();
  });

  it("works beside IntelliSense: the list of suggestions opens, and Enter and Tab accept what is chosen there", async () => {
    const session = await open("list.js");
    const { workbench } = session;
    for (const [key, name] of [
      ["Enter", "words"],
      ["Tab", "items"],
    ] as const) {
      await workbench.type(`const ${name} = ['a']; ${name}.for`, 80);
      const chosen = workbench.page.locator(".suggest-widget.visible .monaco-list-row.focused", { hasText: "forEach" });
      await chosen.waitFor({ timeout: 60_000 });
      await session.screenshot("IntelliSense");
      await workbench.press(key);
      const accepted = `const ${name} = ['a']; ${name}.forEach`;
      await workbench.until(async () => (await workbench.lines()).at(-1) === accepted, "the item, and nothing else");
      await workbench.type(";\n");
    }
  });

  it("shares the place with another extension's: both can be reached, and Tab accepts the one that is shown", async function () {
    if (desktop) this.skip();
    const session = await open("beside.txt");
    const { workbench } = session;
    await workbench.type(typedSum);
    await workbench.untilGhostText();
    const goTo = async (wanted: string): Promise<void> => {
      for (let i = 0; i < 9 && !(await workbench.ghostText())?.startsWith(wanted); i++) {
        await workbench.press("Alt+]");
        await workbench.page.waitForTimeout(500);
      }
      assert.equal((await workbench.ghostText())?.startsWith(wanted), true, `${wanted} can be reached`);
    };
    await goTo("gth");
    await goTo(neighbourText);
    await session.screenshot("another extension's ghost text");
    await goTo("gth");
    await workbench.press("Tab");
    const isAccepted = async (): Promise<boolean> =>
      (await workbench.lines()).some((one) => one.startsWith(`${typedSum}gth`));
    await workbench.until(isAccepted, "what is shown to be accepted");
    assert.ok(!(await workbench.lines()).some((one) => one.includes(neighbourText)));
  });
});
