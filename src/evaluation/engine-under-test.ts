import { CompletionEngine } from "../completion/engine.ts";
import { LanguageModel } from "../model/language-model.ts";

/** What a prediction is made from: the network, and the model of the text at hand. Each can be left out, for measurement. */
export type Source = "rnn" | "local";

export const sources: readonly Source[] = ["rnn", "local"];

/** A text and the name that it goes by: a path, which tells its language. */
export interface TextLike {
  readonly name: string;
  readonly text: string;
}

export interface EngineOptions {
  readonly modelPath: string;
  /** What the local model has read before. */
  readonly given: readonly TextLike[];
  readonly sources: readonly Source[];
}

/** An engine that is measured on one file after another, each from the same state. */
export interface EngineUnderTest {
  readonly engine: CompletionEngine;
  /** Back to the state after `given` was read: nothing learned from a held-out file stays. */
  restore(): void;
  /** Frees the memory of the model; the engine can't be used after. */
  release(): Promise<void>;
}

/** Loads the model and reads what is given. @throws MurmurError ("not-found", "bad-model") */
export async function prepareEngine({ modelPath }: EngineOptions): Promise<EngineUnderTest> {
  const model = await LanguageModel.load(modelPath);
  const engine = new CompletionEngine(model, { budget: Number.POSITIVE_INFINITY });
  return {
    engine,
    restore: () => void engine.use(model),
    release: () => model.release(),
  };
}
