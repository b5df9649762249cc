import assert from "node:assert/strict";
import { pathOf } from "../../src/server/uris.ts";

describe("a URI's path", () => {
  it("is that of a file of this machine", () => {
    assert.equal(pathOf("file:///a/b%20c.ts"), "/a/b c.ts");
  });

  it("is none where there is no such file", () => {
    for (const uri of [
      "untitled:Untitled-1",
      "vscode-userdata:/settings.json",
      "file://machine/share/a.ts",
      "file:///a%2Fb",
      "",
      "nonsense",
    ]) {
      assert.equal(pathOf(uri), undefined, uri);
    }
  });
});
