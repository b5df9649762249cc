import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { CancellationTokenSource } from "vscode-languageserver/node";
import type { ComparisonResult } from "../../../src/server/models-protocol.ts";
import { inventedProject } from "../../support/invented-project.ts";
import { tinyModelFile } from "../../support/models.ts";
import { Server } from "../support.ts";

const tiny = tinyModelFile({ hidden: 8 }).bytes;
const ofCharacters = tinyModelFile({ tokenizer: "char" }).bytes;

describe("a comparison of models", function () {
  this.timeout(120_000);
  let server: Server;
  afterEach(() => server.dispose());

  const compare = (ids: readonly string[]): Promise<ComparisonResult> =>
    server.connection.sendRequest("murmur/compareModels", { ids, workDoneToken: "compare" });

  it("says what each brings on held-out text of the workspace, with progress", async () => {
    server = await Server.start({
      files: inventedProject(14),
      stored: { "model.onnx": tiny, "former-1000.onnx": ofCharacters },
    });
    const result = await compare(["own", "default", "former-1000.onnx"]);
    assert.ok(result.outcome === "done", JSON.stringify(result));
    const [own, shipped, other] = result.models;
    assert.deepEqual([own?.id, shipped?.id, other?.id], ["own", "default", "former-1000.onnx"]);
    assert.ok(own!.network! > shipped!.network!, "random weights predict worse");
    assert.ok(own!.mixed! > shipped!.mixed! && shipped!.acceptedShare! > 0);
    assert.deepEqual([other?.mixed, other?.network], [undefined, undefined], "it can't be mixed");
    assert.ok(result.files > 0 && result.characters > 0);
    assert.ok(server.progress.some(({ message }) => /measuring model 2 of 3/.test(message ?? "")));
    assert.equal(server.progress.at(-1)?.kind, "end");
    assert.ok(!existsSync(`${server.folder}/storage/training.onnx`));
  });

  it("is cancelled with its request, and says why it can't be made", async () => {
    server = await Server.start({ files: inventedProject(14), stored: { "model.onnx": tiny } });
    const source = new CancellationTokenSource();
    const params = { ids: ["own", "default"], workDoneToken: "compare" };
    const request = server.connection.sendRequest<ComparisonResult>("murmur/compareModels", params, source.token);
    await server.until(() => server.progress.some(({ message }) => /measuring/.test(message ?? "")), "progress", 60);
    source.cancel();
    const ended = await request.catch(() => undefined);
    assert.ok(ended === undefined || ended.outcome === "cancelled");
    const gone = await compare(["own", "former-1.onnx"]);
    assert.ok(gone.outcome === "failed" && /no longer there/.test(gone.message));
    await server.dispose();
    server = await Server.start({ stored: { "model.onnx": tiny } });
    const empty = await compare(["own"]);
    assert.ok(empty.outcome === "failed" && /text/.test(empty.message), JSON.stringify(empty));
  });
});
