import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { TextReader } from "../../../src/completion/memory/text-reader.ts";
import { Mixture } from "../../../src/completion/prediction/mixture.ts";
import { CommitBoxes } from "../../../src/server/documents/commit-boxes.ts";
import { TrackedDocument } from "../../../src/server/documents/tracked-document.ts";
import { Folder } from "../../support/folder.ts";
import { Git } from "../../support/git.ts";

describe("the commits of a repository", () => {
  it("are read again where they were forgotten", async () => {
    await using git = await Git.start();
    await using folder = await Folder.with();
    git.run(folder.path, "init", "--quiet");
    const user = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"];
    git.run(folder.path, ...user, "commit", "--quiet", "--allow-empty", "--message", "Refine the quadrature");
    const reader = new TextReader(new Mixture({ successors: 10, direct: 10, history: 12 }));
    const boxes = new CommitBoxes({
      log: { debug: () => {}, error: (message) => assert.fail(message) },
      reader: () => reader,
      isOn: async () => true,
      mayReadCommits: async () => true,
      isLeftOut: () => false,
    });
    const root = encodeURIComponent(pathToFileURL(folder.path).href);
    const box = new TrackedDocument(`vscode-scm:git/scm0/input?rootUri=${root}`, "scminput", 1, "");
    const subjects = `commit-subjects:${folder.path}`;

    await boxes.follow(box);
    assert.ok(reader.knows(subjects));
    await reader.forget(subjects);
    await boxes.follow(box);
    assert.ok(reader.knows(subjects));
    assert.equal(boxes.before(box), "Refine the quadrature\n");
  });
});
