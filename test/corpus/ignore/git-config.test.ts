import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { parseGitConfig, readGitConfig } from "../../../src/corpus/ignore/git-config.ts";
import { Folder } from "../../support/folder.ts";
import { Git } from "../../support/git.ts";

/** What git reads in a file: keys and values; a value of null is none at all. */
function readByGit(git: Git, folder: Folder, name: string): [string, string | undefined][] {
  const listed = git.run(folder.path, "config", "--file", name, "--list", "-z");
  return listed
    .split("\0")
    .filter((one) => one !== "")
    .map((one) => {
      const end = one.indexOf("\n");
      return end < 0 ? [one, undefined] : [one.slice(0, end), one.slice(end + 1)];
    });
}

const header = fc.constantFrom(
  "[core]",
  "[Core]",
  '[remote "a b\\"c\\\\"]',
  "[a.B]",
  '[includeIf "gitdir:~/code/"]',
  "[core] x = 1",
);
const value = fc
  .array(fc.constantFrom("a", " ", '"b  c"', '"#"', "\\n", "\\t", '\\"', "\\\\", "a\\\na", "~/", "é", "="), {
    maxLength: 6,
  })
  .map((parts) => parts.join(""));
const setting = fc
  .tuple(fc.constantFrom("key", "excludesFile", "a-1"), fc.option(value), fc.constantFrom("", " ; no", "# no", "  "))
  .map(([key, given, comment]) => (given === null ? `\t${key} ` : `${key} = ${given}${comment}`));
const line = fc.oneof(setting, setting, header, fc.constantFrom("", "# comment", "; [core]"));

describe("git's settings", () => {
  it("are read as git reads them", async () => {
    await using git = await Git.start();
    await using folder = await Folder.with();
    const property = fc.asyncProperty(
      fc.array(line, { maxLength: 8 }),
      fc.constantFrom("\n", "\r\n"),
      async (lines, end) => {
        const text = ["[core]", ...lines].join(end) + end;
        await folder.write("config", text);
        const ours = [...parseGitConfig(text)].map(({ key, value: given }) => [key, given]);
        assert.deepEqual(ours, readByGit(git, folder, "config"));
      },
    );
    await fc.assert(property, { numRuns: 100 });
  });

  it("end at a file's first syntax error", () => {
    assert.deepEqual([...parseGitConfig("[core]\na = 1\n= 2\nb = 3\n")], [{ key: "core.a", value: "1" }]);
    assert.deepEqual([...parseGitConfig('[core]\na = "1\nb = 2\n')].slice(1), []);
  });

  it("follow a hundred includes and no more", async () => {
    await using _git = await Git.start();
    await using folder = await Folder.with();
    const repository = { root: folder.path, gitDirectory: folder.path, commonDirectory: folder.path };
    const including = (count: number): string => `[include]\n${"path = one\n".repeat(count - 1)}path = two\n`;
    await folder.write("two", "[core]\nignoreCase = true\n");
    for (const [count, expected] of [
      [100, true],
      [101, undefined],
    ] as const) {
      await folder.write("config", including(count));
      assert.equal((await readGitConfig(repository)).ignoreCase, expected);
    }
    // One of them is so large that the next is no longer read.
    await folder.write("one", "# comment\n".repeat(100_000));
    await folder.write("config", including(3));
    assert.equal((await readGitConfig(repository)).ignoreCase, undefined);
  });

  it("are read in bounded time, however many files they include, or how often themselves", async () => {
    await using _git = await Git.start();
    await using folder = await Folder.with({
      config: `[include]\n${"path = config\n".repeat(10)}[includeIf "gitdir:${"*a".repeat(500_000)}"]\npath = config\n`,
    });
    // A process of its own, because what takes so long would go on.
    const place = JSON.stringify(folder.path);
    const script = `
      const { readGitConfig } = await import(${JSON.stringify(join(import.meta.dirname, "../../../src/corpus/ignore/git-config.ts"))});
      const gitDirectory = "/" + "a".repeat(4000);
      console.log((await readGitConfig({ root: ${place}, gitDirectory, commonDirectory: ${place} })).ignoreCase);`;
    const args = ["--input-type=module", "--eval", script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 10_000 });
    assert.equal(stdout, "undefined\n");
  });
});
