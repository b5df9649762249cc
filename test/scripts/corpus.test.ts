import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { balance, storedFiles } from "../../scripts/corpus/balance.ts";
import {
  cleanText,
  isGenerated,
  isProse,
  mentionsCopyleft,
  proseOfPage,
  stripLicenceComment,
} from "../../scripts/corpus/clean.ts";
import { Deduplicator } from "../../scripts/corpus/dedupe.ts";
import { hashLike } from "../../scripts/corpus/fetch.ts";
import { isUnusual, languageOf } from "../../scripts/corpus/languages.ts";
import { archiveEntry, readManifest } from "../../scripts/corpus/manifest.ts";
import { Notice } from "../../scripts/corpus/notice.ts";
import { countsOf, totalsOf } from "../../scripts/corpus/summary.ts";

const code = `export function area(width: number, height: number): number {
  return width * height;
}

export function perimeter(width: number, height: number): number {
  return 2 * (width + height);
}
`;

describe("the language of a file", () => {
  const named = (path: string) => languageOf(path, () => assert.fail("The text is not needed."));

  it("is that of its extension, whatever its case", () => {
    assert.equal(named("src/main.tsx"), "typescript");
    assert.equal(named("include/zlib.h"), "c");
    assert.equal(named("README.MD"), "markdown");
    assert.equal(named("docs/index.rst"), "prose");
    assert.equal(named("src/Program.cs"), "csharp");
    assert.equal(named("app/App.vue"), "vue");
    assert.equal(named("R/utils.R"), "r");
  });

  it("is that of its name where the name says it", () => {
    assert.equal(named("docker/Dockerfile"), "dockerfile");
    assert.equal(named("Makefile"), "makefile");
    assert.equal(named("src/CMakeLists.txt"), "cmake");
    assert.equal(named("Gemfile"), "ruby");
  });

  it("is unknown for other extensions", () => {
    assert.equal(named("logo.svg"), undefined);
  });

  it("is that of the interpreter if there is no extension", () => {
    assert.equal(
      languageOf("bin/git-alias", () => "#!/usr/bin/env bash\nset -e\n"),
      "shell",
    );
    assert.equal(
      languageOf("bin/tool", () => "#!/usr/bin/python3\nimport sys\n"),
      "python",
    );
    assert.equal(
      languageOf("NEWS", () => "all is new\n"),
      undefined,
    );
  });
});

describe("an unusual file", () => {
  it("lies in a folder for copies of other packages or built files", () => {
    assert.ok(isUnusual("package/node_modules/a/index.js"));
    assert.ok(isUnusual("setuptools/_vendor/packaging/tags.py"));
    assert.ok(isUnusual("package/dist/index.js"));
    assert.ok(isUnusual("dist-packages/flask-2.2.2.egg-info/requires.txt"));
  });

  it("is a licence, a lock file, a minified file or a build's list", () => {
    for (const path of ["a/LICENSE.txt", "package-lock.json", "a.min.js", "index.d.ts"]) {
      assert.ok(isUnusual(path), path);
    }
  });

  it("is not one whose name only resembles those", () => {
    for (const path of ["src/distance.ts", "vendors.py", "lib/license-check/run.js", "minute/clock.go"]) {
      assert.ok(!isUnusual(path), path);
    }
  });
});

describe("the entry of an archive", () => {
  const isEntry = (registry: string, name: string): boolean =>
    archiveEntry.safeParse({ registry, name, version: "1.0", licence: "MIT", hash: `sha256-${"0".repeat(64)}` })
      .success;

  it("names a package as its registry does", () => {
    assert.ok(isEntry("npm", "@capacitor/android"));
    assert.ok(isEntry("debian-source", "lua5.4"));
    assert.ok(isEntry("pypi", "docker"));
    assert.ok(isEntry("go", "github.com/spf13/cobra"));
    assert.ok(isEntry("crates", "hiredis-sys"));
    assert.ok(isEntry("maven", "org.jsoup:jsoup"));
  });

  it("has no name that a registry's client would take for an option or a path", () => {
    for (const name of ["--config", "-o", "/etc/passwd", "../secret", "a/../b", "a b", ""]) {
      assert.ok(!isEntry("pypi", name), name);
    }
    assert.ok(!isEntry("ftp", "docker"));
  });
});

