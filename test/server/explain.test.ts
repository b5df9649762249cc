import assert from "node:assert/strict";
import type { ExplainedSuggestion } from "../../src/server/protocol.ts";
import { loop, modelOfLoop } from "./learned.ts";
import { Server } from "./support.ts";

const typed = "for (let i = 0; i < it";
const column = typed.length;
const expected = "ems.length; i++) {";

describe("the language server explains", () => {
  let server: Server;
  const start = async (settings: Record<string, unknown> = {}, offIn: readonly string[] = []): Promise<void> => {
    server = await Server.start({ stored: { "model.onnx": await modelOfLoop() }, settings, offIn });
    await server.open("a.js", loop);
    await server.type("a.js", 3, 0, typed);
  };
  const explain = (character = column, name = "a.js"): Promise<ExplainedSuggestion> =>
    server.connection.sendRequest("murmur/explain", { uri: server.uri(name), position: { line: 3, character } });
  afterEach(() => server.dispose());
  before(async function () {
    this.timeout(60_000);
    await modelOfLoop();
  });

  it("a suggestion: its characters, the line that it repeats, and what it saves", async () => {
    await start();
    assert.equal(await server.completeLine("a.js", 3, column), expected);
    const { silence, suggestion, before, characters, shown, best } = await explain();
    assert.equal(silence, undefined);
    assert.equal(before, typed);
    assert.ok(suggestion?.startsWith(expected));
    assert.ok(shown > 0 && best === shown);
    const first = characters[0]!;
    assert.equal(first.text, "e");
    assert.ok(first.probability > 0.9 && first.network !== undefined && first.network > 0.5);
    const { repeat } = first;
    assert.ok(repeat?.isHere && repeat.isRight);
    assert.equal(repeat.line, 1);
    assert.equal(repeat.text, loop.split("\n")[0]);
    assert.equal(server.errors.length, 0);
  });

  it("that it changes nothing: the same is suggested afterwards", async () => {
    await start();
    await explain();
    assert.equal(await server.completeLine("a.js", 3, column), expected);
    await server.type("a.js", 3, column, "e");
    assert.equal(await server.completeLine("a.js", 3, column + 1), expected.slice(1));
  });

  it("why it is silent: deleting, dismissed, and what it would suggest otherwise", async () => {
    await start();
    assert.equal(await server.completeLine("a.js", 3, column), expected);
    await server.dismiss("a.js");
    const dismissed = await explain();
    assert.equal(dismissed.silence, "dismissed");
    assert.ok(dismissed.suggestion?.startsWith(expected));
    await server.erase("a.js", 3, column);
    const deleting = await explain(column - 1);
    assert.equal(deleting.silence, "deleting");
    assert.ok(deleting.suggestion?.startsWith(`t${expected}`));
  });

  it("why it is silent: scope, exclusion, off, and unknown documents; where it is kept out it computes nothing", async () => {
    await start({ scopes: { comments: "off" } });
    await server.type("a.js", 3, 0, "// ");
    assert.equal((await explain(column + 3)).silence, "scope");
    await server.configure({ exclude: ["a.js"] });
    const excluded = await explain();
    assert.deepEqual([excluded.silence, excluded.characters], ["excluded", []]);
    await server.configure({ enabled: false });
    assert.equal((await explain()).silence, "off");
    await server.configure({});
    assert.equal((await explain(0, "unknown.js")).silence, "not-open");
  });

  it("that completions are off in the document's language", async () => {
    await start({}, [".js"]);
    assert.equal((await explain()).silence, "off");
  });

  it("why nothing is likely enough, character by character", async () => {
    await start({ eagerness: "quiet" });
    await server.change("a.js", { text: `${loop}zq` });
    const { silence, characters, wrongCost, shown } = await explain(2);
    assert.equal(silence, "unsure");
    assert.deepEqual([wrongCost, shown], [8, 0]);
    assert.ok(characters.length > 0 && characters.every(({ verdict }) => verdict !== "saves"));
  });
});
