import { MurmurError, messageOf } from "../../errors.ts";
import { LanguageModel, type LoadOptions, type Network, noNetwork } from "../../model/language-model.ts";
import { checkedDefaultModel } from "../../model/shipped.ts";
import { decidingBits } from "../../training/events.ts";
import { setting, type TeamModel } from "./team-model.ts";

/** Where a model comes from: with Murmur, from the repository (`murmur.model`), or it is the workspace's own. */
export type Origin = "default" | "team" | "own";

export interface LoadedModel {
  readonly model: Network & Pick<LanguageModel, "release">;
  /** Undefined where there is no network. */
  readonly path: string | undefined;
  /** Which model this is, within a sentence, and for a trained model how good it is. */
  readonly description: string;
  /** The same for the status: in the user's words. */
  readonly status: string;
  readonly origin: Origin;
  /** The id of the former model that it has replaced. */
  readonly replaced?: string | undefined;
}

/** What is used where no network can run: the local model predicts alone. */
export const withoutNetwork: LoadedModel = {
  model: noNetwork,
  path: undefined,
  description: "text of this workspace alone, without a network",
  status: "Completes from the text of this workspace alone, without a network",
  origin: "default",
};

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
    status: "Default model, not trained on this workspace yet",
    origin: "default",
  };
}

/** @throws MurmurError ("not-found", "bad-model", "no-runtime") */
export async function loadTrained(path: string): Promise<LoadedModel> {
  const { model, bits, date } = await loadWithRecord(path);
  const description = `model of this workspace, ${bits} bits per character on its held-out text`;
  return { model, path, description, status: `Model of this workspace, trained ${date}`, origin: "own" };
}

/** @throws MurmurError ("bad-model", "not-found") that names the setting; ("no-runtime") */
export async function loadTeam({ name, path }: TeamModel): Promise<LoadedModel> {
  try {
    const { model, bits, date } = await loadWithRecord(path);
    const description = `model of this repository (${name}), ${bits} bits per character on its held-out text`;
    return { model, path, description, status: `Model of this repository (${name}), trained ${date}`, origin: "team" };
  } catch (error) {
    if (!(error instanceof MurmurError) || error.code === "no-runtime") throw error;
    throw new MurmurError(error.code, `${setting(name)}, which can't be used: ${messageOf(error)}`, { cause: error });
  }
}

/** Loads a model, and releases it. @throws MurmurError ("not-found", "bad-model") that says what is wrong with the file, by its name */
export async function assertUsable(path: string): Promise<void> {
  await (await LanguageModel.load(path, loadOptions)).release();
}

async function loadWithRecord(
  path: string,
): Promise<{ readonly model: LanguageModel; readonly bits: string; readonly date: string }> {
  const model = await LanguageModel.load(path, loadOptions);
  const { heldOut, date } = model.info.training;
  return {
    model,
    bits: decidingBits(heldOut).toFixed(2),
    date: new Date(date).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }),
  };
}
