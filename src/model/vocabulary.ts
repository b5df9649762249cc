import { MurmurError } from "../errors.ts";
import { replacementCharacter, type Tokenizer } from "./tokenizer.ts";

/** At most this many unknown characters are named in the message. */
const mostNamed = 8;

/**
 * @param message says that there are so many unknown characters, such as some, and what to do
 * @throws MurmurError ("bad-option") if the tokens of the model are characters and the texts contain others
 */
export function assertKnown(
  { stored }: Pick<Tokenizer, "stored">,
  texts: Iterable<string>,
  message: (count: number, named: string) => string,
): void {
  const unknown = unknownCharacters({ stored }, texts);
  if (unknown.size === 0) return;
  const named = [...unknown].slice(0, mostNamed).map((character) => JSON.stringify(character));
  throw new MurmurError("bad-option", message(unknown.size, named.join(", ")));
}

/** The characters of some texts that a model does not know: none if it reads bytes or words, which can spell all. */
export function unknownCharacters({ stored }: Pick<Tokenizer, "stored">, texts: Iterable<string>): Set<string> {
  const unknown = new Set<string>();
  if (stored.kind !== "char") return unknown;
  const known = new Set([...stored.characters, replacementCharacter]);
  for (const text of texts) {
    for (const character of text) if (!known.has(character)) unknown.add(character);
  }
  return unknown;
}
