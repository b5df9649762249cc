import { boundaryBefore } from "../../boundary.ts";
import { networkPrediction } from "../../completion/prediction/predictor.ts";
import { MurmurError } from "../../errors.ts";
import { t } from "../../l10n.ts";
import { normalizeText } from "../../model/tokenizer.ts";
import { unknownCharacters } from "../../model/vocabulary.ts";
import type {
  ActivationsParams,
  FindUnitsParams,
  FoundUnit,
  NextCharacters,
  NextParams,
  PlaygroundReading,
  PlaygroundText,
  ReadPiece,
  TextProperty,
  WriteParams,
  WriteResult,
} from "../playground-protocol.ts";
import { correlation } from "./correlation.ts";
import { likeliestLabels, rounded } from "./likely.ts";
import { type LoadedModel, longestIn } from "./loaded-model.ts";
import { nextCharacters } from "./next-characters.ts";
import { valuesOf } from "./text-properties.ts";
import type { Piece, Turn } from "./text-reading.ts";
import { Writing } from "./writing.ts";

/** The most characters, or words, that are written after a text. */
const mostWritten = 2_000;
/** How many units are found. */
const mostFound = 12;
/** Units that are compared with a property in one turn. */
const unitsAtOnce = 32;
/** How many unknown characters are named. */
const mostUnknown = 8;

// What each request of the page does with the model that is loaded.

export async function read(loaded: LoadedModel, params: PlaygroundText, turn: Turn): Promise<PlaygroundReading> {
  const { text, leftOut } = await readText(loaded, params, turn);
  const { model, reading } = loaded;
  const { pieces, labels } = reading;
  const unknown = [...unknownCharacters(model.tokenizer, [text])].slice(0, mostUnknown);
  if (labels) {
    const { labels: names } = model.info.architecture;
    const all = likeliestLabels(names, labels, names.length);
    return { leftOut, unknown, labels: all, pieces: pieces.map((piece) => classified(piece, names, labels)) };
  }
  const shown = pieces.map(predicted);
  const bits = shown.reduce((sum, { probability }) => sum - Math.log2(probability), 0);
  const isEmpty = pieces.length === 0;
  const means = { bitsPerChar: rounded(bits / text.length), perplexity: rounded(2 ** (bits / pieces.length)) };
  return { leftOut, unknown, pieces: shown, ...(!isEmpty && means) };
}

function predicted({ text, steps }: Piece): ReadPiece {
  const probability = steps.reduce((product, step) => product * step.probability, 1);
  return {
    text,
    probability: rounded(Math.max(probability, Number.MIN_VALUE)),
    likeliest: steps[0]?.likeliest ?? [],
  };
}

/** @param final the probabilities of the labels after the whole text */
function classified({ text, steps }: Piece, names: readonly string[], final: Float32Array): ReadPiece {
  const chosen = final.indexOf(Math.max(...final));
  const labels = steps.at(-1)?.labels ?? new Float32Array();
  return { text, probability: rounded(labels[chosen] ?? 0), likeliest: likeliestLabels(names, labels) };
}

export async function next(loaded: LoadedModel, params: NextParams, turn: Turn): Promise<NextCharacters> {
  assertPredicts(loaded);
  await readText(loaded, params, turn);
  const { model, reading } = loaded;
  const temperatures = params.temperatures.map((temperature) => within(temperature, 0, 2));
  return await nextCharacters(networkPrediction(model, reading.last), temperatures, turn);
}

export async function write(loaded: LoadedModel, params: WriteParams, turn: Turn): Promise<WriteResult> {
  assertPredicts(loaded);
  const { text, condition = "", temperature, topK, topP, seed } = params;
  const key = JSON.stringify([text, condition, temperature, topK, topP, seed]);
  if (loaded.writing?.key !== key) {
    await readText(loaded, params, turn);
    const sampling = {
      temperature: within(temperature, 0, 2),
      seed: Math.floor(within(seed, 0, 2 ** 32 - 1)),
      ...(topK !== undefined && { topK: Math.floor(Math.max(1, topK)) }),
      ...(topP !== undefined && { topP: within(topP, 0, 1) }),
    };
    const prediction = networkPrediction(loaded.model, loaded.reading.last);
    loaded.writing = { key, writing: new Writing(prediction, sampling) };
  }
  const from = within(params.from, 0, mostWritten);
  return await loaded.writing.writing.between(from, within(from + params.length, from, mostWritten), turn);
}

