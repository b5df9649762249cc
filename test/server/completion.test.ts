import assert from "node:assert/strict";
import { tinyModelFile } from "../support/models.ts";
import { Server } from "./support.ts";

describe("the language server", () => {
  let server: Server;
  afterEach(() => server.dispose());

  it("says that it is ready, and with which model", async () => {
    server = await Server.start({ stored: { "model.onnx": tinyModelFile().bytes } });
    assert.equal(server.status.state, "ready");
    assert.match(JSON.stringify(server.status), /model of this workspace/);
  });

  it("answers a request for a document that it does not know with nothing", async () => {
    server = await Server.start({ stored: { "model.onnx": tinyModelFile().bytes } });
    assert.deepEqual(await server.complete("unknown.js", 0, 0), []);
  });
});
