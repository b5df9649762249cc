import assert from "node:assert/strict";
import { messageOf } from "../src/errors.ts";

describe("the message of an error", () => {
  it("is its own, or the text of what is no error", () => {
    assert.equal(messageOf(new Error("the disk is full")), "the disk is full");
    assert.equal(messageOf("stopped"), "stopped");
    assert.equal(messageOf(undefined), "undefined");
  });

  it("is that of the first one where disposing of something failed too, and again", async () => {
    const failing = (message: string): AsyncDisposable => ({
      [Symbol.asyncDispose]: () => Promise.reject(new Error(message)),
    });
    const thrown = (async () => {
      await using _folder = failing("the folder can't be closed");
      await using _file = failing("the file can't be closed");
      throw new Error("the disk is full");
    })();
    await assert.rejects(thrown, (error) => messageOf(error) === "the disk is full");
  });

  it("is that of the first one if code for Node 20 made the error, which has no such class there", () => {
    const error = new Error("An error was suppressed during disposal");
    Object.assign(error, { error: new Error("the file can't be closed"), suppressed: "the disk is full" });
    assert.equal(messageOf(error), "the disk is full");
  });
});