describe("copyleft", () => {
  it("is found by a licence's name or abbreviation", () => {
    for (const text of [
      "# This program is free software under the GNU General Public License.",
      "/* SPDX-License-Identifier: GPL-2.0-or-later */",
      " * GNU Lesser General\n Public License",
      "// License: GPLv3",
      "This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0.",
      "Text under CC BY-SA 4.0",
      "Creative Commons Attribution-ShareAlike",
      "SPDX-License-Identifier: AGPL-3.0",
    ]) {
      assert.ok(mentionsCopyleft(text), text);
    }
  });

  it("is not found in permissive licences and plain code", () => {
    for (const text of [
      "Permission is hereby granted, free of charge, to any person",
      "Licensed under the Apache License, Version 2.0",
      "const mpl = 2; // simple example",
      "the general public is welcome",
      code,
    ]) {
      assert.ok(!mentionsCopyleft(text), text);
    }
  });
});

describe("a generated file", () => {
  it("says so at its top", () => {
    assert.ok(isGenerated(`// Code generated by protoc. DO NOT EDIT.\n${code}`));
    assert.ok(isGenerated(`/** @generated */\n${code}`));
  });

  it("is what a compiler made of a module", () => {
    assert.ok(isGenerated(`"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n${code}`));
    assert.ok(isGenerated(`${code}//# sourceMappingURL=area.js.map\n`));
  });

  it("has a very long line, or long lines throughout", () => {
    assert.ok(isGenerated(`${code}const data = "${"abc ".repeat(200)}";\n`));
    assert.ok(isGenerated(`${"one more word and ".repeat(8)}\n`.repeat(5)));
  });

  it("is a table of numbers or signs", () => {
    assert.ok(isGenerated("0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc\n".repeat(20)));
    assert.ok(isGenerated("| -- | == | ++ | ** |\n".repeat(20)));
  });

  it("is not recognised if it is too short", () => {
    assert.ok(isGenerated("export {};\n"));
    assert.ok(isGenerated(""));
  });

  it("is not code written by hand", () => {
    assert.ok(!isGenerated(code));
  });
});

describe("a licence comment", () => {
  it("is removed from the top, whatever the form of the comment", () => {
    for (const comment of [
      "// Copyright 2009 The Go Authors. All rights reserved.\n// Use of this source code is governed by a licence.\n\n",
      "/*\n * Licensed to the Apache Software Foundation\n */\n",
      "# Copyright (c) 2001-2022 Somebody\n# See LICENSE for details.\n\n",
      "<!-- Licensed under MIT -->\n",
      "-- Copyright 2020 A\n-- Licensed to B\n\n",
      "% Copyright 2020 A\n\n",
      '"""\n:copyright: 2007 by somebody.\n"""\n',
    ]) {
      assert.equal(stripLicenceComment(comment + code), code, comment);
    }
  });

  it("is removed after other comments, which stay", () => {
    const note = "/* eslint-disable no-console */\n";
    assert.equal(stripLicenceComment(`${note}/** @license MIT, Copyright 2020 */\n${code}`), note + code);
  });

  it("is removed inside a header's guard, which stays", () => {
    const guard = "#ifndef AREA_H\n#define AREA_H\n";
    assert.equal(stripLicenceComment(`${guard}/* Copyright 2020 A */\n\nint area(int);\n`), `${guard}int area(int);\n`);
  });

  it("is removed after the line that names an interpreter, which stays", () => {
    const script = "set -e\necho hello\n";
    assert.equal(stripLicenceComment(`#!/bin/sh\n# Copyright 2020 A\n${script}`), `#!/bin/sh\n${script}`);
  });

  it("is not any other comment", () => {
    for (const text of [
      `// Areas and perimeters.\n${code}`,
      '#include <copyright.h>\n#define LICENSE "x"\nint main(void);\n',
      `${code}// Copyright 2020\n`,
    ]) {
      assert.equal(stripLicenceComment(text), text);
    }
  });
});

