import assert from "node:assert/strict";
import { desktop, Session, sums, typedSum } from "./support.ts";

describe("an editor in Swedish", function () {
  this.timeout(120_000);
  let session: Session;

  before(function () {
    // A desktop editor's language comes with a language pack.
    if (desktop) this.skip();
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.screenshot(`failed ${this.currentTest.title}`);
    await session[Symbol.asyncDispose]();
  });

  const open = async (settings: object = {}): Promise<Session> => {
    session = await Session.open({ "sums.js": sums, "a.js": "" }, { ...settings }, { language: "sv" });
    return session;
  };

  it("has Swedish commands, a Swedish status, menu, warning and explanation, and completes as ever", async () => {
    const { workbench } = await open({ "murmur.temperature": 5 });
    const { page } = workbench;
    await workbench.untilStatus(
      /^Murmur: redo.*Standardmodell, inte tränad på arbetsytan än.*Känner till 2 filer i arbetsytan/s,
    );
    assert.deepEqual(await workbench.notifications(), [
      "murmur.temperature måste vara ett tal från 0 till 2 (är 5). Använder 0.",
    ]);
    await workbench.openFile("a.js");
    await workbench.type(typedSum);
    await workbench.untilGhostText("gth");
    await workbench.runCommand("Murmur: Förklara förslaget");
    const frame = await workbench.untilFrame("Varför det här förslaget?");
    assert.match(await frame.evaluate(() => document.body.innerText), /Murmur föreslår gth; i\+\+\) \{.*sannolikhet/s);
    await session.screenshot("Swedish explanation");
    await workbench.runCommand("Murmur: Visa kommandon");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "Träna på arbetsytan" }).waitFor();
    await session.screenshot("Swedish menu");
  });

  it("has Swedish pages, settings and a Swedish walkthrough", async () => {
    const { workbench } = await open();
    const { page } = workbench;
    await workbench.untilStatus(/^Murmur: redo/);
    await workbench.runCommand("Murmur: Öppna lekplatsen");
    const playground = await workbench.untilFrame("bitar per tecken");
    assert.equal(await playground.locator("html").getAttribute("lang"), "sv");
    await playground
      .getByRole("button", { name: /^Lager \d, enhet \d+: r = −?0,\d\d/ })
      .first()
      .waitFor();
    await session.screenshot("Swedish playground");
    await workbench.runCommand("Murmur: Visa träningen");
    const training = await workbench.untilFrame("Inget tränas");
    await training.getByRole("button", { name: "Träna på arbetsytan" }).waitFor();
    await session.screenshot("Swedish training view");
    await workbench.runCommand("Murmur: Hjälp");
    await page.locator("h2", { hasText: "Kom igång med Murmur" }).waitFor();
    await page.getByText("Inget lämnar din dator").click();
    await workbench.untilFrame("i en egen process på den här datorn");
    await session.screenshot("Swedish walkthrough");
    await workbench.runCommand("Murmur: Öppna inställningar");
    await page.getByText("Hur säkert Murmur måste vara innan det visar ett förslag.").waitFor();
    await session.screenshot("Swedish settings");
  });
});
