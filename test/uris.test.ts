import assert from "node:assert/strict";
import { notebookOf, pathOf } from "../src/uris.ts";

describe("the path of a URI", () => {
  it("is that of a file on this machine", () => {
    assert.equal(pathOf("file:///a/b%20c.ts"), "/a/b c.ts");
  });

  it("is the notebook's path for a cell of a notebook", () => {
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

  it("is the notebook's path on this machine for a cell in a remote window, and no path for one on a share", () => {
    const fragment = { remote: "X10sdnNjb2RlLXJlbW90ZQ%3D%3D", file: "W0sZmlsZQ%3D%3D" };
    assert.equal(pathOf(`vscode-notebook-cell://ssh-remote%2Bbox/a/b.ipynb#${fragment.remote}`), "/a/b.ipynb");
    assert.equal(pathOf(`vscode-notebook-cell://127.0.0.1:80/a/b.ipynb#${fragment.remote}`), "/a/b.ipynb");
    assert.equal(pathOf(`vscode-notebook-cell://machine/share/b.ipynb#${fragment.file}`), undefined);
  });

  it("is undefined if the URI is not of a file on this machine", () => {
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
