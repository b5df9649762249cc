import { CompletionEngine } from "../completion/engine.ts";
import { mostRehearsed, TextReader } from "../completion/memory/text-reader.ts";
import { loadParameters } from "../completion/prediction/mixing-parameters.ts";
import { Mixture } from "../completion/prediction/mixture.ts";
import { LanguageModel, noNetwork } from "../model/language-model.ts";
import type { Precision } from "../model/model-file.ts";

/** The sources of a prediction: the network and the local model. Either can be left out for measurement. */
export type Source = "rnn" | "local";

export const sources: readonly Source[] = ["rnn", "local"];

/** A text and its name, which is a path that shows its language. */
export interface TextLike {
  readonly name: string;
  readonly text: string;
}

export interface EngineSetup {
  /** Undefined: the local model predicts alone, and no model is loaded. */
  readonly modelPath: string | undefined;
  /** Texts that the local model reads first. */
  readonly given: readonly TextLike[];
  readonly sources: readonly Source[];
  /** What the network computes with; the default is int8, as in the editor. */
  readonly precision?: Precision;
}

/** An engine that is measured on one file after another, always from the same state. */
export interface EngineUnderTest {
  readonly engine: CompletionEngine;
  /** Undefined if the network predicts alone. */
  readonly mixture: Mixture | undefined;
  readonly sources: readonly Source[];
  /** Returns to the state after `given` was read: nothing learned from a held-out file is kept. No document may be open. */
  restore(): void;
  /** Frees the model's memory. The engine cannot be used afterwards. */
  release(): Promise<void>;
}

/** Loads the model, if there is one, and reads the given texts. @throws MurmurError ("not-found", "bad-model", "no-runtime") */
export async function prepareEngine({
  modelPath,
  given,
  sources,
  precision = "int8",
}: EngineSetup): Promise<EngineUnderTest> {
  const usesNetwork = sources.includes("rnn") && modelPath !== undefined;
  const model = usesNetwork ? await LanguageModel.load(modelPath, { precision }) : noNetwork;
  const mixture = sources.includes("local") && model.tokenizer.kind === "byte" ? new Mixture() : undefined;
  if (mixture) await loadParameters(mixture);
  const reader = mixture && new TextReader(mixture);
  const engine = new CompletionEngine(model, { budget: Number.POSITIVE_INFINITY, mixture, reader });
  await readGiven(engine, given);
  const prepared = mixture?.snapshot();
  const known = reader?.known ?? [];
  return {
    engine,
    mixture,
    sources,
    restore: () => {
      if (prepared) mixture?.restore(prepared);
      if (reader) reader.known = known;
    },
    release: () => model.release(),
  };
}

/** Reads the given texts, and rehearses the last ones, as the server does after it has read a workspace. */
async function readGiven(engine: CompletionEngine, given: readonly TextLike[]): Promise<void> {
  const names = new Set<string>();
  const named = given.map(({ name, text }) => {
    // Files of two folders may have the same name. A second text by that name would replace the first.
    const options = names.has(name) ? {} : { name: workspaceUri(name) };
    names.add(name);
    return { text, options };
  });
  await using rehearsal = engine.rehearsal();
  const rehearsed = lastOf(named, rehearsal ? mostRehearsed : 0);
  for (const one of named) if (!rehearsed.has(one)) await engine.read(one.text, one.options);
  for (const { text, options } of rehearsed) await rehearsal?.read(text, options);
}

/** The last texts that have at most `limit` characters together, in their order. */
function lastOf<Text extends { readonly text: string }>(texts: readonly Text[], limit: number): Set<Text> {
  let from = texts.length;
  let left = limit;
  while (from > 0 && (texts[from - 1]?.text.length ?? 0) <= left) left -= texts[--from]?.text.length ?? 0;
  return new Set(texts.slice(from));
}

/** The URI of a given text. No measured file has it, unless it is a later version of that text. */
export function workspaceUri(name: string): string {
  return `workspace:${name}`;
}
