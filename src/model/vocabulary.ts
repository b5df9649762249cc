import { MurmurError } from "../errors.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Of the characters that a model does not know, so many are named. */
const mostNamed = 8;

/**
 * @param what the texts are, for the message
 * @throws MurmurError ("bad-option") if there are characters in the texts that a model whose tokens are characters does not know
 */
export function assertKnown(
  { stored }: Pick<Tokenizer, "stored">,
  texts: Iterable<string>,
  what: string,
  model: string,
): void {
  if (stored.kind !== "char") return;
  const known = new Set(stored.characters);
  const unknown = new Set<string>();
  for (const text of texts) {
    for (const character of text) if (!known.has(character)) unknown.add(character);
  }
  if (unknown.size === 0) return;
  const named = [...unknown].slice(0, mostNamed).map((character) => JSON.stringify(character));
  throw new MurmurError(
    "bad-option",
    `${what} has ${unknown.size} characters that the vocabulary of ${model} lacks, such as ${named.join(", ")}. Train from nothing, or use a model with another tokenizer (byte, word).`,
  );
}
