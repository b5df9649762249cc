import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Folder } from "../support/folder.ts";
import { tinyModelFile } from "../support/models.ts";
import { json, murmur, refuses } from "./support.ts";

const text = "for (let i = 0; i < items.length; i++) {\n  total += items[i].price;\n}\n".repeat(8);

interface Simulated {
  readonly chars: number;
  readonly acceptedChars: number;
  readonly acceptances: number;
  readonly acceptedShare: number;
  readonly keystrokesSaved: number;
  readonly netSaved: number;
  readonly shown: number;
  readonly wrong: number;
  readonly wrongPer100Chars: number;
  readonly latencyMs: Record<string, number>;
  readonly calibration: { readonly error: number; readonly bins: readonly { readonly count: number }[] };
  readonly intervals: Record<string, [number, number]>;
  readonly files: readonly { readonly file: string; readonly chars: number }[];
}

describe("murmur simulate and evaluate", function () {
  this.timeout(120_000);
  let folder: Folder;
  before(async () => {
    folder = await Folder.with({ "src/a.js": text, "src/b.js": text.replaceAll("items", "orders") });
  });
  after(() => folder[Symbol.asyncDispose]());

  async function simulate(...args: string[]): Promise<Simulated> {
    return (await json("simulate", folder.join("src"), ...args)) as unknown as Simulated;
  }

  it("simulate reports how much typing suggestions save, with intervals and calibration", async () => {
    const result = await simulate();
    assert.ok(result.acceptedChars > 0, "the default model gets something right");
    assert.equal(result.chars, 2 * text.length + 16);
    assert.equal(result.shown, result.acceptances + result.wrong);
    assert.equal(result.acceptedShare, result.acceptedChars / result.chars);
    assert.equal(result.keystrokesSaved, (result.acceptedChars - result.acceptances) / result.chars);
    const net = (result.acceptedChars - 2 * result.acceptances - 3 * result.wrong) / result.chars;
    assert.ok(Math.abs(result.netSaved - net) < 1e-12);
    assert.equal(result.wrongPer100Chars, (100 * result.wrong) / result.chars);
    assert.deepEqual(Object.keys(result.latencyMs), ["p50", "p95", "p99"]);
    assert.equal(
      result.calibration.bins.reduce((sum, bin) => sum + bin.count, 0),
      result.shown,
    );
    const [low, high] = result.intervals["netSaved"]!;
    assert.ok(low <= result.netSaved && result.netSaved <= high);
    assert.deepEqual(
      result.files.map(({ file }) => file),
      ["a.js", "b.js"],
    );
  });

  it("simulate reports the same figures however many files it measures at once", async () => {
    const figures = async (threads: string): Promise<unknown> => {
      const { latencyMs, ...rest } = await simulate("--threads", threads, "--limit", "400");
      return { ...rest, charsPerSecond: undefined };
    };
    assert.deepEqual(await figures("1"), await figures("2"));
  });

  it("simulate requests less often with --every, and reads no more of a file than --limit", async () => {
    const [all, some] = [await simulate("--limit", "300"), await simulate("--limit", "300", "--every", "50")];
    assert.deepEqual([all.chars, some.chars], [600, 600]);
    assert.ok(some.shown <= 12 && some.shown < all.shown, `${some.shown} and ${all.shown}`);
  });

  it("simulate accepts --eagerness, --sources and --given", async () => {
    const options = ["--eagerness", "quiet", "--sources", "rnn", "--given", folder.join("src"), "--limit", "200"];
    assert.equal((await simulate(...options)).chars, 400);
  });

  it("evaluate reports bits per character of each source, in total and for each file", async () => {
    const result = await json("evaluate", folder.join("src"), "--sources", "rnn", "--limit", "500");
    const rnn = result["rnn"] as { bitsPerChar: number };
    assert.equal(result["chars"], 1000);
    assert.equal(rnn.bitsPerChar, result["bitsPerChar"]);
    assert.equal(result["local"], undefined);
    assert.ok(Number(result["charsPerSecond"]) > 0);
  });

  for (const command of ["simulate", "evaluate"]) {
    it(`${command} --report writes one HTML file that shows the measured files`, async () => {
      const report = folder.join(`${command}.html`);
      await json(command, folder.join("src"), "--limit", "200", "--report", report);
      const page = await readFile(report, "utf8");
      assert.match(page, /<title>[^<]+ · Murmur<\/title>/);
      assert.ok(page.includes("a.js") && page.includes("b.js"));
    });

    it(`${command} prints readable figures without --json`, async () => {
      const { code, out, err } = await murmur(command, folder.join("src"), "--limit", "100");
      assert.equal(code, 0, err);
      assert.match(
        out,
        command === "simulate" ? /net saved, of 200 characters of 2 files/ : /bits per character over 200/,
      );
      assert.equal(err, "");
    });
  }

  refuses({
    "an unknown eagerness": [
      ["simulate", ".", "--eagerness", "loud"],
      /--eagerness is "loud"; it must be one of: quiet/,
    ],
    "an unknown source": [["evaluate", ".", "--sources", "rnn,gpt"], /--sources is "rnn,gpt"; it must be one or both/],
    "no source": [["simulate", ".", "--sources", ""], /--sources is ""/],
    "an every of 0": [["simulate", ".", "--every", "0"], /--every is "0"; it must be a whole number, 1 or more/],
    "a missing path": [["evaluate"], /missing required argument/],
  });

  it("exits with 1 if a file does not exist or can't be used, and names it", async () => {
    const broken = await folder.write("broken.onnx", tinyModelFile().bytes.slice(0, 1000));
    const cases: [string[], RegExp][] = [
      [["simulate", folder.join("src"), "--model", broken], /broken\.onnx is not an ONNX file, or is incomplete/],
      [["simulate", folder.join("src"), "--model", "/no/such.onnx"], /\/no\/such\.onnx can't be read/],
      [["evaluate", folder.join("src"), "--given", "/no/such"], /no file or folder \/no\/such/],
      [["evaluate", folder.join("src"), "--report", "/no/such/r.html"], /folder of \/no\/such\/r\.html does not exist/],
    ];
    for (const [args, message] of cases) {
      const { code, err } = await murmur(...args);
      assert.equal(code, 1, err);
      assert.match(err, message);
    }
  });
});
