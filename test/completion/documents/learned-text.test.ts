import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { DocumentText } from "../../../src/completion/documents/document-text.ts";
import { CompletionEngine } from "../../../src/completion/engine.ts";
import type { TextReader } from "../../../src/completion/memory/text-reader.ts";
import { Place } from "../../../src/completion/prediction/local/place.ts";
import type { Mixture } from "../../../src/completion/prediction/mixture.ts";
import { bytesOf } from "../../../src/completion/text.ts";
import type { LanguageModel } from "../../../src/model/language-model.ts";
import { editOf } from "../../../src/server/documents/edits.ts";
import { fittedMemory } from "../fitted-memory.ts";
import { successionModel } from "../succession-model.ts";

const uri = "file:///a.js";

describe("Text written in a document counts provisionally:", () => {
  let model: LanguageModel;
  let mixture: Mixture;
  let reader: TextReader;
  let engine: CompletionEngine;
  before(async () => {
    model = await successionModel(["abcdef\n"]);
  });
  after(async () => await model.release());
  const renew = async (): Promise<void> => {
    ({ mixture, reader } = await fittedMemory());
    engine = new CompletionEngine(model, { mixture, reader });
  };
  beforeEach(renew);

  /** The probability that the local model gives a character after a text. */
  const probability = (before: string, next: string): number => {
    const place = new Place();
    for (const byte of bytesOf(before)) mixture.local.advance(place, byte);
    return mixture.distribution(place, undefined)[next.charCodeAt(0)]!;
  };
  /** Types a text key by key at an offset of the document's text, and returns that. */
  const type = async (text: string, offset: number, typed: string): Promise<string> => {
    let now = text;
    for (const [i, key] of [...typed].entries()) {
      now = now.slice(0, offset + i) + key + now.slice(offset + i);
      await engine.update(uri, now);
    }
    return now;
  };
  const other = "let quux = 1;\n".repeat(3);
  const line = "call(zorbleFrobnicator);\n";

  it("typed text is expected at once, and no longer once it is erased key by key", async () => {
    await engine.update(uri, other);
    const fresh = probability("\ncall(zorbleF", "r");
    let text = await type(other, other.length, line.repeat(2));
    assert.ok(probability("\ncall(zorbleF", "r") > 0.5);
    for (; text.length > other.length; text = text.slice(0, -1)) await engine.update(uri, text.slice(0, -1));
    assert.ok(probability("\ncall(zorbleF", "r") < 2 * fresh + 0.001);
  });

  it("pasted text that is removed at once leaves just as little, and the text before it stays", async () => {
    await engine.update(uri, other);
    const [fresh, kept] = [probability("\ncall(zorbleF", "r"), probability("\nlet qu", "u")];
    const pasted = line.repeat(10) + other.repeat(10);
    await engine.update(uri, other + pasted);
    assert.ok(probability("\ncall(zorbleF", "r") > 0.5);
    await engine.update(uri, other);
    assert.ok(probability("\ncall(zorbleF", "r") < 2 * fresh + 0.05);
    assert.ok(probability("\nlet qu", "u") > 0.7 * kept);
  });

  const pasted = Array.from({ length: 30 }, (_, i) => `call(zorbleFrobnicator, ${i});\n`).join("");
  /** A hash of everything that was learned. */
  const contents = (): string => {
    const hash = createHash("sha256");
    for (const array of mixture.local.contents) hash.update(array);
    return hash.digest("hex");
  };
  /** What is known after each text was learned before the next one came, and after they came in quick succession. */
  const knownAfter = async (texts: readonly string[], pause: number): Promise<{ slow: string; quick: string }> => {
    for (const text of texts) await engine.update(uri, text);
    const slow = contents();
    await renew();
    const updates: Promise<void>[] = [];
    for (const [i, text] of texts.entries()) {
      // As the server does.
      reader.beQuiet(75);
      updates.push(engine.update(uri, text));
      await (i === 0 ? updates[0] : setTimeout(pause));
    }
    await Promise.all(updates);
    return { slow, quick: contents() };
  };

  for (const pause of [0, 20, 70, 100]) {
    it(`pasted text that is replaced ${pause} ms later leaves what it leaves when it is replaced later`, async () => {
      const replaced = pasted.replaceAll("zorbleFrobnicator", "plainNode");
      const { slow, quick } = await knownAfter([other, other + pasted, other + replaced], pause);
      assert.equal(quick, slow);
    });
  }

  it("small edits in pasted text that is still being read are learned after it, in their order", async () => {
    const texts = [other, other + pasted];
    for (let text = other + pasted; text.includes("zorble"); ) {
      text = text.replace("zorbleFrobnicator", "plainNode");
      texts.push(text);
    }
    const { slow, quick } = await knownAfter(texts, 0);
    assert.equal(quick, slow);
  });

  it("an edit that follows a text just opened is learned after it", async () => {
    const { slow, quick } = await knownAfter(["", pasted + other, pasted + pasted, other], 0);
    assert.equal(quick, slow);
  });

  describe("a line that its filter refuses once more of it is typed", () => {
    const allows = (lines: string): boolean => !lines.includes("0451");
    const filter = {
      allows,
      partsOf: (text: string) =>
        text.split(/^/m).map((line) => ({ length: line.length, text: allows(line) ? line : "" })),
    };
    const secret = "let zorbleFrobnicator = 0451;\n";
    let fresh: number;
    beforeEach(async () => {
      engine = new CompletionEngine(model, { mixture, reader, filter });
      await engine.update(uri, other);
      fresh = probability("\nlet zorbleF", "r");
    });
    const isForgotten = (): boolean => probability("\nlet zorbleF", "r") < 2 * fresh + 0.02;

    it("is taken back as a whole, and stays so when the document is settled", async () => {
      const text = await type(other, other.length, secret.slice(0, -4));
      assert.ok(probability("\nlet zorbleF", "r") > 0.3);
      await type(text, text.length, secret.slice(-4));
      assert.ok(isForgotten());
      await engine.settle(uri);
      assert.ok(isForgotten());
    });

    it("is taken back once, though several places of it change at once", async () => {
      const twice = await type(other, 0, "let zorbleFrobnicator = 1;\n".repeat(2));
      const kept = probability("\nlet zorbleF", "r");
      const now = DocumentText.of(twice);
      await engine.update(uri, now);
      const replacements = [
        { offset: 24, former: "1", text: "0451" },
        { offset: 4, former: "z", text: "Z" },
      ];
      let changed = now;
      for (const { offset, text } of replacements) changed = changed.replace(offset, offset + 1, text);
      await engine.update(uri, changed, editOf(now, replacements));
      assert.ok(probability("\nlet zorbleF", "r") > 0.3 * kept);
    });

    it("is taken back from text that is still being read", async () => {
      const long = other.repeat(20);
      const texts = [long, `${long}let zorbleFrobnicator = `, `${long}let zorbleFrobnicator = 0451`];
      await Promise.all(texts.map((text) => engine.update(uri, text)));
      assert.ok(isForgotten());
    });

    it("is learned as a whole if it is allowed again", async () => {
      let text = await type(other, other.length, secret.slice(0, -1));
      assert.ok(isForgotten());
      text = text.slice(0, -2);
      await engine.update(uri, text);
      assert.ok(!isForgotten());
    });
  });

  it("a document that may not be learned any more is taken back, with the text typed last", async () => {
    await engine.update(uri, other);
    const fresh = probability("\ncall(zorbleF", "r");
    await type(other, other.length, line.repeat(2));
    await engine.unlearn(uri);
    assert.ok(probability("\ncall(zorbleF", "r") < 2 * fresh + 0.001);
  });

  it("a closing quote that the editor inserts is expected after the text typed between the quotes, not after the opening one", async () => {
    await engine.update(uri, other);
    let text = other;
    for (let i = 0; i < 8; i++) {
      text = await type(text, text.length, "print(");
      text += '"")';
      await engine.update(uri, text);
      text = await type(text, text.length - 2, "zorble");
      text = await type(text, text.length, ";\n");
    }
    assert.ok(probability('\nprint("', "z") > 0.5);
    assert.ok(probability('\nprint("', '"') < 0.05);
    assert.ok(probability('\nprint("zorble', '"') > 0.5);
  });

  it("a renaming in many places makes the new name the likely one at once", async () => {
    const text = Array.from({ length: 21 }, (_, i) => `const session${i} = fetchSession(request, ${i});\n`).join("");
    let now = DocumentText.of(text);
    await engine.update(uri, now);
    assert.ok(probability("\nconst session9 = ", "f") > 0.5);
    const replacements = [...text.matchAll(/fetchSession/g)]
      .reverse()
      .map(({ index }) => ({ offset: index, former: "fetchSession", text: "obtainSession" }));
    const former = now;
    for (const { offset, text } of replacements) now = now.replace(offset, offset + "fetchSession".length, text);
    await engine.update(uri, now, editOf(former, replacements));
    assert.ok(probability("\nconst session9 = ", "o") > 0.5);
    assert.ok(probability("\nconst session9 = ", "f") < 0.1);
  });

  it("a document without a file is forgotten when it is closed, and one with a file counts as known", async () => {
    const fresh = probability("\ncall(zorbleF", "r");
    await engine.update("untitled:1", line.repeat(6));
    assert.ok(probability("\ncall(zorbleF", "r") > 0.5);
    await engine.close("untitled:1");
    assert.ok(probability("\ncall(zorbleF", "r") < 2 * fresh + 0.001);
    await engine.update(uri, line.repeat(6));
    await engine.close(uri);
    assert.ok(probability("\ncall(zorbleF", "r") > 0.5);
    await engine.unlearn(uri);
    assert.ok(probability("\ncall(zorbleF", "r") < 2 * fresh + 0.001);
  });
});
