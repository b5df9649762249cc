import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { Folder } from "../support/folder.ts";

const root = join(import.meta.dirname, "../..");

/** The rooms of src, with those that each may import. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  graph: [],
  model: ["graph"],
  corpus: ["model"],
  training: ["graph", "model", "corpus", "evaluation"],
  completion: ["model"],
  evaluation: ["model", "completion"],
  server: ["model", "corpus", "training", "completion"],
  cli: ["graph", "model", "corpus", "training", "completion", "evaluation", "server"],
  extension: [],
  pages: [],
};

/** The files that rooms may import from others that they know nothing else of. */
const shared: Readonly<Record<string, readonly string[]>> = {
  extension: ["server/protocol.ts", "server/training-protocol.ts", "pages/training/messages.ts"],
  pages: ["server/protocol.ts", "server/training-protocol.ts"],
};

/** The rooms in src/completion, with those that each may import; above them all are its own files. */
const innerRooms: Readonly<Record<string, readonly string[]>> = {
  "completion/prediction": [],
  "completion/memory": ["completion/prediction"],
  "completion/decoding": ["completion/prediction"],
  "completion/documents": ["completion/prediction", "completion/memory"],
};
const above = ["engine", "open-document", "generate"].map((name) => `completion/${name}.ts`);

interface Planted {
  readonly file: string;
  /** Modules, by paths in src or by name, that the file imports, and whether it may. */
  readonly imports: readonly { readonly module: string; readonly isAllowed: boolean }[];
}

/** A file in a room, and one two folders deeper in it, that import from all others: a file there, and one that is deeper. */
function plant(room: string, others: readonly { readonly room: string; readonly isAllowed: boolean }[]): Planted[] {
  return ["planted.ts", "deep/er/planted.ts"].map((name) => ({
    file: `${room}/${name}`,
    imports: [
      ...others.flatMap(({ room, isAllowed }) =>
        (room.endsWith(".ts") ? [room] : [`${room}/some.ts`, `${room}/in/some.ts`]).map((module) => ({
          module,
          isAllowed,
        })),
      ),
      { module: "vscode", isAllowed: room === "extension" },
    ],
  }));
}

const planted: Planted[] = [
  ...Object.entries(rooms).flatMap(([room, allowed]) =>
    plant(room, [
      ...Object.keys(rooms)
        .filter((other) => other !== room)
        .map((other) => ({ room: other, isAllowed: allowed.includes(other) })),
      ...(shared[room] ?? []).map((file) => ({ room: file, isAllowed: true })),
      { room: "errors.ts", isAllowed: true },
    ]),
  ),
  ...Object.entries(innerRooms).flatMap(([room, allowed]) =>
    plant(room, [
      ...Object.keys(rooms)
        .filter((other) => other !== "completion")
        .map((other) => ({ room: other, isAllowed: rooms["completion"]!.includes(other) })),
      ...Object.keys(innerRooms)
        .filter((other) => other !== room)
        .map((other) => ({ room: other, isAllowed: allowed.includes(other) })),
      ...above.map((file) => ({ room: file, isAllowed: false })),
      { room: "completion/text.ts", isAllowed: true },
    ]),
  ),
];

/** Files that other rooms share: those at the top of src, and some at the top of src/completion. */
planted.push(
  {
    file: "planted.ts",
    imports: [
      ...Object.keys(rooms).map((room) => ({ module: `${room}/some.ts`, isAllowed: false })),
      { module: "errors.ts", isAllowed: true },
    ],
  },
  ...["text", "suggestion", "random"].map((name) => ({
    file: `completion/${name}.ts`,
    imports: [
      ...[...Object.keys(innerRooms), "corpus", "server"].map((room) => ({
        module: `${room}/some.ts`,
        isAllowed: false,
      })),
      ...above.map((module) => ({ module, isAllowed: false })),
      { module: "model/tokenizer.ts", isAllowed: true },
    ],
  })),
);

function specifier(from: string, module: string): string {
  if (!module.endsWith(".ts")) return module;
  const path = relative(join(from, ".."), module);
  return path.startsWith(".") ? path : `./${path}`;
}

/** What Biome refuses with the rules of this repository: the line of each refused import, by file. */
async function refusedLines(folder: Folder): Promise<Map<string, number[]>> {
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const options = ["lint", "--only=style/noRestrictedImports", "--reporter=json", "--max-diagnostics=none"];
  const out = await new Promise<string>((resolve) => {
    execFile(process.execPath, [biome, ...options, "src"], { cwd: folder.path, maxBuffer: 1 << 26 }, (_, stdout) =>
      resolve(stdout),
    );
  });
  const { diagnostics } = JSON.parse(out) as {
    diagnostics: { category: string; location: { path: string; start: { line: number } } }[];
  };
  const refused = new Map<string, number[]>();
  for (const { category, location } of diagnostics) {
    assert.equal(category, "lint/style/noRestrictedImports");
    const file = location.path.replace(/^src\//, "");
    refused.set(file, [...(refused.get(file) ?? []), location.start.line]);
  }
  return refused;
}

describe("the linter", function () {
  this.timeout(60_000);
  let folder: Folder;
  let refused: Map<string, number[]>;
  before(async () => {
    folder = await Folder.with({ ".gitignore": "node_modules\n" });
    await copyFile(join(root, "biome.json"), folder.join("biome.json"));
    for (const { file, imports } of planted) {
      const lines = imports.map(({ module }) => `import "${specifier(file, module)}";\n`);
      await folder.write(`src/${file}`, lines.join(""));
    }
    refused = await refusedLines(folder);
  });
  after(() => folder[Symbol.asyncDispose]());

  for (const { file, imports } of planted) {
    it(`refuses what src/${file} must not import, and nothing else`, () => {
      const expected = imports.flatMap(({ module, isAllowed }) => (isAllowed ? [] : [module]));
      const found = (refused.get(file) ?? []).map((line) => imports[line - 1]!.module);
      assert.ok(expected.length > 0);
      assert.deepEqual(found.sort(), expected.sort());
    });
  }
});

/** The rooms in src/corpus and src/server, with those of their neighbours that each may import. */
const neighbours: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  corpus: { ignore: [], secrets: [], packed: [] },
  server: {
    reading: [],
    "same-edit": [],
    playground: [],
    documents: ["reading", "same-edit"],
    models: ["documents", "reading"],
    runs: ["models"],
  },
};

for (const [room, allowed] of Object.entries(neighbours)) {
  it(`the rooms in src/${room} import only those below them`, async () => {
    const folder = join(root, "src", room);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    assert.deepEqual(folders.sort(), Object.keys(allowed).sort());
    for (const { name, parentPath } of entries.filter((entry) => entry.isFile() && entry.parentPath !== folder)) {
      const own = relative(folder, parentPath);
      const text = await readFile(join(parentPath, name), "utf8");
      for (const [, path = ""] of text.matchAll(/ from "(\.[^"]*)"/g)) {
        const [other = "", ...rest] = relative(folder, join(parentPath, path)).split(sep);
        const isNeighbour = other !== ".." && other !== own && rest.length > 0;
        assert.ok(!isNeighbour || allowed[own]?.includes(other), `${own}/${name} imports ${path}`);
      }
    }
  });
}
