import assert from "node:assert/strict";
import { languageOf } from "../../../src/languages.ts";
import { type Scope, scopeAt } from "../../../src/server/documents/scope.ts";

/** Identifiers of languages, and texts in which `|` stands for the cursor. */
const cases: readonly (readonly [string, string, Scope])[] = [
  ["typescript", "const a = |", "code"],
  ["typescript", "// a com|", "comments"],
  ["typescript", "// a comment\n|", "code"],
  ["typescript", "/* one\n * two|", "comments"],
  ["typescript", "/* one */ |", "code"],
  ["typescript", 'call("a // b|', "strings"],
  ["typescript", 'call("a // b", |', "code"],
  ["typescript", "const a = 'it\\'s|", "strings"],
  ["typescript", "const a = 'open\n|", "code"],
  ["typescript", "const a = `one\ntwo|", "strings"],
  ["typescript", 'const url = "http://x"; // see "that|', "comments"],
  ["python", '"""Reads\n|', "strings"],
  ["python", "x = 'a' # why|", "comments"],
  ["python", "x = '#'|", "code"],
  ["rust", "fn f<'a>(x: &'a str) { |", "code"],
  ["go", "x := `raw \\|", "strings"],
  ["lua", "--[[ long\n|", "comments"],
  ["html", "<!-- later|", "comments"],
  ["html", "<p>it's |", "code"],
  ["yaml", "key: value # note|", "comments"],
  ["yaml", "key: it's\nother: |", "code"],
  ["markdown", "Some words|", "prose"],
  ["markdown", "Words\n\n```js\nlet a|", "code"],
  ["markdown", "```js\nlet a\n```\nWords|", "prose"],
  ["go", "x := `C:\\`\ny := |", "code"],
  ["shell", "grep 'a\\' x\n|", "code"],
  ["shell", 'echo "$\u007B#list}" |', "code"],
  ["shell", "echo it's\n\necho |", "code"],
  ["powershell", '$a = "C:\\Temp\\"\n|', "code"],
  ["julia", "B = A' * C|", "code"],
  ["xml", "<p>it's</p>\n<q>|", "code"],
  ["json", '{ "a": "b|', "strings"],
  ["python", '"""One.\n\nTwo|', "strings"],
  ["unknown-language", '# "|', "code"],

  ["php", "// a title|", "code"],
  ["php", "<p>it's</p>\n<?php\n// a com|", "comments"],
  ["php", "<?php\n# a com|", "comments"],
  ["php", "<?php\n#[Attr|", "code"],
  ["php", "<?php /* one\n * two|", "comments"],
  ["php", '<?php\necho "a // b|', "strings"],
  ["php", "<?= 'a|", "strings"],
  ["php", "<?php // done ?>\n<p>it's |", "code"],
  ["php", "<?php\n$a = '?>'; // a com|", "comments"],
  ["php", "<?php f(); ?>\n<!-- lat|", "comments"],

  ["scss", "a { // a com|", "comments"],
  ["less", "a { // it's\n  color: |", "code"],
  ["scss", "a { background: url(//x.org/a.png); co|", "code"],
  ["css", "a { background: url(https://x.org/a.png); co|", "code"],
  ["css", 'a { content: "b|', "strings"],

  ["vue", "<script>\nlet a = 'b|", "strings"],
  ["vue", '<script setup lang="ts">\n// a com|', "comments"],
  ["vue", "<script>\n// a comment</script>\n<p>it's |", "code"],
  ["vue", "<template>\n  <p>Don't // |", "code"],
  ["svelte", '<style lang="scss">\n// a com|', "comments"],
  ["svelte", "<style>\na { color: red }\n</style>\n<p>it's |", "code"],
  ["html", "<script-loader>it's |", "code"],
  ["astro", "---\n// a com|", "comments"],
  ["astro", "---\nlet a = 1;\n---\n<p>it's |", "code"],
  ["handlebars", "{{!-- later|", "comments"],

  ["javascriptreact", "<p>Don't worry|", "code"],
  ["javascriptreact", "<p>Don't</p> // a com|", "comments"],
  ["javascriptreact", "<p>the 'end\n// a com|", "comments"],
  ["typescriptreact", "<p>See http://x.org for |", "code"],
  ["typescriptreact", "<p title='a|", "strings"],
  ["yaml", "key: it's |", "code"],

  ["toml", "# a com|", "comments"],
  ["toml", 'a = "b|', "strings"],
  ["toml", "a = 'C:\\'\nb = '# c|", "strings"],
  ["toml", "a = '''one\n\ntwo|", "strings"],
  ["objective-c", "// a com|", "comments"],
  ["objective-c", 'NSString *a = @"b|', "strings"],
  ["cpp", "int a = 1'000; // a com|", "comments"],
  ["cpp", "char a = '\"'; // a com|", "comments"],
  ["csharp", 'var a = @"C:\\"; // a com|', "comments"],
  ["clojure", '(f \\" 1) ; a com|', "comments"],
  ["clojure", '(defn f\n  "One.\n\n  Two|', "strings"],
  ["erlang", "% a com|", "comments"],
  ["fsharp", "let f (x: 'a) = (* a com|", "comments"],
  ["fsharp", "let f = (*) 2 |", "code"],
  ["ocaml", "let f : 'a -> 'b = (* a com|", "comments"],
  ["bat", "@REM a com|", "comments"],
  ["bat", ":: a com|", "comments"],
  ["bat", "echo remarks|", "code"],
  ["vb", "Dim a = \"it's\" ' a com|", "comments"],
  ["perl", "=head1 Name\n\nIt |", "comments"],
  ["perl", "=head1 Name\n\n=cut\n\nmy |", "code"],
  ["java", "char a = '\"'; // a com|", "comments"],
  ["rust", "let a = b'\"'; // a com|", "comments"],
  ["lua", "a = [[one\ntwo|", "strings"],
  ["quarto", "Some words|", "prose"],
];

