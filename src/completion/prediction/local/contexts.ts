import { mix, type TextContext } from "./text-context.ts";

/** Number of contexts whose successors are remembered; see {@link successorContexts}. */
export const successorCount = 18;

/** Number of contexts with a direct estimate for every bit; see {@link directContexts}. */
export const directCount = 5;

/** Hashes of the contexts whose successors are remembered, one each. */
export function successorContexts(context: TextContext, into: Int32Array): void {
  const { word, word1, word2, word3, gap } = context;
  const c1 = context.back(1);
  const c2 = context.back(2);
  const c3 = context.back(3);
  const c4 = context.back(4);
  const order3 = mix(mix(mix(1, c1), c2), c3);
  const order4 = mix(order3, c4);
  const order5 = mix(order4, context.back(5));
  const order6 = mix(order5, context.back(6));
  const order8 = mix(mix(order6, context.back(7)), context.back(8));
  const token = mix(word, gap);
  let i = 0;
  into[i++] = order3;
  into[i++] = order4;
  into[i++] = order5;
  into[i++] = order6;
  into[i++] = order8;
  into[i++] = mix(mix(2, token), c1);
  into[i++] = mix(mix(3, token), word1);
  into[i++] = mix(mix(mix(4, token), word1), word2);
  into[i++] = mix(mix(5, token), word2);
  into[i++] = mix(mix(mix(mix(6, token), word1), word2), word3);
  into[i++] = mix(mix(mix(7, context.above()), context.above(1)), mix(c1, context.column));
  into[i++] = mix(mix(8, context.bracket), token);
  into[i++] = mix(mix(9, context.lineFirst), token);
  into[i++] = mix(mix(mix(10, context.lineFirstBefore), context.indent), mix(word, c1));
  into[i++] = mix(mix(11, context.shape), c1);
  into[i++] = mix(mix(12, context.lineHashBefore), context.line);
  into[i++] = mix(mix(mix(13, c2), c3), c4);
  into[i++] = mix(mix(14, context.line), context.indentBefore);
}

/** Where the context of the word at hand stands among those with successors, and among those with a direct estimate. */
export const wordSuccessors = 5;
export const wordDirect = 4;

/** Hashes of the contexts with a direct estimate for every bit. */
export function directContexts(context: TextContext, into: Int32Array): void {
  const c1 = context.back(1);
  const c2 = context.back(2);
  into[0] = 0;
  into[1] = mix(21, c1);
  into[2] = mix(mix(22, c1), c2);
  into[3] = mix(mix(mix(23, c1), c2), context.back(3));
  into[4] = mix(mix(24, context.word), context.gap);
}
