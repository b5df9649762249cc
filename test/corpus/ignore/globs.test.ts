import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import picomatch from "picomatch";
import { globMatcher } from "../../../src/corpus/ignore/globs.ts";

/** Names with each of these as their parts. */
const parts = ["a", "b", ".b", "a.js", "b.test.ts"];
const names = parts.flatMap((one) => [
  one,
  `${one}/`,
  ...parts.flatMap((two) => [`${one}/${two}`, `${one}/${two}/`, ...parts.map((three) => `${one}/${two}/${three}`)]),
]);

describe("globs", () => {
  for (const glob of [
    "**/a/**/*.js",
    "**/a/**/b/**",
    "a*/**/b*",
    "**/*.{js,test.ts}",
    "**/{a,b}/**/*.{js,ts}",
    "**/*.*.[jt]s",
    "**/{a,{.b,b}}/**/*.*",
    "!**/a/**/*.js",
    "./**/a/*/*",
    "?/**/*.te?t.*",
  ]) {
    it(`match the same names with many stars as with few: ${glob}`, () => {
      const matches = globMatcher([glob]);
      const expected = picomatch(glob, { dot: true });
      // picomatch also takes a folder's name with a slash after it for the name of a file.
      for (const name of names.filter((one) => !one.endsWith("/"))) assert.equal(matches(name), expected(name), name);
    });
  }

  it("take an escaped character for itself, with few stars and with many", () => {
    const cases: readonly (readonly [glob: string, matches: string, not: string])[] = [
      ["src/\\(app\\)/**", "src/(app)/x.js", "src/app/x.js"],
      ["docs/a\\(1\\).md", "docs/a(1).md", "docs/a1.md"],
      ["app/\\(a\\)/\\[id\\]/page.tsx", "app/(a)/[id]/page.tsx", "app/(b)/[id]/page.tsx"],
      ["**/\\(app\\)/**/*.{js,ts}", "x/(app)/y/z.js", "x/app/y/z.js"],
      ["**/\\{x,y\\}/**/*.js", "a/{x,y}/b.js", "a/x/b.js"],
      ["**/a\\*b/**/*.js", "a*b/c.js", "acb/c.js"],
    ];
    for (const [glob, name, other] of cases) {
      const matches = globMatcher([glob]);
      assert.deepEqual([matches(name), matches(other)], [true, false], glob);
    }
  });

  it("match the same names as picomatch where they are such as people write", () => {
    const written = [
      "**/*.{js,ts}",
      "**/node_modules",
      "*.min.js",
      "**/.b",
      "a/**",
      "b.test.*",
      "**/{a,b,.b}",
      "*.+(js|ts)",
    ];
    for (const glob of [...written, "@(a|b)/*", "**/*.?(test.)@(js|ts)", "{a,ab,abc}/*.js", "**/a?{.js,/b}"]) {
      const matches = globMatcher([glob]);
      const expected = picomatch(glob, { dot: true });
      for (const name of [...names, "node_modules", "a/node_modules", "x.min.js", "a/x.min.js", "x.jsts"]) {
        assert.equal(matches(name), expected(name), `${glob} ${name}`);
      }
    }
  });

  it("begin at the root of the names with or without a slash", () => {
    for (const glob of ["a/**", "a", "**/a/**/b/**/*.js", "{a,.b}/*", "!a/**"]) {
      const [bare, rooted] = [globMatcher([glob]), globMatcher([glob.replace(/^(!?)/, "$1/")])];
      for (const name of names) assert.equal(rooted(name), bare(name), `${glob} ${name}`);
    }
    assert.deepEqual(["a/x", "b/x", "c/x"].map(globMatcher(["{/a,/b}/**"])), [true, true, false]);
  });

  it("match all but what a group with an exclamation mark names", () => {
    for (const glob of ["!(b)/**", "!(b|.b)/*.js", "**/!(a|b)"]) {
      const matches = globMatcher([glob]);
      const expected = picomatch(glob, { dot: true });
      for (const name of names.filter((one) => !one.endsWith("/"))) assert.equal(matches(name), expected(name), name);
      assert.ok(names.some((name) => matches(name)) && !names.every((name) => matches(name)), glob);
    }
  });

  it("match nothing where there are none, and what any of them matches where there are several", () => {
    assert.equal(globMatcher([])("a"), false);
    const matches = globMatcher(["*.md", "**/a/**/b/**/*.js", "private/"]);
    assert.deepEqual(["x.md", "a/b/x.js", "private/", "private", "x.js"].map(matches), [
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it("match too much rather than too little where a group stands beside many stars", () => {
    assert.ok(globMatcher(["**/a/**/*.+(js|ts)"])("a/b/c.js"));
    assert.ok(globMatcher([`**/*${"{a,b}".repeat(20)}/*.js`])(`x/y${"ab".repeat(10)}/z.js`));
  });

  it("take bounded time for one name, however many ways there are through them", () => {
    const name = `${"a/".repeat(2000)}c`;
    for (const glob of [
      `${"**/a/".repeat(8)}b`,
      `${"*a".repeat(12)}b`,
      `{${"**/a/".repeat(8)}b,x}`,
      `${"+(a|a/)".repeat(9)}b`,
      "+(*a/)b",
      "*(@(*a/))b",
    ]) {
      assert.equal(globMatcher([glob])(name), false, glob);
    }
  });

  it("take bounded time where a regular expression would take exponential time", async () => {
    const [ways, ab, parentheses] = ["{a,aa}".repeat(40), "ab".repeat(2000), "(".repeat(20_000) + ")".repeat(20_000)];
    const cases: [glob: string, name: string][] = [
      ...["{a,aa}+", ways, "{a,}".repeat(40), "+(a|aa)", "*(a|aa)", "@(a+)".repeat(20), "[a]+".repeat(20)],
      ...["(a|aa)?".repeat(40), "@(a|aa)".repeat(40), "?(a)".repeat(40), "(?:a|aa)+", "{{a,aa}{a,aa},a}".repeat(20)],
    ].map((glob) => [`${glob}b`, "a".repeat(60)]);
    cases.push(
      ["+(ab|ba)c", ab],
      [`{${",".repeat(30_000)}`, "a"],
      [`{${",".repeat(30_000)}}b`, "a"],
      [`${parentheses}b`, "a"],
    );
    // A process of its own, because nothing can stop a regular expression.
    const script = `
      const { globMatcher } = await import(${JSON.stringify(join(import.meta.dirname, "../../../src/corpus/ignore/globs.ts"))});
      let input = "";
      for await (const piece of process.stdin) input += piece;
      console.log(JSON.stringify(JSON.parse(input).map(([glob, name]) => globMatcher([glob])(name))));`;
    const args = ["--input-type=module", "--eval", script];
    const running = promisify(execFile)(process.execPath, args, { timeout: 10_000 });
    running.child.stdin?.end(JSON.stringify(cases));
    assert.deepEqual(
      JSON.parse((await running).stdout),
      cases.map(() => false),
    );
  });
});
