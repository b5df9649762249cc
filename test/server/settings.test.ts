import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { globMatcher } from "../../src/corpus/ignore/globs.ts";
import { defaultSettings, excludedGlobs, parseSettings } from "../../src/server/settings.ts";
import { defaultTrainingOptions } from "../../src/training/options.ts";

interface Declared {
  readonly default: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: { readonly minLength: number };
}

/** An object with one value at a path. */
function nested(names: readonly string[], value: unknown): unknown {
  const [first, ...rest] = names;
  return first === undefined ? value : { [first]: nested(rest, value) };
}

function at(tree: unknown, names: readonly string[]): unknown {
  return names.reduce((value, name) => (value as Record<string, unknown>)[name], tree);
}

/** The paths of all values that are no objects. */
function leaves(tree: object): string[] {
  return Object.entries(tree).flatMap(([name, value]) =>
    typeof value === "object" && !Array.isArray(value) ? leaves(value).map((rest) => `${name}.${rest}`) : [name],
  );
}

describe("the settings", () => {
  let declared: Readonly<Record<string, Declared>>;
  before(async () => {
    const { contributes } = JSON.parse(await readFile(join(import.meta.dirname, "../../package.json"), "utf8"));
    declared = Object.fromEntries(
      Object.entries(contributes.configuration.properties as Record<string, Declared>).map(([name, property]) => [
        name.replace(/^murmur\./, ""),
        property,
      ]),
    );
  });

  const problemsOf = (name: string, value: unknown): readonly string[] =>
    parseSettings(nested(name.split("."), value)).problems;

  it("are the same as in package.json, with the same defaults", () => {
    const { languageFiles, offFolders, ...own } = defaultSettings;
    assert.deepEqual({ languageFiles, offFolders }, { languageFiles: { off: [] }, offFolders: [] }, "the client's");
    assert.deepEqual(leaves(own).sort(), Object.keys(declared).sort());
    for (const [name, property] of Object.entries(declared))
      assert.deepEqual(at(own, name.split(".")), property.default, name);
  });

  it("train for as long as the command line does", () => {
    assert.equal(defaultSettings.training.minutes, defaultTrainingOptions.minutes);
  });

  it("have the same bounds and values as in package.json", () => {
    for (const [name, { minimum, maximum, enum: values, items }] of Object.entries(declared)) {
      for (const value of [minimum, maximum, ...(values ?? [])]) {
        if (value !== undefined) assert.deepEqual(problemsOf(name, value), [], `${name}: ${value}`);
      }
      if (minimum !== undefined) assert.equal(problemsOf(name, minimum - 0.01).length, 1, name);
      if (maximum !== undefined) assert.equal(problemsOf(name, maximum + 1).length, 1, name);
      if (values) assert.equal(problemsOf(name, "another").length, 1, name);
      if (items) assert.equal(problemsOf(name, [""]).length, items.minLength, name);
    }
  });

  it("are each named if they have the wrong type, with what they must be and what is used instead", () => {
    let named = 0;
    for (const [name, property] of Object.entries(declared)) {
      const isList = Array.isArray(property.default);
      for (const value of [7.25, true, { a: 1 }, ...(isList ? [] : ["yes", [5, null]])]) {
        const { settings, problems } = parseSettings(nested(name.split("."), value));
        if (problems.length === 0) continue;
        named++;
        assert.equal(problems.length, 1);
        assert.ok(problems[0]?.startsWith(`murmur.${name} must be `), problems[0]);
        assert.ok(
          problems[0]?.endsWith(` (it is ${JSON.stringify(value)}). Using ${JSON.stringify(property.default)}.`),
          problems[0],
        );
        assert.deepEqual(settings, defaultSettings);
      }
      assert.equal(problemsOf(name, { a: 1 }).length, 1, "no setting is an object");
    }
    assert.ok(named > 20, `${named} named`);
    assert.deepEqual(problemsOf("temperature", 5), [
      "murmur.temperature must be a number from 0 to 2 (it is 5). Using 0.",
    ]);
    assert.deepEqual(problemsOf("eagerness", "loud"), [
      'murmur.eagerness must be one of "quiet", "balanced", "eager" (it is "loud"). Using "balanced".',
    ]);
  });

  it("of globs keep the valid ones when others are not, and take a single one as a list", () => {
    const long = "x".repeat(2000);
    for (const names of [["exclude"], ["training", "exclude"]]) {
      const name = names.join(".");
      const listOf = (value: unknown): unknown => at(parseSettings(nested(names, value)).settings, names);
      assert.deepEqual(listOf("*.csv"), ["*.csv"]);
      assert.deepEqual(problemsOf(name, "*.csv"), [
        `murmur.${name} must be a list of globs (it is "*.csv"). Using ["*.csv"].`,
      ]);
      assert.deepEqual(listOf(["*.csv", "", 5, long]), ["*.csv"]);
      assert.deepEqual(problemsOf(name, ["*.csv", "", 5, long]), [
        `murmur.${name} must be a list of globs of 1 to 1000 characters. Leaving out "", 5, "${"x".repeat(39)}….`,
      ]);
    }
  });

  it("of hidden files are the globs that are on, except those that hide a file beside another only", () => {
    const when = { when: "$(basename).ts" };
    assert.deepEqual(excludedGlobs({ "*.a": true, "*.b": false, "": true }, undefined, { "*.js": when }, "*.c"), [
      "*.a",
    ]);
    const long = `**/{${Array.from({ length: 200 }, (_, i) => `private${i}`).join(",")}}`;
    assert.deepEqual(excludedGlobs({ [long]: true }), [long]);
    assert.ok(globMatcher([long])("src/private199"));
    const tooLong = "x".repeat(20_000);
    assert.deepEqual(excludedGlobs({ [tooLong]: true }), ["**"]);
    assert.ok(globMatcher(["**"])("src/a.js"));
  });

  it("keep their valid values when others are invalid", () => {
    const { settings, problems } = parseSettings({
      temperature: "hot",
      maxCharacters: 9,
      training: "much",
      exclude: 5,
    });
    assert.deepEqual(settings, { ...defaultSettings, maxCharacters: 9 });
    assert.equal(problems.length, 3);
  });

  it("are the defaults if the section is not an object, and null counts as not set", () => {
    for (const section of ["quiet", 5, ["eager"]]) {
      const { settings, problems } = parseSettings(section);
      assert.deepEqual(settings, defaultSettings);
      assert.match(problems[0] ?? "", /^murmur must be an object of settings .* Using the defaults\.$/);
    }
    for (const section of [null, undefined, {}, { temperature: null, training: null }])
      assert.deepEqual(parseSettings(section), { settings: defaultSettings, problems: [] });
  });
});
