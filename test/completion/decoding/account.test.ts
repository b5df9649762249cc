import assert from "node:assert/strict";
import fc from "fast-check";
import { Account, type End } from "../../../src/completion/decoding/account.ts";
import type { DecodedCharacter } from "../../../src/completion/decoding/decoder.ts";
import { endsGrapheme } from "../../../src/completion/decoding/graphemes.ts";
import { repeatOf } from "../../../src/completion/decoding/repeats.ts";
import { endsWell, fitToRest } from "../../../src/completion/decoding/suffix.ts";
import { type Surroundings, surroundingsOf } from "../../../src/completion/decoding/surroundings.ts";
import { endsInWord, wordProbability } from "../../../src/completion/decoding/words.ts";
import type { Prediction } from "../../../src/completion/prediction/predictor.ts";
import { createTokenizer } from "../../../src/model/tokenizer.ts";

/** A text of code, markup and characters that join, with few enough words that it repeats itself. */
const text = fc
  .array(
    fc.constantFrom(
      ..."abx (){}[]<>;,'\"\n\n",
      ..."  return a;\n|\n}\n|\n);\n|<ul>\n|\n</ul>|</ul>\n|<li>|</li>|</u|f(a, [b|\n\n  \n|\n  a = 1;|/* x */|👩‍💻|e\u0301|🇩🇪|漢字".split(
        "|",
      ),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(""));

const rest = fc.constantFrom("", "", "", "  ", ")", ");", '")', ", b) + 1", "/ul>", "\u0301");

const surroundings = fc
  .record({ before: text, rest, below: text })
  .map(({ before, rest, below }) => surroundingsOf("a.js", before, rest, below === "" ? "" : `\n${below}`));

/** A character that was decoded where all bytes are equally likely. */
function one(text: string): DecodedCharacter {
  const before = { logits: new Float32Array(256), tokenizer: createTokenizer("byte", []) } as Prediction;
  return { text, tokens: [], probability: 1, before };
}

function decoded(characters: string): DecodedCharacter[] {
  return [...characters].map(one);
}

/** The suggestion up to the character with which it is certain to repeat the text below. Decoding ends there. */
function uncut(suggestion: string, around: Surroundings): string {
  const lengths = Array.from({ length: suggestion.length + 1 }, (_, length) => length);
  const end = lengths.find((length) => repeatOf(suggestion.slice(0, length), around)?.isCertain);
  return suggestion.slice(0, end);
}

/** The same as the account has, of all characters up to the end at once. */
function endOf(suggestion: string, next: string, around: Surroundings): End {
  const made = around.lineStart + suggestion;
  const isWhole = endsGrapheme(made, around.rest) && endsGrapheme(made, next);
  if (!isWhole || repeatOf(suggestion, around)) return { gain: 0, isAllowed: false, wordGoesOn: 0 };
  const gain = endsWell(suggestion, around.rest) ? fitToRest(suggestion, around.rest).gain : 0;
  const goesOn = next === "" ? undefined : wordProbability(one(next).before, suggestion);
  return { gain, isAllowed: suggestion.trimEnd() === suggestion, wordGoesOn: endsInWord(suggestion) ? goesOn : 0 };
}

describe("The account of a suggestion", () => {
  it("has for each end what is found of the suggestion as a whole", () => {
    fc.assert(
      fc.property(surroundings, text, (around, suggestion) => {
        const account = new Account(around, [], []);
        let made = "";
        for (const character of suggestion) {
          const whole = repeatOf(made + character, around);
          assert.deepEqual(account.add(one(character)), whole);
          made += character;
          if (whole?.isCertain) break;
        }
        assert.equal(account.text, made);
        const ends: End[] = [];
        for (let length = 0; length < made.length; ) {
          const [next = ""] = made.slice(length);
          length += next.length;
          ends.push(endOf(made.slice(0, length), made.slice(length), around));
        }
        assert.deepEqual(account.ends, ends);
      }),
      { numRuns: 2000 },
    );
  });

  it("is the same whether it goes on from known ends or begins anew", () => {
    fc.assert(
      fc.property(surroundings, text, fc.nat(30), (around, suggestion, known) => {
        const characters = decoded(uncut(suggestion, around));
        const all = new Account(around, characters, []);
        // The last end depends on what follows it.
        const first = new Account(around, characters.slice(0, known), []).ends.slice(0, -1);
        const continued = new Account(around, characters, first);
        assert.equal(continued.text, all.text);
        assert.deepEqual(continued.ends, all.ends);
      }),
      { numRuns: 1000 },
    );
  });
});
