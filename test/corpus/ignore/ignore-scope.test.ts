import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { dirname } from "node:path/posix";
import fc from "fast-check";
import { candidateFiles, isCandidate } from "../../../src/corpus/files.ts";
import { isIgnored, scopeOf } from "../../../src/corpus/ignore/ignore-scope.ts";
import { Folder } from "../../support/folder.ts";
import { Git } from "../../support/git.ts";

async function taken(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of candidateFiles(folder, { exclude: [] })) names.push(name);
  return names.filter((name) => !name.endsWith(".gitignore")).sort();
}

const folders = ["", "a/", "b/", "a/a/", "a/b/", "a/b/c/", "B/", "é/"];
const files = folders.flatMap((folder) => ["x.ts", "y.tmp", "keep.tmp", "Z.ts"].map((name) => folder + name));
const rules = fc
  .array(
    fc.constantFrom(
      ...[
        "*.tmp",
        "!keep.tmp",
        "a/",
        "/a",
        "b",
        "!b/",
        "a/**",
        "!a/b/",
        "**/c/",
        "x.ts",
        "/x.ts",
        "!x.ts",
        "z.ts",
        "é",
        "*",
      ],
      ...["a/b/*", "!a/b/x.ts", "/*/", "!/a/", "?.ts", "[xy].*", "B/"],
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((lines) => lines.join("\n"));

/** The paths that a path leads through, itself the last. */
function steps(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}

describe("what git ignores in a folder", () => {
  it("is left out, as a whole and file by file, wherever the folder lies in its repository", async () => {
    await using git = await Git.start();
    const property = fc.asyncProperty(
      fc.dictionary(fc.constantFrom(...folders), rules, { maxKeys: 4 }),
      fc.option(rules),
      fc.option(rules),
      fc.option(fc.constantFrom(...folders.slice(1))),
      fc.constantFrom(...folders),
      fc.boolean(),
      async (inFolders, inInfo, ofUser, nested, opened, ignoreCase) => {
        await using repository = await Folder.with(Object.fromEntries(files.map((file) => [file, "text"])));
        for (const [folder, text] of Object.entries(inFolders)) await repository.write(`${folder}.gitignore`, text);
        await git.home.write("git/ignore", ofUser ?? "");
        const roots = ["", ...(nested === null ? [] : [nested])];
        for (const root of roots) {
          git.run(repository.join(root), "init", "-q");
          git.run(repository.join(root), "config", "core.ignoreCase", String(ignoreCase));
        }
        if (inInfo !== null) await repository.write(".git/info/exclude", inInfo);
        /** By each repository. */
        const ignored = new Map(
          roots.map((root) => {
            const inside = files.filter((file) => file.startsWith(root)).map((file) => file.slice(root.length));
            return [root, git.ignored(repository.join(root), [...new Set(inside.flatMap(steps))])];
          }),
        );
        const isIgnored = (path: string): boolean => {
          const root = nested !== null && path.startsWith(nested) ? nested : "";
          return ignored.get(root)?.has(path.slice(root.length)) ?? false;
        };
        // What git ignores as a whole is read by its own rules when it is opened; see below.
        fc.pre(!steps(opened.slice(0, -1)).some(isIgnored));
        const expected = files
          .filter((file) => file.startsWith(opened) && !steps(file).some(isIgnored))
          .map((file) => file.slice(opened.length));
        assert.deepEqual(await taken(repository.join(opened)), expected.sort());
        for (const file of files.filter((one) => one.startsWith(opened))) {
          const isExpected = expected.includes(file.slice(opened.length));
          const is = await isCandidate(repository.join(opened), repository.join(file), { exclude: [] });
          assert.equal(is, isExpected, `${file} by itself`);
        }
      },
    );
    await fc.assert(property, { numRuns: 15 });
  });

  it("is known in a linked work tree and in a submodule, where .git is a file", async () => {
    await using git = await Git.start();
    await using folder = await Folder.with({ "main/a.ts": "text", "library/a.ts": "text" });
    const as = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always"];
    for (const name of ["main", "library"]) {
      git.run(folder.join(name), "init", "-q");
      git.run(folder.join(name), "add", ".");
      git.run(folder.join(name), ...as, "commit", "-qm", "All");
    }
    git.run(folder.join("main"), "worktree", "add", "-q", folder.join("linked"));
    git.run(folder.join("main"), ...as, "submodule", "--quiet", "add", folder.join("library"), "part");
    await folder.write("main/.git/info/exclude", "left-out.ts\n");
    await folder.write("main/.git/modules/part/info/exclude", "of-part.ts\n");
    for (const place of ["main", "linked", "main/part"]) {
      await folder.write(`${place}/left-out.ts`, "text");
      await folder.write(`${place}/of-part.ts`, "text");
    }
    assert.deepEqual(await taken(folder.join("linked")), ["a.ts", "of-part.ts"]);
    assert.deepEqual(await taken(folder.join("main/part")), ["a.ts", "left-out.ts"]);
    assert.deepEqual(await taken(folder.join("main")), [
      ".gitmodules",
      "a.ts",
      "of-part.ts",
      "part/a.ts",
      "part/left-out.ts",
    ]);
  });

  it("follows core.excludesFile, wherever git's settings define it", async () => {
    await using git = await Git.start();
    await using folder = await Folder.with({ "a.ts": "text", "b.ts": "text" });
    git.run(folder.path, "init", "-q");
    await git.home.write("git/ignore", "a.ts\n");
    assert.deepEqual(await taken(folder.path), ["b.ts"]);
    await git.home.write("my rules", "b.ts\n");
    await git.home.write("more", '[core]\n\texcludesFile = "~/my rules" ; of a file that is included\n');
    await git.home.write(".gitconfig", "[include]\n\tpath = more\n");
    assert.deepEqual(await taken(folder.path), ["a.ts"]);
    await git.home.write(".gitconfig", `[includeIf "gitdir:${dirname(folder.path)}/elsewhere/"]\n\tpath = more\n`);
    assert.deepEqual(await taken(folder.path), ["b.ts"]);
    await git.home.write(".gitconfig", `[includeIf "gitdir:${dirname(folder.path)}/"]\n\tpath = more\n`);
    assert.deepEqual(await taken(folder.path), ["a.ts"]);
    git.run(folder.path, "config", "core.excludesFile", "");
    assert.deepEqual(await taken(folder.path), ["a.ts", "b.ts"]);
  });

  it("follows settings for some repositories, by paths relative to the file that has the condition", async () => {
    await using git = await Git.start();
    const project = git.home.join("project");
    for (const name of ["a.ts", "b.ts"]) await git.home.write(`project/${name}`, "text");
    git.run(project, "init", "-q");
    await git.home.write("git/ignore", "a.ts\n");
    await git.home.write("rules", "b.ts\n");
    await git.home.write("more", '[core]\n\texcludesFile = "~/rules"\n');
    for (const [condition, left] of [
      ["./project/", "a.ts"],
      ["../project/", "b.ts"],
    ] as const) {
      await git.home.write(".gitconfig", `[includeIf "gitdir:${condition}"]\n\tpath = more\n`);
      assert.deepEqual(git.ignored(project, ["a.ts", "b.ts"]), new Set(left === "a.ts" ? ["b.ts"] : ["a.ts"]));
      assert.deepEqual(await taken(project), [left], condition);
    }
  });

  it("follows the folder's own rules if its repository ignores the whole folder", async () => {
    await using git = await Git.start();
    await using folder = await Folder.with({
      ".gitignore": "*\n!/kept/\n!/kept/*.ts\n",
      "kept/a.ts": "text",
      "kept/b.md": "text",
      "data/.gitignore": "left-out.ts\n",
      "data/deep/a.ts": "text",
      "data/left-out.ts": "text",
    });
    git.run(folder.path, "init", "-q");
    assert.deepEqual(await taken(folder.path), ["kept/a.ts"]);
    assert.deepEqual(await taken(folder.join("kept")), ["a.ts"]);
    assert.deepEqual(await taken(folder.join("data")), ["deep/a.ts"]);
    assert.deepEqual(await taken(folder.join("data/deep")), ["a.ts"]);
    assert.equal(await isCandidate(folder.join("data"), folder.join("data/deep/a.ts"), { exclude: [] }), true);
  });

  it("is known for a folder that is opened through a link", async () => {
    await using git = await Git.start();
    await using folder = await Folder.with({
      ".gitignore": "/deep/private.ts\n",
      "deep/private.ts": "text",
      "deep/a.ts": "text",
    });
    await using elsewhere = await Folder.with();
    git.run(folder.path, "init", "-q");
    await symlink(folder.join("deep"), elsewhere.join("link"));
    assert.deepEqual(await taken(elsewhere.join("link")), ["a.ts"]);
  });

  it("is everything whose path is too long for as many rules, which takes bounded time", async () => {
    await using folder = await Folder.with({ ".gitignore": `*/${"?*".repeat(2045)}b\n`.repeat(16) });
    const scope = await scopeOf(folder.path);
    const start = performance.now();
    assert.equal(isIgnored(scope, `x/${"a".repeat(4000)}`, false), true);
    assert.equal(isIgnored(scope, `x/${"a".repeat(100)}`, false), false);
    assert.ok(performance.now() - start < 1000);
  });

  it("depends on case as the file system does, if there is no repository", async () => {
    await using folder = await Folder.with({ "case/.gitignore": "A.ts\n", "case/a.ts": "text", "case/b.ts": "text" });
    const isCaseIgnored = existsSync(folder.join("CASE"));
    assert.deepEqual(await taken(folder.join("case")), isCaseIgnored ? ["b.ts"] : ["a.ts", "b.ts"]);
  });

  it("does not depend on a folder above that is not a repository", async () => {
    await using folder = await Folder.with({
      ".gitignore": "a.ts\n",
      "deep/a.ts": "text",
      "deep/.git/x": "no repository",
    });
    assert.deepEqual(await taken(folder.join("deep")), ["a.ts"]);
  });
});
