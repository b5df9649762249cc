import { MurmurError } from "../../errors.ts";
import { formatNumber, t } from "../../l10n.ts";
import { LanguageModel, type LoadOptions } from "../../model/language-model.ts";
import { parameterCount } from "../../model/parameters.ts";
import { checkedDefaultModel } from "../../model/shipped.ts";
import { pathOf } from "../../uris.ts";
import { charactersOf } from "../../wording.ts";
import type { PlaygroundModel, PlaygroundSource } from "../playground-protocol.ts";
import { TextReading } from "./text-reading.ts";
import type { Writing } from "./writing.ts";

/** A model of the playground, and what it was used for last. */
export interface LoadedModel {
  readonly model: LanguageModel;
  readonly reading: TextReading;
  /** What was written last, and from what. */
  writing?: { readonly key: string; readonly writing: Writing };
}

/** As completions use it: a step takes a third of the time. */
const loadOptions: LoadOptions = { precision: "int8" };

/** The most characters of a text that are read. */
const longestText = 2_000;
/** The most bytes that the states along a text may take. */
const mostStateBytes = 64 * 2 ** 20;

/**
 * Loads a model.
 * @param workspaceModel the path of the model that was trained on the workspace, if there is one
 * @throws MurmurError that says what is wrong and what to do
 */
export async function loadModel(source: PlaygroundSource, workspaceModel: string | undefined): Promise<LoadedModel> {
  const model = await modelFrom(source, workspaceModel);
  return { model, reading: new TextReading(model) };
}

async function modelFrom(source: PlaygroundSource, workspaceModel: string | undefined): Promise<LanguageModel> {
  switch (source.kind) {
    case "default": {
      const { path, bytes } = await checkedDefaultModel();
      return await LanguageModel.loadAny(bytes, { ...loadOptions, name: path });
    }
    case "workspace":
      if (workspaceModel !== undefined) return await LanguageModel.loadAny(workspaceModel, loadOptions);
      throw new MurmurError("not-found", t("This workspace has no model of its own. Train on the workspace first."));
    case "file":
      return await loadFile(source.uri);
    case "bytes":
      return await LanguageModel.loadAny(Buffer.from(source.base64, "base64"), { ...loadOptions, name: source.name });
  }
}

async function loadFile(uri: string): Promise<LanguageModel> {
  const path = pathOf(uri);
  if (path === undefined)
    throw new MurmurError("not-found", t("{0} is not a file on this machine. Choose one that is.", uri));
  return await LanguageModel.loadAny(path, loadOptions);
}

/** What the page shows of a model. @param sources those that can be chosen from now */
export function describe(model: LanguageModel, sources: PlaygroundModel["sources"]): PlaygroundModel {
  const { architecture, training } = model.info;
  const { cell, layers, hidden, task, labels } = architecture;
  const { kind, size } = model.tokenizer;
  const parameters = parameterCount(architecture, size);
  const network = [cell.toUpperCase(), hidden, countOf(parameters)] as const;
  const does = task === "many-to-one" ? t("{0}: {1} labels", task, labels.length) : task;
  const parts = [
    layers === 1
      ? t("{0}, 1 layer of {1} units, {2} parameters", ...network)
      : t("{0}, {3} layers of {1} units, {2} parameters", ...network, layers),
    readsWords(kind, formatNumber(size)),
    does,
    t("trained on {0} on {1}", charactersOf(training.trainChars), training.date.slice(0, 10)),
  ];
  return {
    description: parts.join("; "),
    task,
    tokenizer: kind,
    layers,
    hidden,
    longest: longestIn(model),
    sources,
  };
}

/** The most characters of a text that a model reads here: each keeps a state. */
export function longestIn(model: LanguageModel): number {
  const bytes = model.start().reduce((sum, { data }) => sum + (data as Float32Array).byteLength, 0);
  return Math.min(longestText, Math.floor(mostStateBytes / bytes));
}

function readsWords(kind: PlaygroundModel["tokenizer"], size: string): string {
  switch (kind) {
    case "byte":
      return t("reads bytes");
    case "char":
      return t("reads {0} different characters", size);
    case "word":
      return t("reads {0} different words and bytes", size);
  }
}

/** "3.4 million" or "12,345". */
function countOf(count: number): string {
  return count >= 1e6 ? t("{0} million", formatNumber(count / 1e6, 1)) : formatNumber(count);
}
