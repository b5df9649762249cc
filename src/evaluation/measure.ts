import { type FileBits, measureFile } from "./bits.ts";
import type { ChangedFile } from "./edits/tree.ts";
import { type EditSimulation, typeEdits } from "./edits/type-edits.ts";
import type { EngineSetup, EngineUnderTest, TextLike } from "./engine-under-test.ts";
import { type Simulation, type Suggest, simulate, type TypingSettings } from "./simulate.ts";

/** What to measure in each file, and with which engine. */
export interface Measurement {
  readonly engine: EngineSetup;
  /** Settings of simulated typing; undefined if it is not wanted. */
  readonly typing?: TypingSettings | undefined;
  /** Whether to measure bits: of the whole file only, or of each character too. */
  readonly bits?: "file" | "characters" | undefined;
}

/** A file to measure: a whole one, or one of which only the edits are typed. */
export type FileToMeasure = TextLike | ChangedFile;

/** A file and its measurements. */
export interface MeasuredFile extends TextLike {
  /** The file's edits, if only these were typed. */
  readonly edits?: readonly EditSimulation[] | undefined;
  readonly simulation?: Simulation | undefined;
  readonly bits?: Omit<FileBits, "characters"> & Partial<Pick<FileBits, "characters">>;
}

/** Measures one file and leaves the engine as it was. @param seen receives the offset that typing has reached */
export async function measure(
  underTest: EngineUnderTest,
  file: FileToMeasure,
  { typing, bits }: Omit<Measurement, "engine">,
  seen: (offset: number) => void = () => {},
): Promise<Omit<MeasuredFile, keyof TextLike>> {
  if ("former" in file) return typing ? await typeEdits(underTest, file, typing, seen) : {};
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
