import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { boundaryBefore } from "../../src/boundary.ts";
import { table } from "../markdown.ts";
import { progress } from "../support.ts";
import { bitsOfFiles } from "./bits.ts";
import { installedCompressors } from "./compression.ts";
import { compressWorkspace } from "./compressors.ts";

const givenShare = 0.9;

/** Prints nats per character of Tiny Shakespeare's last tenth, with the rest given. */
export async function shakespeareTable(path: string, modelPaths: readonly string[]): Promise<void> {
  const text = await readFile(path, "utf8");
  const split = boundaryBefore(text, Math.floor(givenShare * text.length));
  const given = [{ name: "given.txt", text: text.slice(0, split) }];
  const heldOut = [{ name: "held-out.txt", text: text.slice(split) }];
  const nats = (bits: number | undefined): string => (bits === undefined ? "–" : (bits * Math.LN2).toFixed(3));
  const rows: string[][] = [];
  for (const compressor of await installedCompressors()) {
    progress(`Tiny Shakespeare: ${compressor.name}`);
    rows.push([compressor.name, nats((await compressWorkspace(compressor, { given, heldOut })).given)]);
  }
  for (const modelPath of modelPaths) {
    progress(`Tiny Shakespeare: ${modelPath}`);
    const { bitsPerChar, rnn, local } = await bitsOfFiles(heldOut, given, modelPath);
    const name = basename(modelPath);
    rows.push([`RNN alone (${name})`, nats(rnn?.bitsPerChar)], ["local alone", nats(local?.bitsPerChar)]);
    rows.push([`mixed (${name})`, nats(bitsPerChar)]);
  }
  console.log("\n### Tiny Shakespeare, first 90 % given, last 10 % predicted\n");
  console.log(table(["", "nats per character"], rows));
}
