import { boundaryBefore } from "../boundary.ts";
import type { Architecture } from "./info.ts";
import { startToken, type Tokenizer, type Tokens } from "./tokenizer.ts";

/** Rows of the table of vectors for the words of a path. Words share rows by their hashes; row 0 stands for no word. */
export const contextBuckets = 4096;
/** How many words of a file's path are read. */
const contextLength = 16;
/** How many of the tokens after the cursor are read. */
const followingLength = 64;

/** The length of the condition that a network with this task reads in addition to its tokens; 0 if it reads none. */
export function conditionLength(task: Architecture["task"]): number {
  switch (task) {
    case "one-to-many":
      return contextLength;
    case "sequence-to-sequence":
      return followingLength;
    case "many-to-many":
    case "many-to-one":
      return 0;
  }
}

/**
 * What the path of a file says before its first character: its extension, the words of its name, and those of its folders, nearest
 * first.
 * @param path with "/" between its parts
 */
export function contextOf(path: string): Tokens {
  const parts = path.split("/");
  const name = parts.pop() ?? "";
  const ending = /\.[^.]*$/.exec(name)?.[0] ?? "";
  const features = [
    `ending ${ending.toLowerCase()}`,
    ...wordsOf(name.slice(0, name.length - ending.length)).map((word) => `name ${word}`),
    ...parts.reverse().flatMap((part) => wordsOf(part).map((word) => `folder ${word}`)),
  ];
  const tokens = new Int32Array(contextLength);
  features.slice(0, contextLength).forEach((feature, i) => {
    tokens[i] = bucketOf(feature);
  });
  return tokens;
}

/** The words of a name: `document-learner`, `documentLearner` and `document_learner` alike. */
function wordsOf(name: string): string[] {
  return (name.match(/\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{N}+/gu) ?? []).map((word) => word.toLowerCase());
}

/** FNV-1a. */
function bucketOf(feature: string): number {
  let hash = 0x811c9dc5;
  for (const character of feature) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return 1 + ((hash >>> 0) % (contextBuckets - 1));
}

/** The text after the cursor, in reverse, so that the tokens nearest to the cursor are read last. */
export function followingOf(tokenizer: Tokenizer, text: string): Tokens {
  const read = tokenizer
    .encode(text.slice(0, boundaryBefore(text, followingLength)))
    .subarray(0, followingLength)
    .reverse();
  const tokens = new Int32Array(followingLength).fill(startToken);
  tokens.set(read, followingLength - read.length);
  return tokens;
}
