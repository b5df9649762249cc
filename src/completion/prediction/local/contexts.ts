import { t } from "../../../l10n.ts";
import { mix, type TextContext } from "./text-context.ts";

/** Number of contexts whose successors are remembered; see {@link successorContexts}. */
export const successorCount = 18;

/** Number of contexts whose successors are remembered of each text by itself; see {@link ownContexts}. */
export const ownCount = 8;

/** Number of contexts with a direct estimate for every bit; see {@link directContexts}. */
export const directCount = 5;

/**
 * Hashes of the contexts whose successors are remembered, one each. These are paq8's kinds of context (Mahoney, "Adaptive Weighing
 * of Context Models for Lossless Data Compression", 2005), chosen for code. The leading number keeps hashes of different kinds
 * apart. "The token so far" is the unfinished identifier, or else the punctuation and white space since the last one.
 */
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
  // The last 3 bytes: syntax such as an operator with its blanks, and the beginnings of words.
  into[i++] = order3;
  // The last 4 bytes.
  into[i++] = order4;
  // The last 5 bytes.
  into[i++] = order5;
  // The last 6 bytes.
  into[i++] = order6;
  // The last 8 bytes: nearly certain where it was seen, and rarely seen.
  into[i++] = order8;
  // The token so far and the last byte: which identifiers begin this way.
  into[i++] = mix(mix(2, token), c1);
  // The token so far and the identifier before it: pairs of names, such as `model.` and its members.
  into[i++] = mix(mix(3, token), word1);
  // The token so far and the two identifiers before it.
  into[i++] = mix(mix(mix(4, token), word1), word2);
  // The token so far and the identifier before the previous one, whatever lies between: `const x = await`.
  into[i++] = mix(mix(5, token), word2);
  // The token so far and the three identifiers before it: whole phrases.
  into[i++] = mix(mix(mix(mix(6, token), word1), word2), word3);
  // The two bytes above, the last byte and the column: tables and aligned lines.
  into[i++] = mix(mix(mix(7, context.above()), context.above(1)), mix(c1, context.column));
  // The identifier before the innermost open bracket, the index of the argument, and the token so far: what a function is given.
  into[i++] = mix(mix(8, context.bracket), token);
  // The first identifier of the line and the token so far: what follows `import` or `return` in a line.
  into[i++] = mix(mix(9, context.lineFirst), token);
  // The first identifier of the previous line, the indentation, the identifier so far and the last byte: how lines follow each
  // other.
  into[i++] = mix(mix(mix(10, context.lineFirstBefore), context.indent), mix(word, c1));
  // The pattern of the recent text, in which any run of letters looks alike, and the last byte: syntax with unknown names.
  into[i++] = mix(mix(11, context.pattern), c1);
  // The whole previous line and this line so far: repeated blocks.
  into[i++] = mix(mix(12, context.lineHashBefore), context.line);
  // Bytes 2 to 4 back, without the last one: text in which one byte differs.
  into[i++] = mix(mix(mix(13, c2), c3), c4);
  // This line so far and the indentation of the previous line: how lines of a block begin.
  into[i++] = mix(mix(14, context.line), context.indentBefore);
}

/**
 * Hashes of contexts within one text: what other texts say after them is kept out. They are short, because a text has seen little by
 * itself.
 * @param mark of the text; see markOf
 */
export function ownContexts(context: TextContext, mark: number, into: Int32Array): void {
  const own = mix(31, mark);
  const order1 = mix(own, context.back(1));
  const order2 = mix(order1, context.back(2));
  const order3 = mix(order2, context.back(3));
  const order4 = mix(order3, context.back(4));
  const token = mix(mix(mix(own, context.word), context.gap), 32);
  let i = 0;
  into[i++] = order1;
  into[i++] = order2;
  into[i++] = order3;
  into[i++] = order4;
  // The last 6 bytes.
  into[i++] = mix(mix(order4, context.back(5)), context.back(6));
  // The token so far.
  into[i++] = token;
  // The token so far and the identifier before it.
  into[i++] = mix(token, context.word1);
  // This line so far and the indentation of the previous line.
  into[i++] = mix(mix(mix(own, context.line), context.indentBefore), 33);
}

/** In a user's words, what the contexts of {@link successorContexts} are, in their order. */
export function successorContextNames(): readonly string[] {
  return [
    t("the last 3 characters"),
    t("the last 4 characters"),
    t("the last 5 characters"),
    t("the last 6 characters"),
    t("the last 8 characters"),
    t("the beginning of this word"),
    t("this word and the one before"),
    t("this word and the two before"),
    t("this word and the one before the last"),
    t("this word and the three before"),
    t("the characters above"),
    t("the argument of this call"),
    t("the first word of the line"),
    t("the first word of the line above"),
    t("the shape of the text"),
    t("the whole line above"),
    t("the last 4 characters but one"),
    t("this line so far"),
  ];
}

/** The same of {@link ownContexts}. */
export function ownContextNames(): readonly string[] {
  return [
    t("the last character"),
    t("the last 2 characters"),
    t("the last 3 characters"),
    t("the last 4 characters"),
    t("the last 6 characters"),
    t("the beginning of this word"),
    t("this word and the one before"),
    t("this line so far"),
  ];
}

/** The same of {@link directContexts}. */
export function directContextNames(): readonly string[] {
  return [
    t("any text"),
    t("the last character"),
    t("the last 2 characters"),
    t("the last 3 characters"),
    t("the beginning of this word"),
  ];
}

/** Hashes of the contexts with a direct estimate for every bit: few and short, so that each is seen often. */
export function directContexts(context: TextContext, into: Int32Array): void {
  const c1 = context.back(1);
  const c2 = context.back(2);
  // Nothing: how frequent each byte is.
  into[0] = 0;
  // The last byte.
  into[1] = mix(21, c1);
  // The last 2 bytes.
  into[2] = mix(mix(22, c1), c2);
  // The last 3 bytes.
  into[3] = mix(mix(mix(23, c1), c2), context.back(3));
  // The token so far.
  into[4] = mix(mix(24, context.word), context.gap);
}
