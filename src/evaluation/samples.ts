import { generate } from "../completion/generate.ts";
import type { LanguageModel } from "../model/language-model.ts";

/** What a network writes at the beginning of a file. */
export interface Sample {
  readonly temperature: number;
  readonly text: string;
}

/** From nearly always the likeliest character to one drawn as the network predicts. */
const temperatures = [0.2, 0.7, 1] as const;
const length = 160;
/** The same draws each time, so that what changes is what the network has learned. */
const seed = 1;

/** What a network writes at the beginning of a file, at three temperatures. */
export async function samplesOf(model: LanguageModel): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const temperature of temperatures) {
    let text = "";
    for await (const character of generate(model, { prompt: "", temperature, length, seed })) text += character.text;
    samples.push({ temperature, text });
  }
  return samples;
}
