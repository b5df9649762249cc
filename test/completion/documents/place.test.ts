import assert from "node:assert/strict";
import fc from "fast-check";
import { isBoundary } from "../../../src/boundary.ts";
import { DocumentPlace } from "../../../src/completion/documents/place.ts";
import { LocalModel } from "../../../src/completion/prediction/local/local-model.ts";
import { Place } from "../../../src/completion/prediction/local/place.ts";
import { bytesOf, firstDifference } from "../../../src/completion/text.ts";

const sizes = { successors: 12, direct: 12, history: 12 };

describe("A document's place", () => {
  it("is that of a fresh read, whatever was edited and requested before", () => {
    const piece = fc.string({ unit: fc.constantFrom("a", "b", "(", "{", ",", " ", "\n", "é", "🙂"), maxLength: 40 });
    const edit = fc.record({ at: fc.nat(), deleted: fc.nat(30), inserted: piece, asked: fc.nat() });
    fc.assert(
      fc.property(piece, fc.array(edit, { maxLength: 12 }), (first, edits) => {
        const local = new LocalModel(sizes);
        const place = new DocumentPlace(local, 3);
        let text = first;
        for (const { at, deleted, inserted, asked } of edits) {
          const start = at % (text.length + 1);
          const next = text.slice(0, start) + inserted + text.slice(start + deleted);
          place.update(next, firstDifference(text, next));
          text = next;
          const offset = asked % (text.length + 1);
          if (!isBoundary(text, offset)) continue;
          assert.deepEqual(place.at(text, offset), new DocumentPlace(local, 3).at(text, offset));
        }
      }),
      { numRuns: 5000 },
    );
  });

  it("is that of a fresh read where an edit completes half of a character", () => {
    const local = new LocalModel(sizes);
    const place = new DocumentPlace(local);
    place.at("🙂".slice(0, 1), 1);
    place.update("🙂a", 1);
    assert.deepEqual(place.at("🙂a", 3), new DocumentPlace(local).at("🙂a", 3));
  });

  it("knows what was learned in another document", () => {
    const local = new LocalModel(sizes);
    const learned = "const velocity = distance / time;\n";
    const other = new Place();
    for (const byte of bytesOf(learned)) local.learn(other, byte);
    const text = "const velo";
    local.look(new DocumentPlace(local).at(text, text.length));
    assert.equal(local.expected, "c".charCodeAt(0));
  });
});