describe("a cleaned text", () => {
  it("has only line feeds, no byte order mark, no U+0000 and no trailing spaces", () => {
    assert.equal(cleanText("\uFEFFone  \r\ntwo\t\rthree\0\n"), "one\ntwo\nthree\n");
  });

  it("has an invented e-mail address for each one, and nothing else that has an @", () => {
    assert.equal(cleanText("By Ann Lee <ann.lee@mail.corp.org>\n"), "By Ann Lee <name@example.com>\n");
    for (const text of [
      "git clone git@github.com:owner/name.git\n",
      "y = a@b.T + x@self.weights\n",
      "npm install left-pad@1.3.0\n",
      "to: someone@example.org\n",
      "@app.route\n",
    ]) {
      assert.equal(cleanText(text), text);
    }
  });

  it("does not change when it is cleaned again, unless another licence comment is now at its top", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", " ", "\n", "\r", "\t", "{") }), (text) => {
        assert.equal(cleanText(cleanText(text)), cleanText(text));
      }),
    );
  });
});

describe("prose", () => {
  it("is sentences", () => {
    assert.ok(isProse("The owner of a value is the one that drops it, and there is only one of them.\n"));
  });

  it("is not a list of names or passwords", () => {
    assert.ok(!isProse("123456\npassword\nqwerty\nletmein\ndragon\n"));
    assert.ok(!isProse("pkg archive/tar, const TypeBlock = 52\npkg archive/tar, const TypeChar = 51\n"));
    assert.ok(!isProse(""));
  });
});

describe("the prose of a page", () => {
  it("is the words of its main part, with code unchanged", () => {
    const page = `<html><nav>Menu</nav><main><h1 id="a">Owner&shy;ship</h1><p>Each value has an\n<em>owner</em> &amp; one only.</p>
<pre><code>let s = String::from(&quot;hi&quot;);\n    drop(s);</code></pre><ul><li>first</li><li>second &#x3c;</li></ul>
<script>track()</script></main><footer>Foot</footer></html>`;
    assert.equal(
      proseOfPage(page),
      'Owner&shy;ship\n\nEach value has an\nowner & one only.\n\nlet s = String::from("hi");\n    drop(s);\n\nfirst\nsecond <\n',
    );
  });

  it("is empty for a page without a main part", () => {
    assert.equal(proseOfPage("<html><body><p>Text</p></body></html>").trim(), "");
  });
});

describe("the deduplicator", () => {
  const lines = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, i) => `statement number ${from + i};\n`).join("");

  it("keeps a text once", () => {
    const seen = new Deduplicator();
    assert.ok(seen.isNew(code));
    assert.ok(!seen.isNew(code));
  });

  it("recognises a copy by its text without white space", () => {
    const seen = new Deduplicator();
    seen.isNew(code);
    assert.ok(!seen.isNew(code.replaceAll("  ", "\t")));
  });

  it("drops a text if more than half of its passages were seen, even in several files", () => {
    const seen = new Deduplicator();
    seen.isNew(lines(0, 30));
    seen.isNew(lines(100, 130));
    assert.ok(!seen.isNew(lines(0, 30) + lines(100, 130) + lines(200, 220)));
  });

  it("keeps a text if less than half of it was seen", () => {
    const seen = new Deduplicator();
    seen.isNew(lines(0, 30));
    assert.ok(seen.isNew(lines(0, 30) + lines(100, 160)));
  });

  it("recognises each of very many texts", () => {
    const seen = new Deduplicator();
    const texts = Array.from({ length: 300 }, (_, i) => lines(1000 * i, 1000 * i + 300));
    assert.ok(texts.every((text) => seen.isNew(text)));
    assert.ok(texts.every((text) => !seen.isNew(`${text}one more line;\n`)));
  });
});