/** Documents in which the name shows the language, or must not. */
const namedCases: readonly (readonly [string, string, string, Scope])[] = [
  ["file:///a/b.vue", "plaintext", "<script>\n// a com|", "comments"],
  ["file:///a/b.toml", "plaintext", "# a com|", "comments"],
  ["file:///a/Cargo.lock", "toml", "# a com|", "comments"],
  ["file:///a/b.m", "objective-c", "// a com|", "comments"],
  ["file:///a/.env.local", "dotenv", "# a com|", "comments"],
];

describe("the scope of a place", () => {
  for (const [languageId, marked, scope] of cases) {
    it(`is ${scope} in ${languageId}: ${JSON.stringify(marked)}`, () => {
      const language = languageOf({ name: "untitled:Untitled-1", languageId });
      assert.equal(scopeAt(marked.replace("|", ""), language), scope);
    });
  }

  for (const [name, languageId, marked, scope] of namedCases) {
    it(`is ${scope} in ${name}, as ${languageId}: ${JSON.stringify(marked)}`, () => {
      assert.equal(scopeAt(marked.replace("|", ""), languageOf({ name, languageId })), scope);
    });
  }

  it("is prose in plain text", () => assert.equal(scopeAt("words", undefined), "prose"));

  it("is found at the end of long texts with a great many quotes", () => {
    assert.equal(scopeAt('"'.repeat(200_001), "javascript"), "code");
    assert.equal(scopeAt(`"${"\\".repeat(150_001)}`, "javascript"), "strings");
    assert.equal(scopeAt(`let a = 1;\n${"x".repeat(20_000_000)} "`, "javascript"), "strings");
    assert.equal(scopeAt("<?= ?>".repeat(30_000), "html"), "code");
    assert.equal(scopeAt("<script ".repeat(25_000), "html"), "code");
    assert.equal(scopeAt(" ".repeat(200_000), "bat"), "code");
    assert.equal(scopeAt("'\\".repeat(100_000), "rust"), "strings");
  });
});
