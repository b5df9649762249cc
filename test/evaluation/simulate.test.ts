import assert from "node:assert/strict";
import fc from "fast-check";
import { isBoundary } from "../../src/boundary.ts";
import { type ShownSuggestion, type Simulation, type Suggest, simulate } from "../../src/evaluation/simulate.ts";

/** Suggests what a script has for an offset, and records the offsets of the requests. */
function scripted(script: Readonly<Record<number, string>>): { readonly suggest: Suggest; readonly asked: number[] } {
  const asked: number[] = [];
  const suggest: Suggest = (before) => {
    asked.push(before.length);
    const text = script[before.length];
    return text === undefined ? undefined : { text, probability: 0.5 };
  };
  return { suggest, asked };
}

describe("simulated typing", () => {
  it("accepts a suggestion that comes next, and continues after it", async () => {
    const { suggest, asked } = scripted({ 1: "bcd" });
    const result = await simulate("abcdef", suggest);
    assert.deepEqual(asked, [0, 1, 4, 5]);
    assert.deepEqual([result.acceptedChars, result.acceptances, result.wrong], [3, 1, 0]);
  });

  it("counts a wrong suggestion once, and asks again when what is typed disagrees with it", async () => {
    const { suggest, asked } = scripted({ 2: "obars", 3: "never asked for" });
    const result = await simulate("foobarbaz", suggest);
    assert.deepEqual(asked, [0, 1, 2, 7, 8]);
    assert.deepEqual([result.shown, result.wrong, result.acceptances], [1, 1, 0]);
    assert.equal(result.events[0]?.agreed, 4);
  });

  it("counts a suggestion as wrong if it continues past the end of the file", async () => {
    const result = await simulate("abc", scripted({ 1: "bcd" }).suggest);
    assert.deepEqual([result.wrong, result.latencies.length], [1, 2]);
  });

  it("does not count a suggestion of one character as shown", async () => {
    const { suggest, asked } = scripted({ 0: "a", 1: "x", 2: "😀" });
    const result = await simulate("abc", suggest);
    assert.equal(result.shown, 0);
    assert.deepEqual(asked, [0, 1, 2]);
  });

  it("shows the suggester the text typed so far and nothing of the rest", async () => {
    const seen: string[] = [];
    await simulate("abc", (before) => void seen.push(before));
    assert.deepEqual(seen, ["", "a", "ab"]);
  });

  it("asks at multiples of every, and never inside a surrogate pair or a CRLF", async () => {
    const every = scripted({});
    await simulate("abcdefgh", every.suggest, { every: 3 });
    assert.deepEqual(every.asked, [0, 3, 6]);
    const boundaries = scripted({});
    await simulate("a😀b\r\nc", boundaries.suggest);
    assert.deepEqual(boundaries.asked, [0, 1, 3, 4, 6]);
  });

  it("records where in its line a suggestion was shown, and its probability", async () => {
    const { events } = await simulate("ab\ncdef\n", scripted({ 1: "zz", 5: "ef" }).suggest);
    assert.deepEqual(
      events.map(({ offset, column, isRight, probability }) => ({ offset, column, isRight, probability })),
      [
        { offset: 1, column: 1, isRight: false, probability: 0.5 },
        { offset: 5, column: 2, isRight: true, probability: 0.5 },
      ],
    );
  });

  it("measures the time of each request", async () => {
    let time = 0;
    const suggest: Suggest = () => {
      time += 7;
      return undefined;
    };
    assert.deepEqual((await simulate("abc", suggest, { now: () => time })).latencies, [7, 7, 7]);
  });

  it("gives nothing for an empty file", async () => {
    const result = await simulate("", scripted({}).suggest);
    assert.deepEqual([result.chars, result.shown, result.latencies.length], [0, 0, 0]);
  });

  it("gives the counts of a user who types key by key", async () => {
    const letters = fc.constantFrom("a", "b", "\n", "😀", "\r\n");
    const text = fc.string({ unit: letters, maxLength: 40 });
    const script = fc.array(fc.option(fc.string({ unit: letters, maxLength: 5 })), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, script, fc.integer({ min: 1, max: 3 }), async (file, texts, every) => {
        const suggest: Suggest = (before) => {
          const suggested = texts[before.length];
          return typeof suggested === "string" ? { text: suggested } : undefined;
        };
        const { acceptedChars, acceptances, shown, wrong } = await simulate(file, suggest, { every });
        assert.deepEqual({ acceptedChars, acceptances, shown, wrong }, await typeKeyByKey(file, suggest, every));
      }),
    );
  });
});

/** Simulated typing, literally as it is defined: the shown suggestion is compared before every key. */
async function typeKeyByKey(
  file: string,
  suggest: Suggest,
  every: number,
): Promise<Pick<Simulation, "acceptedChars" | "acceptances" | "shown" | "wrong">> {
  const counts = { acceptedChars: 0, acceptances: 0, shown: 0, wrong: 0 };
  let typed = "";
  let standing: { readonly at: number; readonly suggestion: ShownSuggestion } | undefined;
  while (typed.length < file.length) {
    if (standing && !standing.suggestion.text.startsWith(typed.slice(standing.at))) standing = undefined;
    if (!standing && typed.length % every === 0 && isBoundary(file, typed.length)) {
      const suggestion = await suggest(typed);
      if (suggestion && [...suggestion.text].length >= 2) {
        counts.shown++;
        if (file.startsWith(suggestion.text, typed.length)) {
          typed += suggestion.text;
          counts.acceptances++;
          counts.acceptedChars += suggestion.text.length;
          continue;
        }
        counts.wrong++;
        standing = { at: typed.length, suggestion };
      }
    }
    typed += file[typed.length];
  }
  return counts;
}
