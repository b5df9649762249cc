import { formatDate, formatNumber, t } from "../l10n.ts";
import type { ComparedModel, ComparisonResult, ModelEntry } from "../server/models-protocol.ts";
import { charactersOf, filesOf, sizeOf } from "../wording.ts";
import { codeOf, tableOf } from "./markdown.ts";

/** How a list shows a model. */
export interface ModelWords {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** What can be done with a model. */
export type ModelAction = "use" | "rename" | "export" | "delete";

function kindName(kind: ModelEntry["kind"]): string {
  const names = {
    default: t("Default model"),
    team: t("Model of this repository"),
    own: t("Model of this workspace"),
    former: t("Earlier model"),
  };
  return names[kind];
}

/** What a model is called: by the name that the user gave it, or by what it is. */
export function nameOf({ kind, name, trained, file }: ModelEntry): string {
  if (name !== undefined) return name;
  if (kind === "team" && file !== undefined) return `${kindName(kind)} (${file})`;
  return kind === "former" && trained !== undefined ? t("Earlier model, trained {0}", dateOf(trained)) : kindName(kind);
}

export function wordsFor(entry: ModelEntry): ModelWords {
  const { kind, isInUse, name, file, bytes, network, trained, characters, bitsPerChar, problem } = entry;
  const icon = isInUse ? "check" : problem === undefined ? "circle-large-outline" : "warning";
  const origins = { default: t("comes with Murmur"), team: t("checked in"), own: "", former: "" };
  const origin = origins[kind] || (file === undefined ? t("trained here") : t("from the file {0}", file));
  const words = [
    ...(name === undefined ? [] : [kindName(kind)]),
    ...(isInUse ? [t("in use")] : []),
    origin,
    sizeOf(bytes),
    ...(network === undefined ? [] : [network]),
  ];
  const details = [
    ...(trained === undefined || (kind === "former" && name === undefined) ? [] : [t("trained {0}", dateOf(trained))]),
    ...(characters === undefined || characters === 0 ? [] : [t("on {0}", charactersOf(characters))]),
    ...(bitsPerChar === undefined ? [] : [t("{0} bits per held-out character", formatNumber(bitsPerChar, 2))]),
  ];
  return {
    label: `$(${icon}) ${nameOf(entry)}`,
    description: words.join(", "),
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
    const shown = isBest ? `**${name}**` : name;
    return [entry?.isInUse ? t("{0} (in use)", shown) : shown, ...figuresOf(one)];
  });
  const columns = [
    t("model"),
    `${t("typed for you")}:`,
    `${t("keystrokes saved")}:`,
    `${t("bits per character")}:`,
    `${t("network alone")}:`,
  ];
  const known = t(
    "**A model may have been trained on a part of this text**, so that its figures may be too good: too little text is left that none of them has read.",
  );
  const parts = [
    `# ${t("Models compared on this workspace")}`,
    tableOf(columns, rows),
    t(
      "Measured on {0} of this workspace ({1}) that none of the models was trained on, as far as their files say, after the rest of the workspace was read.",
      filesOf(files),
      charactersOf(characters),
    ),
    ...(mayBeKnown ? [known] : []),
    [
      t(
        "- **typed for you**: the share of the characters that Murmur would have typed, for a user who accepts each suggestion that is right.",
      ),
      t(
        "- **keystrokes saved**: the same, less what looking at suggestions, accepting them and refusing wrong ones costs.",
      ),
      t(
        "- **bits per character**: how surprising the text is, to the network and the local model together. Fewer are better; this decides.",
      ),
      t("- **network alone**: the same without the local model, which knows your files already."),
    ].join("\n"),
    t("*Murmur: Manage Models* uses another one."),
  ];
  return `${parts.join("\n\n")}\n`;
}

function figuresOf({ mixed, network, acceptedShare, netSaved }: ComparedModel): string[] {
  const percent = (share: number | undefined): string =>
    share === undefined ? "–" : `${formatNumber(100 * share, 1)} %`;
  const bits = (value: number | undefined): string => (value === undefined ? "–" : formatNumber(value, 3));
  return [percent(acceptedShare), percent(netSaved), bits(mixed), bits(network)];
}

function dateOf(iso: string): string {
  return formatDate(new Date(iso));
}