describe("the notice", () => {
  it("names the holders of each package's copyright, and has each licence's text once", async () => {
    const folder = await mkdtemp(join(tmpdir(), "murmur-notice-"));
    const notice = new Notice();
    const terms = `Permission is hereby granted, free of charge, to any person obtaining a copy. ${"And so on. ".repeat(20)}`;
    for (const name of ["a", "b"]) {
      await mkdir(join(folder, name, "package/src"), { recursive: true });
      await writeFile(join(folder, name, "package/LICENSE"), `MIT\n\nCopyright (c) 2020 ${name} & co\n\n${terms}\n`);
      await writeFile(join(folder, name, "package/src/license-check.js"), "Copyright 1999 nobody\n");
      const entry = {
        registry: "npm",
        name,
        version: "1.0.0",
        licence: "MIT",
        split: name === "b" ? "heldout" : "train",
        hash: "",
      } as const;
      await notice.add(entry, join(folder, name));
    }
    await rm(folder, { recursive: true });
    const text = notice.toString();
    assert.match(
      text,
      /^a 1\.0\.0: MIT; \[(\w+)\]\n {2}Copyright \(c\) 2020 a & co\nb 1\.0\.0, held out: MIT; \[\1\]\n/m,
    );
    assert.equal(text.split(terms.trim()).length, 2);
  });
});

describe("the balance of languages", () => {
  it("takes files from the languages that have too much, and the same ones each time", async () => {
    const left: string[][] = [];
    for (const run of ["one", "two"]) {
      const folder = await mkdtemp(join(tmpdir(), `murmur-balance-${run}-`));
      for (const [language, count] of [
        ["go", 20],
        ["lua", 3],
      ] as const) {
        await mkdir(join(folder, language, "a"), { recursive: true });
        for (let i = 0; i < count; i++) await writeFile(join(folder, language, "a", `${i}`), "x".repeat(100));
      }
      await balance(folder, 1000);
      const files = await storedFiles(folder);
      left.push(files.map(({ path }) => path.slice(folder.length)).sort());
      assert.deepEqual(countsOf(files), { go: { files: 10, bytes: 1000 }, lua: { files: 3, bytes: 300 } });
      await rm(folder, { recursive: true });
    }
    assert.deepEqual(left[0], left[1]);
  });
});

describe("the manifest", () => {
  it("pins each package by a hash and states its licence", () => {
    const entries = readManifest();
    assert.ok(entries.length > 100);
    assert.ok(entries.some((entry) => entry.split === "heldout"));
    assert.ok(entries.every((entry) => !/GPL|MPL|-SA|-NC|-ND/.test(entry.licence)));
  });
});

describe("a hash", () => {
  it("is written in the same form as the one it is compared with", () => {
    const bytes = Buffer.from("abc");
    assert.equal(
      hashLike("sha256-00", bytes),
      "sha256-ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    assert.match(hashLike("sha512-AA", bytes), /^sha512-3a81oZNherrMQXNJriBBMRLm.*==$/);
  });
});

describe("the summary", () => {
  it("adds up the packages of each split by language", () => {
    const common = { version: "1.0.0", licence: "MIT" };
    const totals = totalsOf([
      { ...common, name: "a", split: "train", languages: { go: { files: 1, bytes: 10 }, c: { files: 1, bytes: 5 } } },
      { ...common, name: "b", split: "train", languages: { go: { files: 2, bytes: 30 } } },
      { ...common, name: "c", split: "heldout", languages: { c: { files: 3, bytes: 7 } } },
    ]);
    assert.deepEqual(totals, {
      train: { files: 4, bytes: 45, languages: { c: { files: 1, bytes: 5 }, go: { files: 3, bytes: 40 } } },
      heldout: { files: 3, bytes: 7, languages: { c: { files: 3, bytes: 7 } } },
    });
  });
});
