import { MurmurError } from "../errors.ts";
import { replacementCharacter, type Tokenizer } from "./tokenizer.ts";

/** Of the characters that a model does not know, so many are named. */
const mostNamed = 8;

/**
 * @param what the texts are, and `cure`, what to do, for the message
 * @throws MurmurError ("bad-option") if there are characters in the texts that a model whose tokens are characters does not know
 */
export function assertKnown(
  { stored }: Pick<Tokenizer, "stored">,
  texts: Iterable<string>,
  { what, model, cure }: { readonly what: string; readonly model: string; readonly cure: string },
): void {
  if (stored.kind !== "char") return;
  const known = new Set([...stored.characters, replacementCharacter]);
  const unknown = new Set<string>();
  for (const text of texts) {
    for (const character of text) if (!known.has(character)) unknown.add(character);
  }
  if (unknown.size === 0) return;
  const named = [...unknown].slice(0, mostNamed).map((character) => JSON.stringify(character));
  throw new MurmurError(
    "bad-option",
    `${what} has characters that the vocabulary of ${model} lacks (${unknown.size}), such as ${named.join(", ")}. ${cure}, or use a model with another tokenizer (byte, word).`,
  );
}
