import { LanguageModel } from "../../src/model/language-model.ts";
import { encodeModelFile } from "../../src/model/model-file.ts";
import { parameterSpecs } from "../../src/model/parameters.ts";
import { createTokenizer, type TokenizerKind } from "../../src/model/tokenizer.ts";

/** A text in which each token is followed by the next one with this probability. */
export interface Chain {
  readonly text: string;
  readonly probability?: number;
}

/**
 * A language model whose weights are set by hand. The next token depends only on the last one, as the chains say; after any other token
 * all tokens are equally likely. It is an ordinary model file in the ordinary runtime, whose state is the last token, one-hot.
 */
export async function successionModel(
  chains: readonly (string | Chain)[],
  kind: TokenizerKind = "byte",
): Promise<LanguageModel> {
  const texts = chains.map((chain) => (typeof chain === "string" ? { text: chain } : chain));
  const tokenizer = createTokenizer(
    kind,
    texts.map(({ text }) => text),
  );
  const successions = texts.flatMap(({ text, probability = 0.99 }) => {
    const tokens = tokenizer.encode(text);
    return Array.from(tokens.subarray(1), (next, i) => ({ token: tokens[i]!, next, probability }));
  });
  const units = [...new Set(successions.map(({ token }) => token))];
  const n = units.length;
  const architecture = {
    cell: "lstm",
    layers: 1,
    hidden: n,
    embedding: n,
    residual: false,
    layerNorm: false,
    tied: false,
    task: "many-to-many",
    labels: [],
  } as const;
  const weights = new Map(
    parameterSpecs(architecture, tokenizer.size).map(({ name, shape }) => [
      name,
      new Float32Array(shape.reduce((product, size) => product * size, 1)),
    ]),
  );
  const [embedding, W, b, outputW] = ["embedding", "layer0.W", "layer0.b", "output.W"].map(
    (name) => weights.get(name)!,
  );
  const open = 20;
  units.forEach((token, unit) => {
    embedding![token * n + unit] = 1;
    // Rows in the order of the gates i, o, f, g: input and output open, forget shut, the candidate is the token.
    b![unit] = open;
    b![n + unit] = open;
    b![2 * n + unit] = -open;
    W![(3 * n + unit) * n + unit] = open;
    const following = successions.filter((succession) => succession.token === token);
    // A token that is certain to follow would need an infinite weight.
    const rest = Math.max(1e-9, 1 - following.reduce((sum, { probability }) => sum + probability, 0));
    for (const { next, probability } of following) {
      const others = rest / (tokenizer.size - following.length);
      outputW![next * n + unit] = Math.log(probability / others) / Math.tanh(1);
    }
  });
  const info = {
    formatVersion: 1,
    tokenizer: tokenizer.stored,
    architecture,
    training: {
      corpusHash: "",
      trainChars: 0,
      steps: 0,
      seconds: 0,
      seed: 0,
      heldOut: { chars: 0, bitsPerChar: 0 },
      date: "2025-01-01T00:00:00Z",
    },
  };
  return await LanguageModel.load(encodeModelFile(info, weights));
}
