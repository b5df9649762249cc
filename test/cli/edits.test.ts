import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { Folder } from "../support/folder.ts";
import { Git } from "../support/git.ts";
import { json, murmur, refuses } from "./support.ts";

const cart = `export function total(items) {
  let sum = 0;
  for (const item of items) sum += item.price;
  return sum;
}
`;
const longer = cart
  .replace("  return sum;\n", "  if (sum > 100) sum -= 10;\n  return sum;\n")
  .replace("items)", "items, tax)");
const other = "export const tax = 0.2;\n";

interface Simulated {
  readonly chars: number;
  readonly kinds: readonly { readonly kind: string; readonly chars: number; readonly netSaved: number }[];
  readonly languages: readonly { readonly language: string; readonly chars: number }[];
  readonly files: readonly { readonly file: string; readonly chars: number }[];
}

describe("murmur simulate on edits", function () {
  this.timeout(120_000);
  let folder: Folder;
  let git: Git;
  before(async () => {
    git = await Git.start();
    folder = await Folder.with({
      "before/cart.js": cart,
      "before/same.js": "let same = 1;\n",
      "after/cart.js": longer,
      "after/same.js": "let same = 1;\n",
      "after/tax.js": other,
      "repository/cart.js": cart,
      "repository/lib/price.js": other,
    });
    const repository = folder.join("repository");
    const commit = ["-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "--all", "-m"];
    git.run(repository, "init", "--quiet");
    git.run(repository, "add", ".");
    git.run(repository, ...commit, "one");
    await folder.write("repository/cart.js", longer);
    await folder.write("repository/lib/price.js", `${other}export const price = 3;\n`);
    git.run(repository, ...commit, "two");
    // Neither commit holds these.
    await folder.write("repository/cart.js", `${longer}// being written\n`);
    await folder.write("repository/untracked.js", other);
  });
  after(async () => {
    await folder[Symbol.asyncDispose]();
    await git[Symbol.asyncDispose]();
  });

  it("has not read what it types, even if --given names it", async () => {
    const trees = ["--before", folder.join("before"), "--after", folder.join("after")];
    const figures = async (...args: string[]): Promise<unknown> => (await json("simulate", ...trees, ...args))["files"];
    assert.deepEqual(await figures("--given", folder.join("after/tax.js")), await figures());
  });

  it("types only what differs between two folders, and reports it by kind and language", async () => {
    const report = folder.join("report.html");
    const args = ["--before", folder.join("before"), "--after", folder.join("after"), "--report", report];
    const result = (await json("simulate", ...args)) as unknown as Simulated;
    assert.deepEqual(
      result.kinds.map(({ kind, chars }) => [kind, chars]),
      [
        ["new file", other.length],
        ["inserted lines", "  if (sum > 100) sum -= 10;".length],
        ["inside a line", ", tax".length],
      ],
    );
    assert.deepEqual(
      result.files.map(({ file }) => file),
      ["cart.js", "tax.js"],
    );
    assert.deepEqual(
      result.languages.map(({ language, chars }) => [language, chars]),
      [[".js", result.chars]],
    );
    const page = await readFile(report, "utf8");
    assert.match(page, /makes the edits that lead from the old files to the new ones/);
    assert.match(page, /inserted lines/);
  });

  it("types what differs between two commits, and leaves the repository and the temporary folder as they were", async () => {
    const repository = folder.join("repository");
    const state = (): string => git.run(repository, "status", "--porcelain");
    const trees = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("murmur-commits-"));
    const [stateBefore, treesBefore] = [state(), trees()];
    const result = (await json("simulate", repository, "--commits", "HEAD~1..HEAD")) as unknown as Simulated;
    assert.deepEqual(
      result.kinds.map(({ kind }) => kind),
      ["inserted lines", "inside a line"],
    );
    const part = (await json(
      "simulate",
      folder.join("repository/lib"),
      "--commits",
      "HEAD~1..",
    )) as unknown as Simulated;
    assert.deepEqual(
      part.files.map(({ file }) => file),
      ["price.js"],
    );
    assert.equal(state(), stateBefore);
    assert.deepEqual(trees(), treesBefore);
  });

  refuses({
    "one tree of two": [["simulate", "--before", "."], /--before and --after belong together/],
    "a path beside two trees": [["simulate", "x", "--before", ".", "--after", "."], /name no other path/],
    "a range that is none": [["simulate", "--commits", "HEAD"], /--commits is "HEAD"; it must be two commits: A\.\.B/],
    "nothing to type": [["simulate"], /Nothing to type: name files or folders, or --before and --after, or --commits/],
  });

  it("exits with 1 if the trees are the same or the commits can't be read, and says which", async () => {
    const before = folder.join("before");
    const cases: [string[], RegExp][] = [
      [["--before", before, "--after", before], /No text was added between .*before and .*before/],
      [
        [folder.join("repository"), "--commits", "HEAD..HEAD"],
        /No text was added between HEAD and HEAD in .*repository\. Choose/,
      ],
      [["--before", folder.join("none"), "--after", before], /no file or folder .*none/],
      [[folder.join("repository"), "--commits", "nowhere..HEAD"], /commits of .*repository can't be read/],
      [[before, "--commits", "A..B"], /commits of .*before can't be read.*not a git repository/i],
    ];
    for (const [args, message] of cases) {
      const { code, err } = await murmur("simulate", ...args);
      assert.equal(code, 1, err);
      assert.match(err, message);
    }
  });
});
