import assert from "node:assert/strict";
import { posix, win32 } from "node:path";
import { namedPath } from "../../../src/corpus/ignore/named-path.ts";

describe("a path that a repository names", () => {
  it("is resolved from its folder", () => {
    assert.equal(namedPath("/a/b", "../c", posix), "/a/c");
    assert.equal(namedPath("/a/b", "/c", posix), "/c");
    assert.equal(namedPath("C:\\a\\b", "../c", win32), "C:\\a\\c");
    assert.equal(namedPath("C:\\a\\b", "D:/c", win32), "D:\\c");
    assert.equal(namedPath("C:\\a\\b", "\\\\c", win32), "C:\\c");
  });

  it("is not followed to another machine or to a device", () => {
    const paths = [
      "\\\\host\\share\\a",
      "//host/share/a",
      "\\/host/share/a",
      "\\\\?\\UNC\\host\\share\\a",
      "\\\\.\\pipe\\a",
    ];
    for (const path of [...paths, "\\\\host@SSL\\DavWWWRoot\\a", "//?/C:/a"]) {
      assert.equal(namedPath("C:\\a", path, win32), undefined, path);
      assert.equal(namedPath("\\\\server\\share\\a", path, win32), undefined, path);
    }
  });

  it("is followed on the share that its folder is on", () => {
    assert.equal(namedPath("\\\\Host\\share\\a", "..\\b", win32), "\\\\Host\\share\\b");
    assert.equal(namedPath("\\\\Host\\share\\a", "//host/Share/b", win32), "\\\\host\\Share\\b");
    assert.equal(namedPath("\\\\Host\\share\\a", "//host/other/b", win32), undefined);
  });
});
