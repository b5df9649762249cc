import assert from "node:assert/strict";
import { sharedBeginning } from "../../src/server/documents/cursors.ts";
import { loop, modelOfLoop } from "./learned.ts";
import { Server } from "./support.ts";

describe("a suggestion for several cursors", () => {
  let server: Server;
  beforeEach(async function () {
    this.timeout(60_000);
    server = await Server.start({ stored: { "model.onnx": await modelOfLoop() } });
  });
  afterEach(() => server.dispose());

  /** The line after the loop. */
  const first = 3;

  /** Types at two lines at once, which may begin differently, and returns what is suggested there in the end. */
  async function typeAt(starts: readonly [string, string], typed: string): Promise<string[]> {
    await server.open("a.js", `${loop}${starts.join("\n")}\n`);
    let suggested: { insertText: string }[] = [];
    for (const [i, text] of [...typed].entries()) {
      const places = starts.map((start, line) => ({ line: first + line, character: start.length + i }));
      // As an editor sends it: the last change first.
      const changes = places.map((place) => ({ range: { start: place, end: place }, text })).reverse();
      await server.change("a.js", ...changes);
      const [position, ...otherCursors] = places.map(({ line, character }) => ({ line, character: character + 1 }));
      suggested = await server.connection.sendRequest("textDocument/inlineCompletion", {
        textDocument: { uri: server.uri("a.js") },
        position,
        otherCursors,
        context: { triggerKind: 1 },
      });
    }
    return suggested.map(({ insertText }) => insertText);
  }

  it("is what is suggested at all of them", async () => {
    const [text = ""] = await typeAt(["", ""], "for (let i = 0; i < it");
    assert.match(text, /^ems\.length; i\+\+\) \{/);
  });

  it("is the beginning, in whole words, that the suggestions have in common", async () => {
    assert.deepEqual(await typeAt(["for (let i = 0; i < ", "  total += "], "it"), ["ems"]);
  });

  it("is nothing where they have nothing in common", async () => {
    assert.deepEqual(await typeAt(["for (let i =", "for (let i"], " "), []);
    await server.until(
      () => server.log.some((line) => /not likely at all cursors/.test(line)),
      "the reason in the log",
    );
  });
});

describe("what two suggestions share", () => {
  const of = (text: string, replaced = "") => ({ text, replaced });
  for (const [one, other, shared] of [
    ["items.length", "items.size", "items."],
    ["fooBar", "fooBaz", ""],
    ["foo(a)", "foo(b)", "foo("],
    ["foo", "foobar", ""],
    ["foo", "foo.bar", "foo"],
    ["a 😀 b", "a 😁 b", "a"],
    ["x\n  y", "x\n    y", "x"],
  ] as const) {
    it(`is ${JSON.stringify(shared)} for ${JSON.stringify(one)} and ${JSON.stringify(other)}`, () => {
      assert.equal(sharedBeginning(of(one), of(other)), shared);
      assert.equal(sharedBeginning(of(other), of(one)), shared);
    });
  }

  it("is all or nothing where they replace what stands right of the cursor", () => {
    assert.equal(sharedBeginning(of("a)", ")"), of("a)", ")")), "a)");
    assert.equal(sharedBeginning(of("a)", ")"), of("a)")), "");
    assert.equal(sharedBeginning(of("a)", ")"), of("a]", ")")), "");
  });
});
