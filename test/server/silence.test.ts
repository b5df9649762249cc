import assert from "node:assert/strict";
import { loop, modelOfLoop } from "./learned.ts";
import { firstLine, Server } from "./support.ts";

/** The fourth line of the document, as far as it is typed. */
const typed = "for (let i = 0; i < it";
const column = typed.length;
const expected = "ems.length; i++) {";

describe("the language server is silent", () => {
  let server: Server;

  beforeEach(async function () {
    this.timeout(60_000);
    server = await Server.start({ stored: { "model.onnx": await modelOfLoop() } });
    await server.open("a.js", loop + typed);
    assert.equal(await server.completeLine("a.js", 3, column), expected);
  });
  afterEach(() => server.dispose());

  const silentAt = async (character: number, reason: RegExp): Promise<void> => {
    const from = server.log.length;
    assert.deepEqual(await server.complete("a.js", 3, character), []);
    await server.until(() => server.log.slice(from).some((line) => reason.test(line)), `${reason} in the log`);
  };

  it("while the user deletes, until something is typed", async () => {
    await server.erase("a.js", 3, column);
    await silentAt(column - 1, /^nothing at 4:22: the last edit was a deletion$/);
    await server.erase("a.js", 3, column - 1);
    await silentAt(column - 2, /deletion/);
    await server.type("a.js", 3, column - 2, "i");
    assert.equal(await server.completeLine("a.js", 3, column - 1), `t${expected}`);
  });

  it("while the user deletes in a client that sends whole documents", async () => {
    await server.change("a.js", { text: loop + typed.slice(0, -1) });
    await silentAt(column - 1, /deletion/);
    await server.change("a.js", { text: loop + typed });
    assert.equal(await server.completeLine("a.js", 3, column), expected);
  });

  it("about a dismissed suggestion, and about the rest of it while the user types through it", async () => {
    await server.dismiss("a.js");
    await silentAt(column, /^nothing at 4:23: this suggestion was dismissed on this line$/);
    for (const [i, character] of [..."ems"].entries()) {
      await server.type("a.js", 3, column + i, character);
      await silentAt(column + i + 1, /dismissed/);
    }
  });

  it("about a dismissed suggestion until the line changes", async () => {
    await server.dismiss("a.js");
    await silentAt(column, /dismissed/);
    await server.type("a.js", 3, column, `${expected}\n  total += items[i].price;\n}\n${typed}`);
    assert.match((await server.completeLine("a.js", 6, column)) ?? "", /^ems/);
  });

  it("but not when the user requests a suggestion while deleting", async () => {
    await server.erase("a.js", 3, column);
    const [item] = await server.trigger("a.js", 3, column - 1);
    assert.equal(firstLine(item), `t${expected}`);
  });

  it("but not when the user requests a suggestion after a dismissal, which is then forgotten", async () => {
    await server.dismiss("a.js");
    assert.equal(firstLine((await server.trigger("a.js", 3, column))[0]), expected);
    await server.type("a.js", 3, column, "e");
    assert.equal(await server.completeLine("a.js", 3, column + 1), expected.slice(1));
  });

  it("in comments, strings and prose where murmur.scopes says so, unless the user requests a suggestion", async () => {
    await server.configure({ scopes: { strings: "off" } });
    assert.equal(await server.completeLine("a.js", 3, column), expected);
    await server.open("b.js", `${loop}const a = "${typed}`);
    const end = `const a = "${typed}`.length;
    assert.deepEqual(await server.complete("b.js", 3, end), []);
    assert.ok(server.log.some((line) => /nothing at 4:\d+: murmur\.scopes/.test(line)));
    assert.ok((await server.trigger("b.js", 3, end)).length > 0);
  });

  it("until murmur.delay has passed, unless the user requests a suggestion", async () => {
    await server.configure({ delay: 700 });
    await server.type("a.js", 3, column, "e");
    const start = performance.now();
    assert.match(firstLine((await server.trigger("a.js", 3, column + 1))[0]) ?? "", /^ms/);
    assert.ok(performance.now() - start < 700);
    assert.match(firstLine((await server.complete("a.js", 3, column + 1))[0]) ?? "", /^ms/);
    assert.ok(performance.now() - start > 600);
  });

  it("if something is typed before murmur.delay has passed", async () => {
    await server.configure({ delay: 700 });
    await server.type("a.js", 3, column, "e");
    const [first] = await Promise.all([
      server.complete("a.js", 3, column + 1),
      server.type("a.js", 3, column + 1, "m"),
    ]);
    assert.deepEqual(first, []);
    assert.match(firstLine((await server.complete("a.js", 3, column + 2))[0]) ?? "", /^s/);
  });

  it("where completions are off, even when the user requests a suggestion", async () => {
    await server.configure({ enabled: false });
    assert.deepEqual(await server.trigger("a.js", 3, column), []);
    await silentAt(column, /completions are switched off/);
  });

  it("in a document that was never opened, and says so", async () => {
    assert.deepEqual(await server.complete("unknown.js", 0, 0), []);
    assert.deepEqual(await server.trigger("unknown.js", 7, 7), []);
    await server.until(() => server.log.some((line) => /the document is not open/.test(line)), "a line in the log");
    await server.dismiss("unknown.js");
    assert.equal(await server.completeLine("a.js", 3, column), expected);
    assert.deepEqual(server.errors, []);
  });
});
