import { type Silence as EngineSilence, silences as engineSilences } from "../completion/engine.ts";

/** Why nothing is shown: what the engine says, or what the server knows without asking it. */
export type Silence = EngineSilence | keyof typeof ownSilences;

const ownSilences = {
  "not-open": "the document is not open",
  "no-model": "there is no model yet",
  off: "completions are switched off",
  excluded: "murmur.exclude leaves this file out",
  deleting: "the last edit was a deletion",
  dismissed: "this suggestion was dismissed in this line",
} as const;

/** One line for the log each. */
export const silences: Readonly<Record<Silence, string>> = { ...engineSilences, ...ownSilences };
