import assert from "node:assert/strict";
import { notebookOf, pathOf } from "../../src/server/uris.ts";

describe("a URI's path", () => {
  it("is that of a file of this machine", () => {
    assert.equal(pathOf("file:///a/b%20c.ts"), "/a/b c.ts");
  });

  it("is, for a cell of a notebook, that of the notebook", () => {
    for (const uri of [
      "vscode-notebook-cell:/a/b%20c.ipynb#W0sZmlsZQ%3D%3D",
      "vscode-notebook-cell:///a/b%20c.ipynb#x",
    ]) {
      assert.equal(pathOf(uri), "/a/b c.ipynb");
      assert.equal(notebookOf(uri), "file:///a/b%20c.ipynb");
    }
    assert.equal(pathOf("vscode-notebook-cell:Untitled-1.ipynb?jupyter-notebook#W0"), undefined);
    assert.equal(notebookOf("file:///a/b.ipynb"), undefined);
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
