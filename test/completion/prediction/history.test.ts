import assert from "node:assert/strict";
import { LocalModel } from "../../../src/completion/prediction/local/local-model.ts";
import { Place } from "../../../src/completion/prediction/local/place.ts";
import { bytesOf } from "../../../src/completion/text.ts";

const text = "const total = frobnicate(wibble, 7);\n";

describe("The history", () => {
  const local = new LocalModel({ successors: 14, direct: 14, history: 16 });
  const { history } = local;
  beforeEach(() => local.forget());

  /** Learns the text once more. @returns where it is in the history */
  const learn = (): { readonly from: number; readonly to: number } => {
    history.separate();
    const from = history.length;
    const place = new Place();
    for (const byte of bytesOf(text)) local.learn(place, byte);
    return { from, to: history.length };
  };
  /** Where the last byte of the text's first 30 was seen last. */
  const lastSeen = (isMeant = (_: number): boolean => true): number => {
    const place = new Place();
    for (const byte of bytesOf(text.slice(0, 30))) local.advance(place, byte);
    return history.lastAdded(place.context, isMeant);
  };

  it("finds the latest of several repeats", () => {
    learn();
    const { from } = learn();
    assert.equal(lastSeen(), from + 29);
  });

  it("finds an earlier one where the latest are erased, in any order", () => {
    const first = learn();
    const second = learn();
    const third = learn();
    history.erase(second.from, second.to);
    assert.equal(lastSeen(), third.from + 29);
    history.erase(third.from, third.to);
    assert.equal(lastSeen(), first.from + 29);
    history.erase(first.from, first.to);
    assert.equal(lastSeen(), 0);
  });

  it("finds an earlier one where a later one is not meant", () => {
    const places = [learn(), learn(), learn()].map(({ from }) => from + 29);
    const left = new Set(places);
    for (const place of places.toReversed()) {
      assert.equal(
        lastSeen((position) => left.has(position)),
        place,
      );
      left.delete(place);
    }
    assert.equal(
      lastSeen((position) => left.has(position)),
      0,
    );
  });

  it("finds the one that was added after another was erased", () => {
    const first = learn();
    history.erase(first.from, first.to);
    assert.equal(learn().from + 29, lastSeen());
  });
});
