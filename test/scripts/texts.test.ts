import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Bundle, languages, readBundle, sources, textsInSources, textsOf } from "../../scripts/texts.ts";

const root = join(import.meta.dirname, "../..");
const manifest = readFileSync(join(root, "package.json"), "utf8");
const english = readBundle("package.nls.json");

/** What a translation keeps of its text: placeholders, links, and what is written as code. */
function keptIn(text: string): string[] {
  const found = text.match(/\{\d\}|\]\([^)]*\)|`[^`]*`|\*\*(?=\S)|\n|\bmurmur(?:\.\w+)+/g) ?? [];
  return found.sort();
}

function assertTranslates(translated: Bundle, texts: readonly (readonly [key: string, text: string])[]): void {
  assert.deepEqual(
    Object.keys(translated).sort(),
    texts.map(([key]) => key).sort(),
    "a translation of each text, and of nothing else",
  );
  for (const [key, text] of texts) {
    const translation = translated[key] ?? "";
    assert.ok(translation.trim() !== "", key);
    assert.deepEqual([...new Set(keptIn(translation))], [...new Set(keptIn(text))], `${text} → ${translation}`);
  }
}

describe("the texts", () => {
  it("are found in sources, and none that is put together from pieces", () => {
    assert.deepEqual(textsOf(`a(t("x {0}", y)); format(t(\n  'it\\'s "z"',\n)); part("no")`, "a.ts"), [
      "x {0}",
      `it's "z"`,
    ]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of one.
    assert.throws(() => textsOf("t(`a ${b}`)", "a.ts"), /a\.ts:1/);
    assert.throws(() => textsOf("\nt(words)", "a.ts"), /a\.ts:2/);
    assert.ok(textsInSources().length > 500);
  });

  it("are asked for when they are shown, and not when a module is loaded, which is before the language is known", () => {
    for (const [name, source] of sources()) {
      // A page knows its language before the rest of it is loaded.
      if (/^src\/pages\/\w+\/main\.ts$/.test(name)) continue;
      for (const statement of source.split(/\n(?=\S)/).filter((one) => /^(?:export )?(?:const|let) /.test(one))) {
        const [before = ""] = statement.split(/(?<![\w.$])t\(/);
        assert.ok(before === statement || before.includes("=>"), `${name}: ${statement.slice(0, 80)}`);
      }
    }
  });

  it("are asked for wherever a sentence or a label stands in what the editor shows", () => {
    // After these, a text is for the log or for whoever reads a stack.
    const exempt = /(?:(?<![\w.$])t|Error|log(?:\.\w+)?|console\.\w+|#log|#ignore|hooks\.warn)\(\s*(?:[\w.]+, )?$/;
    const sentence = /(["'`])[A-Z][^"`\n]* [^"`\n]*[.?!…]\1/g;
    const label =
      /\b(?:label|title|detail|placeHolder|prompt|summary|problem|tooltip|message|\w*Label): (["`])(?!Murmur(?:\1|: \$)|\$)[A-Za-z]/g;
    for (const path of globSync("src/{extension,pages,server}/**/*.ts", { cwd: root })) {
      const code = readFileSync(join(root, path), "utf8").replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/ .*$/gm, "");
      for (const { index, 0: found } of [...code.matchAll(sentence), ...code.matchAll(label)])
        assert.match(code.slice(Math.max(0, index - 60), index), exempt, `${path} shows ${found} in English alone`);
    }
  });

  it("come from one file, which alone knows the library", () => {
    for (const path of globSync("src/**/*.ts", { cwd: root }).filter((path) => !/^src[\\/]l10n\.ts$/.test(path)))
      assert.ok(!readFileSync(join(root, path), "utf8").includes("@vscode/l10n"), path);
  });

  it("of package.json are all in package.nls.json, and no others", () => {
    const used = [...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(english).sort());
    const { contributes } = JSON.parse(manifest);
    const shown = /"(?:title|(?:markdownD|d)escription|altText)":\s*"(?!%|Murmur")/;
    assert.ok(!shown.test(JSON.stringify(contributes)), "a text of package.json is not translated");
    for (const { enumDescriptions = [] } of Object.values<{ enumDescriptions?: string[] }>(
      contributes.configuration.properties,
    ))
      assert.ok(enumDescriptions.every((one) => /^%.*%$/.test(one)));
  });

  it("are translated into Swedish and German", () => {
    assert.deepEqual(languages, ["de", "sv"]);
  });
});

for (const language of languages) {
  const bundle = readBundle(`l10n/bundle.l10n.${language}.json`);
  const ofManifest = readBundle(`package.nls.${language}.json`);

  describe(`the translation into ${language}`, () => {
    it("has each text with the same placeholders, and no text that is not used", () => {
      assertTranslates(
        bundle,
        textsInSources().map((text) => [text, text]),
      );
      assertTranslates(ofManifest, Object.entries(english));
    });

    it("calls a command by one name everywhere", () => {
      const titles = Object.keys(english).filter((key) => key.endsWith(".title") && key.startsWith("murmur."));
      const texts = [
        ...Object.entries(bundle),
        ...Object.entries(english).map(([key, text]) => [text, ofManifest[key] ?? ""] as const),
      ];
      for (const key of titles) {
        const [title, translated] = [english[key] ?? "", ofManifest[key] ?? ""];
        for (const [text, translation] of texts) {
          if (text === title) assert.equal(translation, translated);
          const isNamed = new RegExp(`Murmur: ${title}(?! for)(?:$|[ *).])|\\[${title}\\]`).test(text);
          if (isNamed) assert.ok(translation.includes(translated), `${text} → ${translation} (${translated})`);
        }
      }
    });

    it("has the pages of the walkthrough", () => {
      for (const page of globSync("media/*.md", { cwd: root }).filter((path) => !/page\.md$|\.nls\./.test(path)))
        assert.ok(existsSync(join(root, page.replace(/\.md$/, `.nls.${language}.md`))), page);
    });
  });
}
