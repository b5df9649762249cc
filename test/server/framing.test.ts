import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { watchFraming } from "../../src/server/framing.ts";

const message = (content: string): string => `Content-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`;

/** Sends an input in pieces of a length. @returns what was said of it */
async function said(input: string, length = Number.POSITIVE_INFINITY): Promise<string[]> {
  const stream = new PassThrough();
  const sentences: string[] = [];
  watchFraming(stream, { log: (sentence) => sentences.push(sentence), end: () => stream.destroy() }, 50);
  const bytes = Buffer.from(input);
  for (let at = 0; at < bytes.length; at += length) stream.write(bytes.subarray(at, at + length));
  await setTimeout(200);
  return sentences;
}

describe("The framing of messages", () => {
  const contents = ["{}", "", "Content-Length: x\r\n\r\n", "ö→🙂", "x".repeat(10_000)];
  const type = "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n";
  const messages = contents.map((content) => message(content) + type + message(content)).join("");

  for (const length of [1, 2, 7, 4096, 100_000]) {
    it(`is right whatever is in them, if they arrive in pieces of ${length} bytes`, async () => {
      assert.deepEqual(await said(messages, length), []);
      const [sentence, ...more] = await said(`${messages}Content-Length: 1 2\r\n\r\n{}`, length);
      assert.match(sentence ?? "", /no valid Content-Length.*The server ends/);
      assert.deepEqual(more, []);
    });
  }

  it("reports once that a message, or a header, does not arrive", async () => {
    const [sentence, ...more] = await said(message("{}") + message("0123456789").slice(0, -4), 3);
    assert.match(sentence ?? "", /has not sent the last 4 bytes of a message\. Nothing is answered until it does/);
    assert.deepEqual(more, []);
    assert.match((await said("Content-Length: 5\r\n"))[0] ?? "", /has not sent the end of a header/);
  });
});
