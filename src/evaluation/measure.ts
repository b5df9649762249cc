import type { CompletionSettings } from "../completion/suggestion.ts";
import { type FileBits, measureFile } from "./bits.ts";
import type { EngineSetup, EngineUnderTest, TextLike } from "./engine-under-test.ts";
import { type Simulation, type Suggest, simulate } from "./simulate.ts";

/** What to measure in each file, and with which engine. */
export interface Measurement {
  readonly engine: EngineSetup;
  /** Settings of simulated typing; undefined if it is not wanted. */
  readonly typing?: TypingSettings | undefined;
  /** Whether to measure bits: of the whole file only, or of each character too. */
  readonly bits?: "file" | "characters" | undefined;
}

export interface TypingSettings extends CompletionSettings {
  /** Suggestions are requested only at offsets that are multiples of this. */
  readonly every: number;
}

/** A file and its measurements. */
export interface MeasuredFile extends TextLike {
  readonly simulation?: Simulation | undefined;
  readonly bits?: Omit<FileBits, "characters"> & Partial<Pick<FileBits, "characters">>;
}

/** Measures one file and leaves the engine as it was. @param seen receives the offset that typing has reached */
export async function measure(
  underTest: EngineUnderTest,
  file: TextLike,
  { typing, bits }: Omit<Measurement, "engine">,
  seen: (offset: number) => void = () => {},
): Promise<Omit<MeasuredFile, keyof TextLike>> {
  const simulation = typing && (await type(underTest, file, typing, seen));
  if (!bits) return { simulation };
  const { characters, ...whole } = await measureFile(underTest, file);
  return { simulation, bits: bits === "characters" ? { ...whole, characters } : whole };
}

async function type(
  underTest: EngineUnderTest,
  file: TextLike,
  { every, ...settings }: TypingSettings,
  seen: (offset: number) => void,
): Promise<Simulation> {
  const { engine } = underTest;
  const suggest: Suggest = async (before) => {
    seen(before.length);
    await engine.update(file.name, before);
    const request = { ...settings, uri: file.name, text: before, offset: before.length };
    return (await engine.suggest(request)).suggestion;
  };
  underTest.restore();
  const simulation = await simulate(file.text, suggest, { every });
  await engine.close(file.name);
  underTest.restore();
  return simulation;
}
