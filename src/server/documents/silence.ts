import { type Silence, silences } from "../../completion/engine.ts";

/** Why nothing is shown: the engine's reason, or one that the server knows without asking it. */
export type ServerSilence = Silence | keyof typeof ownSilences;

const ownSilences = {
  "not-open": "the document is not open",
  "no-model": "there is no model yet",
  off: "completions are switched off",
  excluded: "murmur.exclude excludes this file",
  "commit-messages": "murmur.commitMessages switches suggestions off for commit messages",
  cursors: "the same text is not likely at all cursors",
  scope: "murmur.scopes switches suggestions off in this part of the text",
  deleting: "the last edit was a deletion",
  dismissed: "this suggestion was dismissed on this line",
} as const;

/** A line for the log for each reason. */
export const serverSilences: Readonly<Record<ServerSilence, string>> = { ...silences, ...ownSilences };
