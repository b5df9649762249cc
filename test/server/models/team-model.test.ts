import assert from "node:assert/strict";
import { mkdir, rm, symlink, truncate } from "node:fs/promises";
import { join } from "node:path";
import { decodeModelFile, encodeModelFile } from "../../../src/model/model-file.ts";
import { findTeamModel } from "../../../src/server/models/team-model.ts";
import type { ModelEntry, ResetResult, RestoreResult } from "../../../src/server/models-protocol.ts";
import type { FilesRead } from "../../../src/server/training-protocol.ts";
import { Folder } from "../../support/folder.ts";
import { hugeModelFile, tinyModelFile } from "../../support/models.ts";
import { Server, type ServerOptions } from "../support.ts";

const [team, newer, own] = [8, 12, 10].map((hidden) => tinyModelFile({ hidden }).bytes) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const name = "models/team.onnx";
const settings = { model: name };

describe("the model that murmur.model names", () => {
  let server: Server;
  const start = async (options: ServerOptions): Promise<void> => {
    server = await Server.start({ settings, files: { [name]: team }, ...options });
  };
  afterEach(() => server.dispose());

  const models = (): Promise<ModelEntry[]> => server.connection.sendRequest("murmur/models");
  const restore = (id: string): Promise<RestoreResult> => server.connection.sendRequest("murmur/restore", { id });
  const untilModel = (pattern: RegExp): Promise<void> =>
    server.until(
      () => server.status.state === "ready" && pattern.test(server.status.model),
      `the model to be ${pattern}; the status is ${JSON.stringify(server.status)}`,
    );
  const inUse = async (): Promise<string | undefined> => (await models()).find(({ isInUse }) => isInUse)?.id;

  it("is used where the workspace has none of its own, and is no model that was trained here", async () => {
    await start({});
    await untilModel(/^Model of this repository \(models\/team\.onnx\), trained /);
    assert.equal(await inUse(), "team");
    const { isTrained } = await server.connection.sendRequest<FilesRead>("murmur/filesRead");
    assert.equal(isTrained, false);
    assert.deepEqual(server.messages, []);
  });

  it("gives way to the workspace's own, which is restored to it", async () => {
    await start({ stored: { "model.onnx": own } });
    await untilModel(/^Model of this workspace/);
    assert.equal(await inUse(), "own");
    assert.deepEqual(await server.connection.sendRequest("murmur/formerModels"), [{ id: "team", name }]);
    assert.equal((await restore("team")).outcome, "restored");
    await untilModel(/^Model of this repository/);
    const refused = await restore("default");
    assert.equal(refused.outcome, "failed");
    assert.match(refused.message, /^murmur\.model is "models\/team\.onnx".*Clear the setting/);
  });

  it("is loaded again when the file changes, or the setting does", async () => {
    await start({});
    await untilModel(/repository/);
    await server.write(`workspace/${name}`, newer);
    const uri = server.uri(name);
    await server.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri, type: 2 }] });
    const bytes = async (): Promise<number | undefined> => (await models()).find(({ id }) => id === "team")?.bytes;
    await server.until(
      () => server.log.filter((line) => /^Completing with the model of this repository/.test(line)).length === 2,
      "the new file to be in use",
    );
    assert.equal(await bytes(), newer.length);
    await server.configure({ model: "" });
    await untilModel(/^Default model/);
    await server.configure(settings);
    await untilModel(/repository/);
    await rm(join(server.folder, "workspace", name));
    await server.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri, type: 3 }] });
    await untilModel(/^Default model/);
    assert.equal(server.messages.length, 1);
    assert.match(
      server.messages[0]!,
      /^murmur\.model is "models\/team\.onnx", and no workspace folder has that file\./,
    );
  });

  const { info, bytes } = tinyModelFile();
  const { weights } = decodeModelFile(bytes, name);
  const infinite = new Map([...weights].map(([name, values]) => [name, values.map(() => 3e38)]));
  const damaged: Readonly<Record<string, Uint8Array | string>> = {
    "is cut": team.subarray(0, 3000),
    "is a pointer of Git LFS": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n",
    "is a classifier": tinyModelFile({ labels: ["c", "go"] }).bytes,
    "claims a network that would take all memory": hugeModelFile(),
    "has weights that make predictions infinite": encodeModelFile(info, infinite),
  };
  for (const [what, content] of Object.entries(damaged)) {
    it(`that ${what} is named in a warning with the setting, and the default model is used`, async () => {
      await start({ files: { [name]: content } });
      await untilModel(/^Default model/);
      assert.equal(server.messages.length, 1);
      const [message] = server.messages;
      assert.match(
        message!,
        /^murmur\.model is "models\/team\.onnx", which can't be used: .*Until then, the default model is used\.$/,
      );
      assert.ok(message!.includes(join(server.folder, "workspace", name)));
      await server.write(`workspace/${name}`, team);
      const changes = [{ uri: server.uri(name), type: 2 }];
      await server.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
      await untilModel(/repository/);
    });
  }

  it("that is far too large is refused at once, also while another is in use, and listed with what is wrong", async () => {
    await start({});
    await untilModel(/repository/);
    const begun = performance.now();
    await truncate(join(server.folder, "workspace", name), 3e9);
    const changes = [{ uri: server.uri(name), type: 2 }];
    await server.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
    await untilModel(/^Default model/);
    assert.ok(performance.now() - begun < 2_000);
    assert.match(server.messages[0]!, /can't be used: .*team\.onnx is too large for a model: it has 2,862 MB/);
    const listed = (await models()).find(({ id }) => id === "team");
    assert.deepEqual([listed?.bytes, /is too large for a model/.test(listed?.problem ?? "")], [3e9, true]);
    await server.write(`workspace/${name}`, team);
    await server.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
    await untilModel(/repository/);
  });

  it("is not used, nor looked at, where the workspace is not trusted", async () => {
    await start({ options: { isTrusted: false } });
    await untilModel(/^Default model/);
    assert.deepEqual(server.messages, []);
    assert.deepEqual(await models(), []);
  });

  it("is refused if it is outside of the workspace", async () => {
    await start({ settings: { model: "../storage/model.onnx" }, stored: { "elsewhere.onnx": team } });
    await untilModel(/^Default model/);
    assert.match(server.messages[0]!, /leads out of the workspace folder\. Give a path in it\. Until then/);
  });

  it("is used when it is named again after a reset without it", async () => {
    await start({ stored: { "model.onnx": own } });
    await untilModel(/^Model of this workspace/);
    await server.configure({});
    assert.equal((await server.connection.sendRequest<ResetResult>("murmur/reset")).outcome, "reset");
    await untilModel(/^Default model/);
    await server.configure(settings);
    await untilModel(/^Model of this repository/);
  });

  it("is what training continues from", async () => {
    const code = "let a = b;\n".repeat(900);
    await start({
      files: { [name]: team, "a.js": code, "b.js": `${code}//` },
      settings: { ...settings, training: { minutes: 10 } },
    });
    await untilModel(/repository/);
    const run = server.train();
    await server.until(() => server.log.some((line) => /^Training starts/.test(line)), "the run");
    assert.match(server.log.find((line) => /^Training starts/.test(line))!, /from the model of this repository/);
    await server.connection.sendRequest("murmur/stopTraining");
    await run;
  });
});

