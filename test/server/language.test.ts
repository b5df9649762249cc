import assert from "node:assert/strict";
import { inventedProject } from "../support/invented-project.ts";
import { Server } from "./support.ts";

describe("a client's language", function () {
  this.timeout(120_000);
  let server: Server;
  afterEach(() => server.dispose());

  it("is that of warnings, the status, progress, results, and errors from a worker", async () => {
    const settings = { temperature: 5, training: { minutes: 0.05 } };
    server = await Server.start({ initialize: { locale: "sv" }, settings });
    await server.until(() => server.status.state === "ready", "the model");
    assert.deepEqual(server.messages, ["murmur.temperature måste vara ett tal från 0 till 2 (är 5). Använder 0."]);
    assert.equal(
      server.status.state === "ready" && server.status.model,
      "Standardmodell, inte tränad på arbetsytan än",
    );
    const failed = await server.train();
    assert.match(
      failed.message,
      /^Det finns ingen text att lära av i .*: där finns ingen fil\. Välj en mapp med textfiler\.$/,
    );
    assert.equal(server.progress[0]?.message, "läser filer");
    const missing = await server.connection.sendRequest<{ message: string }>("murmur/deleteModel", { id: "gone" });
    assert.equal(missing.message, "Modellen finns inte längre. Välj en annan.");
  });

  it("is that of a training run and its result", async () => {
    const settings = { training: { minutes: 0.1 } };
    server = await Server.start({ initialize: { locale: "sv-SE" }, settings, files: inventedProject(12) });
    await server.until(() => server.status.state === "ready", "the model");
    const { message } = await server.train();
    assert.match(message, /^(?:Murmur har lärt sig din arbetsyta\. )?På filer som den inte hade sett/);
    const lines = server.progress.map((one) => one.message ?? "").join("\n");
    assert.match(
      lines,
      /^0 %, lär av \d+ filer \(\d+ tusen tecken\) och mäter på \d+ fil(?:er)? som den inte lär av$/m,
    );
    assert.match(lines, /^\d+ %, \d+ s kvar, .*Förslagen fungerar under tiden\.$/m);
  });

  for (const initialize of [{}, { locale: "fr" }, { locale: "../../../etc/passwd" }])
    it(`is English where there is no translation, as with ${JSON.stringify(initialize)}`, async () => {
      server = await Server.start({ initialize, settings: { delay: -1 } });
      await server.until(() => server.messages.length > 0, "a warning");
      assert.match(
        server.messages[0] ?? "",
        /^murmur\.delay must be a whole number from 0 to 2000 \(it is -1\)\. Using 0\.$/,
      );
    });
});
