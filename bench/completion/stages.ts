import { DocumentText } from "../../src/completion/documents/document-text.ts";
import { TextReader } from "../../src/completion/memory/text-reader.ts";
import { Place } from "../../src/completion/prediction/local/place.ts";
import { Mixture } from "../../src/completion/prediction/mixture.ts";
import { softmax } from "../../src/completion/prediction/predictor.ts";
import { bytesOf } from "../../src/completion/text.ts";
import { prepareEngine, sources } from "../../src/evaluation/engine-under-test.ts";
import { typingSettings } from "./typing.ts";
import type { Workspace } from "./workspaces.ts";

/** A stage, and how long it took each time, in milliseconds. */
export interface StageTimes {
  readonly name: string;
  readonly times: readonly number[];
}

const bytes = 2000;
/** Places at which something is suggested, and characters from one to the next. */
const places = 300;
const stride = 37;

/** Times what one completion is made of, in this process, with a workspace read. */
export async function stageTimes({ given, heldOut }: Workspace, modelPath: string): Promise<StageTimes[]> {
  const underTest = await prepareEngine({ modelPath, given, sources });
  const { engine, mixture } = underTest;
  const text = heldOut.map((file) => file.text).join("");
  const [step, predict, learn, suggest, shown]: [number[], number[], number[], number[], number[]] = [
    [],
    [],
    [],
    [],
    [],
  ];

  const place = new Place();
  let state = engine.model.start();
  for (const byte of bytesOf(text).subarray(0, bytes)) {
    const reading = await timed(step, () => engine.model.read(state, Int32Array.of(byte)));
    ({ state } = reading);
    if (!mixture) continue;
    await timed(predict, () => mixture.distribution(place, softmax(reading.logits)));
    await timed(learn, () => {
      mixture.learnMixing(place, softmax(reading.logits), byte);
      mixture.local.learn(place, byte);
    });
  }

  underTest.restore();
  for (let i = 1; i <= places; i++) {
    const at = { uri: "file:///typed", text: DocumentText.of(text.slice(0, i * stride)), offset: i * stride };
    engine.see(at.uri, at.text);
    const request = { ...at, ...typingSettings("balanced") };
    await engine.suggest({ ...request, maxCharacters: 0 });
    // What stands before the cursor is read now, so what is timed is the decoding.
    const { suggestion } = await timed(suggest, () => engine.suggest(request));
    if (suggestion) shown.push(suggest.at(-1) ?? Number.NaN);
  }
  await underTest.release();
  return [
    { name: "a step of the network", times: step },
    { name: "the local model's look and the mixed distribution", times: predict },
    { name: "learning a byte, and how to mix", times: learn },
    { name: "decoding, at any place", times: suggest },
    { name: `decoding, where something is shown (${shown.length} of ${places} places)`, times: shown },
  ];
}

/** Kilobytes of a workspace's text that the local model reads in a second, as in the background. */
export async function readingSpeed({ given }: Workspace): Promise<number> {
  const reader = new TextReader(new Mixture());
  const start = performance.now();
  for (const { text } of given) await reader.read(text);
  return given.reduce((sum, { text }) => sum + text.length, 0) / (performance.now() - start);
}

async function timed<Result>(times: number[], run: () => Result | Promise<Result>): Promise<Result> {
  const start = performance.now();
  const result = await run();
  times.push(performance.now() - start);
  return result;
}
