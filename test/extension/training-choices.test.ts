import assert from "node:assert/strict";
import { trainFor, trainingChoices } from "../../src/extension/training-choices.ts";
import type { FilesRead } from "../../src/server/training-protocol.ts";

const read: FilesRead = {
  languages: [
    { languageId: "typescript", files: 120, characters: 1_200_000 },
    { languageId: "", files: 2, characters: 300 },
  ],
  leftOut: "3 ignored, 1 binary",
  isComplete: true,
  isTrained: false,
};
const named = (id: string): string => (id === "typescript" ? "TypeScript" : "");

describe("the list before the first training", () => {
  it("offers the setting's minutes first, and more", () => {
    const [first, second] = trainingChoices(read, 3, named);
    assert.deepEqual([first?.minutes, second?.minutes], [3, 9]);
    assert.match(first?.label ?? "", /Train for 3 minutes/);
  });

  it("shows what is read, by language, and what is left out", () => {
    const [, , files, leftOut] = trainingChoices(read, 3, named);
    assert.match(files?.label ?? "", /Reads 122 files, 1\.2 MB$/);
    assert.equal(files?.detail, "TypeScript 120, others 2");
    assert.equal(leftOut?.detail, "3 ignored, 1 binary");
    assert.equal(trainingChoices({ ...read, leftOut: "" }, 3, named).length, 3);
  });

  it("says that there are more files than were read", () => {
    const [, , files] = trainingChoices({ ...read, isComplete: false }, 3, named);
    assert.match(files?.label ?? "", /and more that Murmur has not read itself/);
  });

  it("counts minutes in words", () => {
    assert.deepEqual(
      [trainFor(1), trainFor(0.05 * 3), trainFor(10)],
      ["Train for 1 minute", "Train for 0.15 minutes", "Train for 10 minutes"],
    );
  });
});
