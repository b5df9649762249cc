import assert from "node:assert/strict";
import { filesOf, printable } from "../src/wording.ts";

describe("Wording", () => {
  it("counts files in the singular and the plural", () => {
    assert.deepEqual([0, 1, 2, 1000].map(filesOf), ["0 files", "1 file", "2 files", "1,000 files"]);
  });

  it("shows the control characters in a name, and leaves all else", () => {
    assert.equal(printable("größe 😀.ts"), "größe 😀.ts");
    assert.equal(printable("a\nb\u001b[2J\u009b\u007f.ts"), "a\\x0ab\\x1b[2J\\x9b\\x7f.ts");
  });
});
