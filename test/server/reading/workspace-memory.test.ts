import assert from "node:assert/strict";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FilesRead } from "../../../src/server/training-protocol.ts";
import { Server, type ServerOptions } from "../support.ts";

const a = `${Array.from(
  { length: 6 },
  (_, i) => `export function zorbleFrobnicator${"ABCDEF"[i]}(value) {\n  return quuxify(value, ${i});\n}\n`,
).join("\n")}
const first = zorbleFrobnicatorA(quuxify(1, 2));
const second = zorbleFrobnicatorA(quuxify(3, 4));
`;
const typed = "const third = zorbleF";
const secret = "SECRET_TOKEN=wibblewobble\nwibblewobbleSuffix=wibblewobbleSuffix\n".repeat(10);

describe("the memory of a workspace", function () {
  this.timeout(60_000);
  let server: Server;
  afterEach(() => server.dispose());

  const start = async (options: ServerOptions): Promise<Server> => {
    const started = await Server.start(options);
    await started.until(() => started.log.some((line) => /^read \d+ files?/.test(line)), "the workspace to be read");
    return started;
  };
  const suggested = async (text: string, name = "b.js"): Promise<string> => {
    await server.open(name, text);
    return String(await server.completeFully(name, 0, text.length));
  };
  const memoryFile = (): string => join(server.folder, "storage/local-model.bin");

  it("completes a name from another file without any training", async () => {
    server = await start({ files: { "a.js": a } });
    assert.match(await suggested(typed), /^robnicator/);
    assert.match(server.log.join("\n"), /^read 1 file, 1 KB, in \d+\.\d s$/m);
    await server.until(() => "memory" in server.status, "a status with the memory");
    assert.match(JSON.stringify(server.status), /Knows 1 file of the workspace, 1 KB/);
  });

  it("is summed up by language, with what was left out", async () => {
    const files = { "a.js": a, "b.js": `${a}// b\n`, "c.md": "# Words\n", ".gitignore": "d.js\n", "d.js": a };
    server = await start({ files });
    await server.until(() => "memory" in server.status && /Knows/.test(server.status.memory ?? ""), "the end of it");
    const read: FilesRead = await server.connection.sendRequest("murmur/filesRead");
    assert.deepEqual(
      read.languages.slice(0, 1).map(({ languageId, files }) => [languageId, files]),
      [["javascript", 2]],
    );
    assert.match(read.leftOut, /1 ignored/);
    assert.deepEqual([read.isComplete, read.isTrained], [true, false]);
  });

  it("holds a file once, whatever its line ends, even if the file is also opened", async () => {
    const text = a.repeat(6);
    const before = await start({ files: { "a.js": `\uFEFF${text.replaceAll("\n", "\r\n")}` } });
    await before.until(() => before.log.some((line) => /^saved/.test(line)), "it to be saved");
    await before.open("a.js", text.replaceAll("\n", "\r\n"));
    await before.complete("a.js", 0, 0);
    await before.stop();
    server = await start({ folder: before.folder });
    assert.match(server.log.join("\n"), new RegExp(`^remembers ${Math.ceil(text.length / 1000)} KB`, "m"));
    assert.match(server.log.join("\n"), /^read 0 files.*; 1 more were already known/m);
  });

  it("is readable by nobody else on the machine", async function () {
    if (process.platform === "win32") this.skip();
    server = await start({ files: { "a.js": a } });
    await server.until(() => server.log.some((line) => /^saved/.test(line)), "it to be saved");
    assert.equal((await stat(memoryFile())).mode & 0o777, 0o600);
    assert.equal((await stat(join(server.folder, "storage"))).mode & 0o777, 0o700);
  });

  it("holds no secrets, not even from an open document", async () => {
    server = await Server.start({ files: { ".env": secret, "a.js": a } });
    await server.open(".env", secret);
    await server.until(() => server.log.some((line) => /^read 1 file/.test(line)), "the workspace to be read");
    assert.doesNotMatch(await suggested("const x = wibblewobb"), /^leSuffix/);
  });

  describe("holds nothing from an open document", () => {
    const options: ServerOptions = {
      files: {
        "a.js": a,
        ".gitignore": "ignored.js\nbuilt/\n",
        "part/.gitignore": "*.local.js\n",
        "ignored.js": secret,
      },
      settings: {
        training: { exclude: ["**/left-out.js", "data"] },
        "files.exclude": { "**/*.hidden.js": true },
        "search.exclude": { "**/*.unsearched.js": true },
      },
      offIn: [".md"],
    };
    const cases: Readonly<Record<string, string>> = {
      "that .gitignore excludes": "ignored.js",
      "in a folder that .gitignore excludes": "built/x.js",
      "that a folder's own .gitignore excludes": "part/x.local.js",
      "that murmur.training.exclude excludes": "deep/left-out.js",
      "in a folder that murmur.training.exclude excludes": "data/x.js",
      "that files.exclude excludes": "x.hidden.js",
      "that search.exclude excludes": "x.unsearched.js",
      "outside the workspace's folders": "../elsewhere.js",
      "in node_modules": "node_modules/x.js",
      "in a language that completions are off in": "x.md",
    };
    const openAndType = async (file: string): Promise<void> => {
      server = await start(options);
      await server.open(file, secret);
      await server.type(file, 0, 0, "wibblewobbleSuffix=wibblewobbleSuffix\n".repeat(3));
      await new Promise((resolve) => setTimeout(resolve, 400));
    };
    for (const [name, file] of Object.entries(cases)) {
      it(name, async () => {
        await openAndType(file);
        assert.doesNotMatch(await suggested("const x = wibblewobb"), /^leSuffix/);
      });
    }

    it("except one that nothing excludes", async () => {
      await openAndType("part/x.js");
      assert.match(await suggested("const x = wibblewobb"), /^leSuffix/);
    });

    it("once a setting excludes it", async () => {
      server = await start(options);
      await server.open("part/x.js", "");
      await server.configure({ training: { exclude: ["part"] } });
      await new Promise((resolve) => setTimeout(resolve, 200));
      await server.type("part/x.js", 0, 0, secret.slice(0, 400));
      assert.doesNotMatch(await suggested("const x = wibblewobb"), /^leSuffix/);
    });
  });

  it("is empty while completions are off, and is read when they are switched on", async () => {
    server = await Server.start({ files: { "a.js": a }, settings: { enabled: false } });
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual(
      server.log.filter((line) => /^read/.test(line)),
      [],
    );
    await server.configure({ enabled: true });
    await server.until(() => server.log.some((line) => /^read 1 file/.test(line)), "the workspace to be read");
  });

  it("survives a restart", async () => {
    const before = await start({ files: { "a.js": a } });
    await before.until(() => before.log.some((line) => /^saved/.test(line)), "it to be saved");
    await before.stop();
    server = await start({ folder: before.folder });
    assert.match(server.log.join("\n"), /^remembers 1 KB of this workspace/m);
    assert.match(server.log.join("\n"), /^read 0 files.*; 1 more were already known/m);
    assert.match(await suggested(typed), /^robnicator/);
  });

  it("forgets a file that was deleted while the server was not running", async () => {
    const before = await start({ files: { "a.js": a } });
    await before.until(() => before.log.some((line) => /^saved/.test(line)), "it to be saved");
    await before.stop();
    await rm(join(before.folder, "workspace/a.js"));
    server = await start({ folder: before.folder });
    assert.match(server.log.join("\n"), /forgot 1 that are gone/);
    assert.doesNotMatch(await suggested(typed), /robnicator/);
  });

  it("is learned again if its file is damaged", async () => {
    const before = await start({ files: { "a.js": a } });
    await before.until(() => before.log.some((line) => /^saved/.test(line)), "it to be saved");
    await before.stop();
    const path = join(before.folder, "storage/local-model.bin");
    const bytes = await readFile(path);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(path, bytes);
    server = await start({ folder: before.folder });
    assert.match(server.log.join("\n"), /local-model\.bin\) is damaged or comes from another version/);
    assert.match(server.log.join("\n"), /^read 1 file/m);
    assert.match(await suggested(typed), /^robnicator/);
    assert.deepEqual(server.errors, []);
  });

  it("is saved when the server ends after much typing", async () => {
    server = await start({});
    await server.open("b.js", "");
    await server.type("b.js", 0, 0, a.repeat(6));
    await server.complete("b.js", 0, 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await server.stop();
    assert.ok((await readFile(memoryFile())).length > 1000);
  });

  it("is deleted on request, with the workspace's model", async () => {
    server = await start({ files: { "a.js": a } });
    await server.until(() => server.log.some((line) => /^saved/.test(line)), "it to be saved");
    await rm(join(server.folder, "workspace/a.js"));
    const result = await server.connection.sendRequest<{ outcome: string }>("murmur/reset");
    assert.equal(result.outcome, "reset");
    await assert.rejects(readFile(memoryFile()));
    assert.doesNotMatch(await suggested(typed), /^robnicator/);
  });
});
