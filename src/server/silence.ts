import { type Silence as EngineSilence, silences as engineSilences } from "../completion/engine.ts";

/** Why nothing is shown: the engine's reason, or one that the server knows without asking it. */
export type Silence = EngineSilence | keyof typeof ownSilences;

const ownSilences = {
  "not-open": "the document is not open",
  "no-model": "there is no model yet",
  off: "completions are switched off",
  excluded: "murmur.exclude excludes this file",
  deleting: "the last edit was a deletion",
  dismissed: "this suggestion was dismissed on this line",
} as const;

/** A line for the log for each reason. */
export const silences: Readonly<Record<Silence, string>> = { ...engineSilences, ...ownSilences };
