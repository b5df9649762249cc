import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, mkdtemp, open, rm, symlink, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ResetResult } from "../../../src/server/models-protocol.ts";
import { modelOfLoop } from "../learned.ts";
import { Server } from "../support.ts";

const root = join(import.meta.dirname, "../../..");
const taught = "export const zorbleQuuxFrobnicator = wibbleOf(27);\n";

describe("a default model", () => {
  let folder: string;
  let server: Server;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "murmur-default-model-"));
    for (const name of ["src", "models", "package.json"]) {
      await cp(join(root, name), join(folder, name), { recursive: true });
    }
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  });
  afterEach(async () => {
    await server.dispose();
    await rm(folder, { recursive: true });
  });

  const start = async (stored: Record<string, Uint8Array> = {}): Promise<void> => {
    const command = [process.execPath, join(folder, "src/cli/main.ts"), "lsp", "--stdio"] as const;
    server = await Server.start({ files: { "a.js": taught.repeat(3) }, stored, command: [...command] });
  };

  const damages: Record<string, { readonly damage: (path: string) => Promise<void>; readonly said: RegExp }> = {
    missing: { damage: (path) => rm(path), said: /default\.onnx, is missing\. Install Murmur again/ },
    cut: {
      damage: (path) => truncate(path, 1_000_000),
      said: /default\.onnx, is not the file that Murmur came with\. Install Murmur again/,
    },
    changed: {
      damage: changeByte,
      said: /default\.onnx, is not the file that Murmur came with\. Install Murmur again/,
    },
  };
  for (const [name, { damage, said }] of Object.entries(damages)) {
    it(`that is ${name} is noticed, and what is suggested comes from the workspace alone`, async () => {
      await damage(join(folder, "models/default.onnx"));
      await start();
      assert.match(JSON.stringify(server.status), /"ready".*text of this workspace alone/);
      assert.equal(server.messages.filter((message) => said.test(message)).length, 1);
      await server.until(() => server.log.some((line) => /^read 1 file/.test(line)), "the workspace to be read");
      await server.open("new.js", "export const zorbleQu");
      assert.match((await server.completeLine("new.js", 0, 21)) ?? "", /^uxFrobnicator/);
    });
  }

  it("that is missing does not matter to a workspace that has a model of its own, which a reset does not delete then", async () => {
    await rm(join(folder, "models/default.onnx"));
    await start({ "model.onnx": await modelOfLoop() });
    assert.match(JSON.stringify(server.status), /"ready".*Model of this workspace/);
    assert.deepEqual(server.messages, []);
    const { outcome, message } = await server.connection.sendRequest<ResetResult>("murmur/reset");
    assert.equal(outcome, "failed");
    assert.match(message, /default\.onnx, is missing/);
    assert.match(JSON.stringify(server.status), /"ready".*Model of this workspace/);
    assert.ok(existsSync(join(server.folder, "storage/model.onnx")));
  });
});

/** Changes one byte amid the weights, with which the file is still a model. */
async function changeByte(path: string): Promise<void> {
  await using file = await open(path, "r+");
  const { bytesRead, buffer } = await file.read(Buffer.alloc(1), 0, 1, 2_000_000);
  assert.equal(bytesRead, 1);
  await file.write(
    buffer.map((byte) => byte ^ 1),
    0,
    1,
    2_000_000,
  );
}
