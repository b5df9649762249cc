import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultSettings, parseSettings } from "../../src/server/settings.ts";

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
    const { languageFiles, ...own } = defaultSettings;
    assert.deepEqual(languageFiles, { off: [] }, "this one is the client's");
    assert.deepEqual(leaves(own).sort(), Object.keys(declared).sort());
    for (const [name, property] of Object.entries(declared))
      assert.deepEqual(at(own, name.split(".")), property.default, name);
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

  it("are each named in one sentence if they have the wrong type, and the default is used instead", () => {
    for (const [name, property] of Object.entries(declared)) {
      for (const value of ["yes", 7.5, true, [5, null], { a: 1 }]) {
        const { settings, problems } = parseSettings(nested(name.split("."), value));
        if (problems.length === 0) continue;
        assert.equal(problems.length, 1);
        assert.ok(
          problems[0]?.includes(`murmur.${name} is ${JSON.stringify(value)}`) &&
            problems[0].endsWith(`Its default, ${JSON.stringify(property.default)}, is used instead.`),
          problems[0],
        );
        assert.deepEqual(settings, defaultSettings);
      }
      assert.equal(problemsOf(name, { a: 1 }).length, 1, "no setting is an object");
    }
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
      assert.match(problems[0] ?? "", /The settings murmur are .* The defaults are used instead/);
    }
    for (const section of [null, undefined, {}, { temperature: null, training: null }])
      assert.deepEqual(parseSettings(section), { settings: defaultSettings, problems: [] });
  });
});
