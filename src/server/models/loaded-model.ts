import { MurmurError, messageOf } from "../../errors.ts";
import { formatDate, formatNumber, t } from "../../l10n.ts";
import { LanguageModel, type LoadOptions, type Network, noNetwork } from "../../model/language-model.ts";
import { checkedDefaultModel } from "../../model/shipped.ts";
import { decidingBits } from "../../training/events.ts";
import type { TeamModel } from "./team-model.ts";

/** Where a model comes from: with Murmur, from the repository (`murmur.model`), or it is the workspace's own. */
export type Origin = "default" | "team" | "own";

export interface LoadedModel {
  readonly model: Network & Pick<LanguageModel, "release">;
  /** Undefined where there is no network. */
  readonly path: string | undefined;
  /** Which model this is, for the log, and for a trained model how good it is. */
  readonly description: string;
  /** Which model this is, for the status. */
  readonly status: string;
  /** A sentence that says that it is in use now, and for a trained model how good it is. */
  readonly news: string;
  readonly origin: Origin;
  /** The id of the former model that it has replaced. */
  readonly replaced?: string | undefined;
}

/** What is used where no network can run: the local model predicts alone. */
export function withoutNetwork(): LoadedModel {
  return {
    model: noNetwork,
    path: undefined,
    description: "text of this workspace alone, without a network",
    status: t("Completes from the text of this workspace alone, without a network"),
    news: t("Murmur now completes from the text of this workspace alone, without a network."),
    origin: "default",
  };
}

/** A keystroke costs a few steps of the network. In int8 they take a third of the time. */
const loadOptions: LoadOptions = { precision: "int8" };

/** @throws MurmurError if it is missing, not the file that was shipped, or can't be used here */
export async function loadShipped(): Promise<LoadedModel> {
  const { path, bytes } = await checkedDefaultModel();
  // Its quality was measured on other text, so the figure would mislead next to those of a training run.
  return {
    model: await LanguageModel.load(bytes, { ...loadOptions, name: path }),
    path,
    description: "default model",
    status: t("Default model, not trained on this workspace yet"),
    news: t("Murmur now uses the default model."),
    origin: "default",
  };
}

/** @throws MurmurError ("not-found", "bad-model", "no-runtime") */
export async function loadTrained(path: string): Promise<LoadedModel> {
  const { model, quality, date } = await loadWithRecord(path);
  const { acceptedShare } = model.info.training.heldOut;
  return {
    model,
    path,
    description: `model of this workspace, ${quality}`,
    status:
      acceptedShare === undefined
        ? t("Model of this workspace, trained {0}", date)
        : t(
            "Model of this workspace, trained {0}: it types {1} % of the characters of files that it had not seen",
            date,
            Math.round(100 * acceptedShare),
          ),
    news: t("Murmur now uses the model of this workspace, trained {0}.", date),
    origin: "own",
  };
}

/** @throws MurmurError ("bad-model", "not-found") that names the setting; ("no-runtime") */
export async function loadTeam({ name, path }: TeamModel): Promise<LoadedModel> {
  try {
    const { model, quality, date } = await loadWithRecord(path);
    return {
      model,
      path,
      description: `model of this repository (${name}), ${quality}`,
      status: t("Model of this repository ({0}), trained {1}", name, date),
      news: t("Murmur now uses the model of this repository ({0}), trained {1}.", name, date),
      origin: "team",
    };
  } catch (error) {
    if (!(error instanceof MurmurError) || error.code === "no-runtime") throw error;
    throw new MurmurError(
      error.code,
      t("murmur.model is {0}, which can't be used: {1}", JSON.stringify(name), messageOf(error)),
      { cause: error },
    );
  }
}

/** Loads a model, and releases it. @throws MurmurError ("not-found", "bad-model") that says what is wrong with the file, by its name */
export async function assertUsable(path: string): Promise<void> {
  await (await LanguageModel.load(path, loadOptions)).release();
}

interface LoadedWithRecord {
  readonly model: LanguageModel;
  /** What its record says of how good it is, for the log. */
  readonly quality: string;
  readonly date: string;
}

async function loadWithRecord(path: string): Promise<LoadedWithRecord> {
  const model = await LanguageModel.load(path, loadOptions);
  const { heldOut, date, texts } = model.info.training;
  const bits = formatNumber(decidingBits(heldOut), 2);
  // Files of an older Murmur, and those of a large corpus, have none.
  const unrecorded =
    texts === undefined ? " (it does not record which texts it has read, so it is trusted on them as on others)" : "";
  return {
    model,
    quality: `${bits} bits per character on its held-out text${unrecorded}`,
    date: formatDate(new Date(date)),
  };
}
