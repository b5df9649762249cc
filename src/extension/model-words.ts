import type { ComparedModel, ComparisonResult, ModelEntry } from "../server/models-protocol.ts";
import { filesOf } from "../wording.ts";
import { codeOf, tableOf } from "./markdown.ts";

/** How a list shows a model. */
export interface ModelWords {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** What can be done with a model. */
export type ModelAction = "use" | "rename" | "export" | "delete";

const kinds: Readonly<Record<ModelEntry["kind"], string>> = {
  default: "Default model",
  team: "Model of this repository",
  own: "Model of this workspace",
  former: "Earlier model",
};

/** What a model is called: by the name that the user gave it, or by what it is. */
export function nameOf({ kind, name, trained, file }: ModelEntry): string {
  if (name !== undefined) return name;
  if (kind === "team" && file !== undefined) return `${kinds.team} (${file})`;
  return kind === "former" && trained !== undefined ? `${kinds.former}, trained ${dateOf(trained)}` : kinds[kind];
}

export function wordsFor(entry: ModelEntry): ModelWords {
  const { kind, isInUse, name, file, bytes, network, trained, characters, bitsPerChar, problem } = entry;
  const icon = isInUse ? "check" : problem === undefined ? "circle-large-outline" : "warning";
  const origins = { default: "comes with Murmur", team: "checked in", own: "", former: "" };
  const origin = origins[kind] || (file === undefined ? "trained here" : `from the file ${file}`);
  const words = [
    ...(name === undefined ? [] : [kinds[kind].toLowerCase()]),
    origin,
    sizeOf(bytes),
    ...(network === undefined ? [] : [network]),
  ];
  const details = [
    ...(trained === undefined || (kind === "former" && name === undefined) ? [] : [`trained ${dateOf(trained)}`]),
    ...(characters === undefined || characters === 0 ? [] : [`on ${charactersOf(characters)}`]),
    ...(bitsPerChar === undefined ? [] : [`${bitsPerChar.toFixed(2)} bits per held-out character`]),
  ];
  return {
    label: `$(${icon}) ${nameOf(entry)}`,
    description: isInUse ? `in use, ${words.join(", ")}` : words.join(", "),
    detail: problem ?? details.join(", "),
  };
}

/** What can be done with a model now. */
export function actionsFor({ kind, isInUse, problem }: ModelEntry): readonly ModelAction[] {
  const isOfWorkspace = kind === "own" || kind === "former";
  return [
    ...(isInUse || problem !== undefined ? [] : (["use"] as const)),
    ...(isOfWorkspace && problem === undefined ? (["rename"] as const) : []),
    ...(problem === undefined ? (["export"] as const) : []),
    ...(kind === "former" ? (["delete"] as const) : []),
  ];
}

/** The page with the result of a comparison, in Markdown. @param models those that were compared */
export function comparisonPage(
  { models: compared, files, characters, mayBeKnown }: Extract<ComparisonResult, { outcome: "done" }>,
  models: readonly ModelEntry[],
): string {
  const [best, second] = compared.flatMap(({ mixed }) => mixed ?? []).sort((a, b) => a - b);
  const rows = compared.map((one) => {
    const entry = models.find(({ id }) => id === one.id);
    const name = entry ? codeOf(nameOf(entry)) : codeOf(one.id);
    const isBest = second !== undefined && one.mixed === best && best !== second;
    return [`${isBest ? `**${name}**` : name}${entry?.isInUse ? " (in use)" : ""}`, ...figuresOf(one)];
  });
  const known = mayBeKnown
    ? "\n\n**A model may have been trained on a part of this text**, so that its figures may be too good: too little text is left that none of them has read."
    : "";
  return `# Models compared on this workspace

${tableOf(["model", "typed for you:", "keystrokes saved:", "bits per character:", "network alone:"], rows)}

Measured on ${filesOf(files)} of this workspace (${charactersOf(characters)}) that none of the models was trained on, as far as their files
say, after the rest of the workspace was read.${known}

- **typed for you**: the share of the characters that Murmur would have typed, for a user who accepts each suggestion that is right.
- **keystrokes saved**: the same, less what looking at suggestions, accepting them and refusing wrong ones costs.
- **bits per character**: how surprising the text is, to the network and the local model together. Fewer are better; this decides.
- **network alone**: the same without the local model, which knows your files already.

*Murmur: Manage Models* uses another one.
`;
}

function figuresOf({ mixed, network, acceptedShare, netSaved }: ComparedModel): string[] {
  const percent = (share: number | undefined): string => (share === undefined ? "–" : `${(100 * share).toFixed(1)} %`);
  const bits = (value: number | undefined): string => value?.toFixed(3) ?? "–";
  return [percent(acceptedShare), percent(netSaved), bits(mixed), bits(network)];
}

function dateOf(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

function sizeOf(bytes: number): string {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function charactersOf(count: number): string {
  if (count < 1e4) return `${count.toLocaleString("en")} characters`;
  return count < 1e6
    ? `${Math.round(count / 1e3)} thousand characters`
    : `${Number((count / 1e6).toPrecision(3))} million characters`;
}