describe("the path in murmur.model", () => {
  it("leads to a file in one of the folders, and not out of it, also not over links", async () => {
    await using one = await Folder.with({ "a.js": "" });
    await using two = await Folder.with({ "m/team.onnx": team });
    const outside = two.join("m");
    const folders = [one.path, two.path];
    const refused = async (path: string, said: RegExp): Promise<void> => {
      await assert.rejects(findTeamModel(path, [one.path]), (error: Error) => {
        assert.match(error.message, said);
        assert.ok(error.message.startsWith(`murmur.model is ${JSON.stringify(path)}, `), error.message);
        return true;
      });
    };
    assert.equal((await findTeamModel("m/team.onnx", folders))?.path, two.join("m/team.onnx"));
    assert.equal((await findTeamModel("./m/../m/team.onnx", folders))?.path, two.join("m/team.onnx"));
    assert.equal(await findTeamModel("", folders), undefined);
    assert.equal(await findTeamModel("m/team.onnx", []), undefined);
    await symlink(join(outside, "team.onnx"), one.join("link.onnx"));
    await symlink(outside, one.join("linked"));
    await mkdir(one.join("folder"));
    for (const path of [two.join("m/team.onnx"), "C:\\m\\team.onnx", "\\\\server\\share\\team.onnx"])
      await refused(path, /absolute path/);
    for (const path of ["../x.onnx", "a/../../x.onnx", "."]) await refused(path, /leads out of/);
    for (const path of ["link.onnx", "linked/team.onnx"]) await refused(path, /a link that leads out of/);
    await refused("folder", /not a file/);
    await refused("missing.onnx", /no workspace folder has that file/);
  });

  it("may be a link within the folder", async () => {
    await using folder = await Folder.with({ "m/team.onnx": team });
    await symlink(folder.join("m/team.onnx"), folder.join("link.onnx"));
    assert.equal((await findTeamModel("link.onnx", [folder.path]))?.path, folder.join("m/team.onnx"));
  });
});
