import assert from "node:assert/strict";
import { actionsFor, comparisonPage, nameOf, wordsFor } from "../../src/extension/model-words.ts";
import type { ModelEntry } from "../../src/server/models-protocol.ts";

const own: ModelEntry = {
  id: "own",
  kind: "own",
  isInUse: true,
  bytes: 13_400_000,
  network: "LSTM, 2 × 512",
  trained: "2026-02-03T10:00:00.000Z",
  characters: 512_345,
  bitsPerChar: 0.634,
};
const former: ModelEntry = { ...own, id: "former-1.onnx", kind: "former", isInUse: false, file: "friend.onnx" };
const shipped: ModelEntry = { id: "default", kind: "default", isInUse: false, bytes: 3_500_000 };
const team: ModelEntry = { ...own, id: "team", kind: "team", isInUse: false, file: "models/team.onnx" };

describe("a model in the list", () => {
  it("is shown with what it is, its size, where it comes from, and what it was trained on", () => {
    const { label, description, detail } = wordsFor(own);
    assert.equal(label, "$(check) Model of this workspace");
    assert.equal(description, "in use, trained here, 13.4 MB, LSTM, 2 × 512");
    assert.match(detail, /^trained .*2026.*, on 512 thousand characters, 0\.63 bits per held-out character$/);
    assert.match(wordsFor(former).description, /^from the file friend\.onnx/);
    assert.match(wordsFor(team).label, /Model of this repository \(models\/team\.onnx\)/);
    assert.match(wordsFor(shipped).description, /^comes with Murmur, 3\.5 MB/);
    assert.equal(nameOf({ ...former, name: "before the rewrite" }), "before the rewrite");
    assert.match(wordsFor({ ...former, problem: "It is damaged." }).label, /^\$\(warning\)/);
  });

  it("offers what can be done with it, and nothing that would take away the one in use or the default one", () => {
    assert.deepEqual(actionsFor(own), ["rename", "export"]);
    assert.deepEqual(actionsFor(former), ["use", "rename", "export", "delete"]);
    assert.deepEqual(actionsFor(shipped), ["use", "export"]);
    assert.deepEqual(actionsFor(team), ["use", "export"]);
    assert.deepEqual(actionsFor({ ...former, problem: "It is damaged." }), ["delete"]);
  });
});

describe("the page that compares models", () => {
  const result = { outcome: "done", files: 3, characters: 12_345, mayBeKnown: false } as const;

  it("has a row for each, and marks the best one and the one in use", () => {
    const models = [
      { id: "own", mixed: 0.6, network: 1.2, acceptedShare: 0.412, netSaved: 0.3 },
      { id: "default", mixed: 0.7, network: 1.5, acceptedShare: 0.36, netSaved: 0.25 },
      { id: "former-1.onnx" },
    ];
    const page = comparisonPage({ ...result, models }, [own, shipped, { ...former, name: "a|b" }]);
    assert.ok(page.includes("| **`Model of this workspace`** (in use) | 41.2 % | 30.0 % | 0.600 | 1.200 |"), page);
    assert.ok(page.includes("| `Default model` | 36.0 % | 25.0 % | 0.700 | 1.500 |"));
    assert.ok(page.includes("| `a\\|b` | – | – | – | – |"));
    assert.match(page, /Measured on 3 files of this workspace \(12 thousand characters\)/);
    assert.ok(!page.includes("too good"));
  });

  it("says where a figure may be too good", () => {
    assert.match(comparisonPage({ ...result, mayBeKnown: true, models: [] }, []), /figures may be too good/);
  });
});
