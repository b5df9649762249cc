import type { LocalMemory } from "../../src/completion/memory/local-memory.ts";
import { TextReader } from "../../src/completion/memory/text-reader.ts";
import type { LocalModelSizes } from "../../src/completion/prediction/local/local-model.ts";
import { loadParameters } from "../../src/completion/prediction/mixing-parameters.ts";
import { Mixture } from "../../src/completion/prediction/mixture.ts";

/** A memory in which nothing was read, with the fitted parameters that ship with Murmur. */
export async function fittedMemory(
  sizes: LocalModelSizes = { successors: 16, direct: 16, history: 16 },
): Promise<LocalMemory> {
  const mixture = new Mixture(sizes);
  await loadParameters(mixture);
  return { mixture, reader: new TextReader(mixture) };
}
