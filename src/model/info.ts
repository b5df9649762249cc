import * as z from "zod";
import { MurmurError } from "../errors.ts";
import { t } from "../l10n.ts";
import { cellNames } from "./cells.ts";

/** What a model file says about itself, in its ONNX metadata under the key {@link metadataKey}. */
export const metadataKey = "murmur";

/** The version of the model file's format: names of inputs, outputs and metadata. */
export const formatVersion = 1;

/** Characters of the longest metadata. A record of 20,000 texts takes some two million. */
const longestMetadata = 16e6;

/** What a recurrent network does, by what goes in and what comes out. */
export const tasks = ["many-to-many", "one-to-many", "many-to-one", "sequence-to-sequence"] as const;

/** Of a newer Murmur's network with an option more, this one would compute something else, so it refuses what it does not know. */
const architecture = z
  .strictObject({
    cell: z.enum(cellNames),
    layers: z.int().min(1).max(8),
    /** Size of the hidden state of each layer. */
    hidden: z.int().min(1).max(4096),
    /** Size of a token's embedding vector. */
    embedding: z.int().min(1).max(4096),
    /** Whether each layer but the first adds its input to its output (Wu et al. 2016, §3.1). */
    residual: z.boolean().default(false),
    /** Whether the input of each layer but the first, and that of the output layer, is normalised (Ba et al. 2016; Xiong et al. 2020, "pre-LN"). */
    layerNorm: z.boolean().default(false),
    /** Whether the output layer reuses the embedding matrix, which is then as wide as the hidden state (Press & Wolf 2017, "tied"). */
    tied: z.boolean().default(false),
    /** What it reads and what it predicts: see the table of tasks in ARCHITECTURE.md. */
    task: z.enum(tasks).default("many-to-many"),
    /** The classes of a many-to-one network. */
    labels: z.array(z.string()).readonly().default([]),
  })
  .refine(
    ({ tied, embedding, hidden }) => !tied || embedding === hidden,
    "tied embeddings are as wide as the hidden state",
  );

const modelInfo = z.object({
  formatVersion: z.int(),
  tokenizer: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("byte") }),
    z.object({ kind: z.literal("char"), characters: z.string() }),
    z.object({ kind: z.literal("word"), words: z.array(z.string().min(1)).readonly() }),
  ]),
  architecture: z.preprocess(withTask, architecture),
  training: z.object({
    /** SHA-256 (hex) of the training text. */
    corpusHash: z.string(),
    trainChars: z.number(),
    steps: z.number(),
    seconds: z.number(),
    seed: z.number(),
    /**
     * `mixed`: by the network mixed with a local model that has read the training text. `acceptedShare`: the share of the characters that
     * the two together type.
     */
    heldOut: z.object({
      chars: z.number(),
      bitsPerChar: z.number(),
      mixed: z.number().optional(),
      acceptedShare: z.number().optional(),
    }),
    /** The texts that the network was trained on (see ReadTexts); missing in older files and in models trained on a large corpus. */
    texts: z.base64().optional(),
    /** The licence of the training text, if it is known. */
    licence: z.string().optional(),
    /** ISO 8601. */
    date: z.string(),
  }),
});

export type Task = (typeof tasks)[number];
export type Architecture = z.infer<typeof architecture>;
export type ModelInfo = z.infer<typeof modelInfo>;

/** Model files wrote the task as "shape" before it had a name of its own. */
function withTask(stored: unknown): unknown {
  if (typeof stored !== "object" || stored === null || !("shape" in stored)) return stored;
  const { shape, ...rest } = stored;
  return { task: shape, ...rest };
}

/** The stored form of `info`. */
export function encodeInfo(info: ModelInfo): string {
  return JSON.stringify(info);
}

/**
 * Reads what {@link encodeInfo} wrote.
 * @param name the model's file, for the message
 * @throws MurmurError ("bad-model") if it is missing, of another format version, or not valid.
 */
export function decodeInfo(text: string | undefined, name: string): ModelInfo {
  if (text === undefined) {
    throw new MurmurError(
      "bad-model",
      t(
        '{0} is an ONNX model, but not one of Murmur\'s: it has no "{1}" metadata. Choose a model that Murmur trained.',
        name,
        metadataKey,
      ),
    );
  }
  let stored: unknown;
  try {
    if (text.length > longestMetadata) throw new RangeError(`it has ${text.length} characters`);
    stored = JSON.parse(text);
  } catch (cause) {
    throw new MurmurError("bad-model", t("The metadata of the model {0} can't be read. Train it again.", name), {
      cause,
    });
  }
  const version = z.object({ formatVersion: z.int() }).safeParse(stored);
  if (version.success && version.data.formatVersion !== formatVersion) {
    throw new MurmurError(
      "bad-model",
      t(
        "The model {0} has format version {1}; this Murmur reads version {2}. Train it again, or use the Murmur that made it.",
        name,
        version.data.formatVersion,
        formatVersion,
      ),
    );
  }
  const parsed = modelInfo.safeParse(stored);
  if (!parsed.success) {
    throw new MurmurError(
      "bad-model",
      t(
        "The metadata of the model {0} is not valid ({1}). Train it again, or use the Murmur that made it.",
        name,
        z.prettifyError(parsed.error),
      ),
    );
  }
  return parsed.data;
}
