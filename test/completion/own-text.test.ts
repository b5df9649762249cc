import assert from "node:assert/strict";
import { CompletionEngine } from "../../src/completion/engine.ts";
import type { TextReader } from "../../src/completion/memory/text-reader.ts";
import { markOf, Place } from "../../src/completion/prediction/local/place.ts";
import type { Mixture } from "../../src/completion/prediction/mixture.ts";
import { bytesOf } from "../../src/completion/text.ts";
import type { LanguageModel } from "../../src/model/language-model.ts";
import { fittedMemory } from "./fitted-memory.ts";
import { successionModel } from "./succession-model.ts";

const line = "call(zorbleFrobnicator);\n";

describe("What was seen in the same text", () => {
  let model: LanguageModel;
  let mixture: Mixture;
  let reader: TextReader;
  let engine: CompletionEngine;
  before(async () => {
    model = await successionModel(["ab"]);
  });
  after(() => model.release());
  beforeEach(async () => {
    ({ mixture, reader } = await fittedMemory());
    engine = new CompletionEngine(model, { mixture, reader, budget: Number.POSITIVE_INFINITY });
  });

  /** How many contexts were seen last in the text of this name, at a place in it. */
  const seenIn = (name: string): number => {
    const place = new Place(markOf(name));
    for (const byte of bytesOf(`${line}call(zorbleF`)) mixture.local.advance(place, byte);
    return mixture.look(place, undefined).seenHere;
  };

  const learned: Readonly<Record<string, () => Promise<unknown>>> = {
    "a file that is read": () => reader.read(line.repeat(3), { name: "/a.js" }),
    "a file that is rehearsed": () => reader.rehearse(line.repeat(3), model, { name: "/a.js" }),
    "a document that is opened": () => engine.update("file:///a.js", line.repeat(3)),
    "a document that is written": async () => {
      await engine.update("file:///a.js", "\n");
      for (let text = "\n"; text.length < 4 * line.length; ) {
        text += line.charAt((text.length - 1) % line.length);
        await engine.update("file:///a.js", text);
      }
    },
  };
  for (const [title, learn] of Object.entries(learned)) {
    it(`is distinguished from what was seen in another: ${title}`, async () => {
      await learn();
      assert.ok(seenIn("/a.js") > 10, `${seenIn("/a.js")}`);
      assert.equal(seenIn("/b.js"), 0);
    });
  }

  it("counts for more than what many other texts say after the same characters, though they were read later", async () => {
    const text = (word: string, from: number): string =>
      Array.from({ length: 6 }, (_, i) => `const item${from + i} = list.${word};\n`).join("");
    await reader.read(text("final", 0), { name: "/a.js" });
    for (let i = 1; i < 12; i++) await reader.read(text("first", 10 * i), { name: `/${i}.js` });
    /** The probability of the n of "final" in the text of a name. */
    const likely = (name: string): number => {
      const place = new Place(markOf(name));
      for (const byte of bytesOf("let other;\nconst item77 = list.fi")) mixture.local.advance(place, byte);
      return mixture.distribution(place, undefined)["n".charCodeAt(0)] ?? Number.NaN;
    };
    const [here, elsewhere] = [likely("/a.js"), likely("/b.js")];
    assert.ok(here > 4 * elsewhere, `${here} here, ${elsewhere} in another text`);
    const { local } = mixture;
    local.contents[2]?.fill(0);
    assert.ok(likely("/a.js") < 2 * elsewhere, "where texts are not counted by themselves");
  });

  it("is the same for a notebook's file and for its cells", () => {
    const cells = ["vscode-notebook-cell:/home/me/a%20b.ipynb#W0s", "vscode-notebook-cell:/home/me/a%20b.ipynb#W1s"];
    assert.deepEqual(cells.map(markOf), [markOf("/home/me/a b.ipynb"), markOf("/home/me/a b.ipynb")]);
  });

  /** What the mixture gives the byte after the cursor when a suggestion is asked for, and when the next key is learned. */
  async function following(text: string, offset: number, key: string): Promise<{ asked: number; learned: number }> {
    const byte = text.charCodeAt(offset);
    const seen: number[] = [];
    const { distribution, learnMixing } = mixture;
    mixture.distribution = (place, network) => {
      const probabilities = distribution.call(mixture, place, network);
      seen.push(probabilities[byte] ?? Number.NaN);
      return probabilities;
    };
    await engine.suggest({ uri: "file:///a.js", text, offset, temperature: 0, maxCharacters: 20 });
    const [asked = Number.NaN] = seen;
    let learnedFrom = Number.NaN;
    mixture.learnMixing = (place, network, came, isRehearsed) => {
      learnedFrom = distribution.call(mixture, place, network)[byte] ?? Number.NaN;
      return learnMixing.call(mixture, place, network, came, isRehearsed);
    };
    await engine.update("file:///a.js", text.slice(0, offset) + key + text.slice(offset));
    mixture.distribution = distribution;
    mixture.learnMixing = learnMixing;
    return { asked, learned: learnedFrom };
  }

  it("does not count what comes after the cursor, neither for a suggestion nor for what is learned from the next key", async () => {
    const text = `first();\n${line}last();\n`;
    await engine.update("file:///a.js", text);
    const offset = text.indexOf("Frobnicator");
    const { asked, learned } = await following(text, offset, "x");
    assert.ok(asked < 0.3, `${asked}`);
    assert.ok(Math.abs(learned - asked) < 1e-6, `${learned} and ${asked}`);
  });

  it("counts what comes after the cursor as far as other texts have it", async () => {
    await reader.read(line, { name: "/b.js" });
    const text = `first();\n${line}last();\n`;
    engine.see("file:///a.js", text);
    const offset = text.indexOf("Frobnicator");
    const before = await following(text, offset, "x");
    assert.ok(before.asked > 0.4, `${before.asked} before the document is learned`);
  });

  it("is where the recent costs of the sources are counted", () => {
    const [one, other] = [new Place(1), new Place(2)];
    const fresh = [...other.recent.means];
    for (const byte of bytesOf(line.repeat(3))) {
      mixture.learnMixing(one, undefined, byte);
      mixture.local.learn(one, byte);
    }
    assert.notDeepEqual([...one.recent.means], fresh);
    assert.deepEqual([...other.recent.means], fresh);
    assert.equal(one.clone().recent, one.recent);
  });

  it("begins with the recent costs of another text only where it was not typed from its beginning", () => {
    const [one, typed, opened] = [new Place(1), new Place(2), new Place(3)];
    const fresh = [...typed.recent.means];
    for (const byte of bytesOf(line)) mixture.learnMixing(one, undefined, byte);
    const costs = [...one.recent.means];
    mixture.look(typed, undefined);
    assert.deepEqual([...typed.recent.means], fresh);
    mixture.local.advance(opened, 0x61);
    mixture.look(opened, undefined);
    assert.deepEqual([...opened.recent.means], costs);
    mixture.learnMixing(opened, undefined, 0x62);
    const own = [...opened.recent.means];
    mixture.learnMixing(one, undefined, 0x63);
    mixture.look(opened, undefined);
    assert.deepEqual([...opened.recent.means], own, "once it has costs of its own");
  });
});
