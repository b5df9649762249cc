import type { NamedText } from "../../languages.ts";
import { type Network, noNetwork, type Reading } from "../../model/language-model.ts";
import type { Tokenizer, Tokens } from "../../model/tokenizer.ts";
import type { Evidence } from "./evidence.ts";
import type { Place } from "./local/place.ts";
import type { Mixture } from "./mixture.ts";
import { readOn } from "./reading.ts";

/**
 * The prediction at one place of a text. This is the seam at which sources are mixed: a decoder sees only the final distribution.
 * It can continue from any prediction, as often as it likes.
 */
export interface Prediction {
  /** Logits of the next token, [vocabulary]; softmax gives the probabilities at temperature 1. */
  readonly logits: Float32Array;
  /** The network's reading up to here, from which a document's states are kept. */
  readonly reading: Reading;
  readonly tokenizer: Tokenizer;
  /** The prediction after more tokens. */
  read(tokens: Tokens): Promise<Prediction>;
  /** The position in the local model's history of a long repeat that continues with a token; undefined if there is none. */
  sourceOf(token: number): number | undefined;
  /** What each source says of a token by itself. */
  evidence(token: number): Evidence;
  /**
   * Learns about mixing from the token that came here.
   * @param following as for {@link mixedPrediction}, now
   */
  learn(token: number, following?: number): void;
}

/** The network's own prediction, unmixed. */
export function networkPrediction(model: Network, reading: Reading): Prediction {
  return {
    logits: reading.logits,
    reading,
    tokenizer: model.tokenizer,
    read: async (tokens) => networkPrediction(model, await readOn(model, reading, tokens)),
    sourceOf: () => undefined,
    evidence: (token) => ({ network: softmax(reading.logits)[token] }),
    learn: () => undefined,
  };
}

/** The sources that predictions are mixed from. */
export interface Sources {
  readonly model: Network;
  /** Holds the local model; undefined: the network predicts alone. Only for a model that reads bytes. */
  readonly mixture?: Mixture | undefined;
  /** The text at a position of the local model's history; undefined if it is unknown. */
  readonly textAt?: ((position: number) => NamedText | undefined) | undefined;
  /** The texts that the local model knows. */
  readonly knownTexts?: (() => readonly NamedText[]) | undefined;
  /** VS Code's identifier of an open document's language, given its URI. */
  readonly languageIdOf?: ((uri: string) => string | undefined) | undefined;
}

/**
 * The prediction at a place: the network's after `reading`, mixed with the local model's.
 * @param following the byte that follows the place in its text and is counted there; it is no evidence of what comes before it
 */
export function mixedPrediction(
  sources: Sources,
  mixture: Mixture,
  reading: Reading,
  place: Place,
  following?: number,
): Prediction {
  let logits: Float32Array | undefined;
  let network: Float32Array | undefined;
  const networkProbabilities = (): Float32Array | undefined => {
    if (sources.model !== noNetwork) network ??= softmax(reading.logits);
    return network;
  };
  const without = <Result>(byte: number | undefined, use: () => Result): Result =>
    byte === undefined ? use() : mixture.local.without(place, byte, use);
  return {
    get logits() {
      logits ??= without(following, () => mixture.distribution(place, networkProbabilities())).map((p) =>
        Math.log(p + 1e-30),
      );
      return logits;
    },
    reading,
    tokenizer: sources.model.tokenizer,
    read: async (tokens) => {
      const next = place.clone();
      for (const byte of tokens) mixture.local.advance(next, byte);
      return mixedPrediction(sources, mixture, await readOn(sources.model, reading, tokens), next);
    },
    evidence: (byte) => without(following, () => mixture.evidence(place, networkProbabilities(), byte)),
    sourceOf: (byte) => place.pointers.sourceOf(byte, mixture.local.history),
    learn: (byte, nowFollowing) => {
      without(nowFollowing, () => mixture.learnMixing(place, networkProbabilities(), byte));
    },
  };
}

/** Probabilities of tokens, from their logits. */
export function softmax(logits: Float32Array): Float32Array {
  let most = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > most) most = logit;
  const probabilities = new Float32Array(logits.length);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    const weight = Math.exp((logits[i] as number) - most);
    probabilities[i] = weight;
    sum += weight;
  }
  for (let i = 0; i < logits.length; i++) (probabilities[i] as number) /= sum;
  return probabilities;
}