export async function activations(loaded: LoadedModel, params: ActivationsParams, turn: Turn): Promise<number[]> {
  const { layers, hidden } = loaded.model.info.architecture;
  const { layer, unit } = params;
  const isThere = layer >= 0 && layer < layers && unit >= 0 && unit < hidden && Number.isInteger(layer + unit);
  if (!isThere)
    throw new MurmurError(
      "bad-option",
      t(
        "The model has no unit {0} in a layer {1}. It has units 1 to {2} in layers 1 to {3}. Choose one of these.",
        unit + 1,
        layer + 1,
        hidden,
        layers,
      ),
    );
  await readText(loaded, params, turn);
  return Array.from(seriesOf(loaded.reading.pieces, layer * hidden + unit), rounded);
}

export async function findUnits(loaded: LoadedModel, params: FindUnitsParams, turn: Turn): Promise<FoundUnit[]> {
  const { text } = await readText(loaded, params, turn);
  const { pieces } = loaded.reading;
  const target = atPieces(valuesOf(params.property, text), pieces);
  if (new Set(target).size < 2) throw new MurmurError("no-text", nothingToFind(params.property));
  const { layers, hidden } = loaded.model.info.architecture;
  const found: FoundUnit[] = [];
  for (let index = 0; index < layers * hidden; index++) {
    if (index % unitsAtOnce === 0) await turn();
    const [layer, unit] = [Math.floor(index / hidden), index % hidden];
    found.push({ layer, unit, correlation: rounded(correlation(seriesOf(pieces, index), target)) });
  }
  return found.sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation)).slice(0, mostFound);
}

/** Reads a text, or its last part, in the form in which models read texts. */
async function readText(
  { model, reading }: LoadedModel,
  { text, condition = "" }: PlaygroundText,
  turn: Turn,
): Promise<{ readonly text: string; readonly leftOut: number }> {
  const normal = normalizeText(text);
  const longest = longestIn(model);
  const leftOut = boundaryBefore(normal, Math.max(0, normal.length - longest));
  const read = normal.slice(leftOut);
  await reading.read(read, normalizeText(condition.slice(0, longest)), turn);
  return { text: read, leftOut };
}

/** What a hidden unit is after each piece. @param index of the unit among those of all layers */
function seriesOf(pieces: readonly Piece[], index: number): Float32Array {
  return Float32Array.from(pieces, ({ steps }) => {
    const [h] = steps.at(-1)?.state ?? [];
    return (h?.data as Float32Array | undefined)?.[index] ?? 0;
  });
}

/** The values after each piece. */
function atPieces(values: Float32Array, pieces: readonly Piece[]): Float32Array {
  let end = 0;
  return Float32Array.from(pieces, ({ text }) => {
    end += text.length;
    return values[end - 1] ?? 0;
  });
}

function assertPredicts({ model }: LoadedModel): void {
  if (model.info.architecture.task !== "many-to-one") return;
  throw new MurmurError("bad-model", t("The model is a classifier: it does not predict text. Choose another model."));
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function nothingToFind(property: TextProperty): string {
  switch (property) {
    case "quotes":
      return t("The prompt has nothing in quotes, so no unit can be told to follow that. Add some.");
    case "brackets":
      return t("The prompt has no brackets, so no unit can be told to follow them. Add some.");
    case "comments":
      return t("The prompt has no comments, so no unit can be told to follow them. Add some.");
    case "indentation":
      return t("All lines of the prompt are indented alike, so no unit can be told to follow that. Add others.");
    case "column":
      return t(
        "The prompt has at most one character in each line, so no unit can be told to follow the place. Add some.",
      );
    case "line-end":
      return t("The prompt has no end of a line, so no unit can be told to expect that. Add one.");
  }
}
