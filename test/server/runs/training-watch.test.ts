import assert from "node:assert/strict";
import { PastRuns } from "../../../src/server/runs/past-runs.ts";
import { TrainingWatch } from "../../../src/server/runs/training-watch.ts";
import { Folder } from "../../support/folder.ts";

describe("what there is to see of a run that nobody asked for", () => {
  let folder: Folder;
  let watch: TrainingWatch;
  beforeEach(async () => {
    folder = await Folder.with();
    watch = new TrainingWatch(new PastRuns(folder.join("runs.json"), console), () => {});
    watch.begin(3);
    await watch.end({ outcome: "kept", message: "No better." }, true);
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  it("is the run before it, as that ended, until it turns out to be worthwhile", async () => {
    const before = await watch.watch(true);
    watch.pause(true);
    watch.finish();
    assert.deepEqual(await watch.watch(true), before);
  });

  it("is that it is paused, if it was when it turned out to be worthwhile", async () => {
    watch.pause(true);
    watch.begin(3, true);
    assert.equal((await watch.watch(true)).run?.isPaused, true);
  });
});
