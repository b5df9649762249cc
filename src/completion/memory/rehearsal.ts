import { LanguageModel, type Network, noNetwork } from "../../model/language-model.ts";
import { findDefaultModel } from "../../model/shipped.ts";
import type { ReadOptions, TextReader } from "./text-reader.ts";

/**
 * Rehearses texts, each with a network that was not trained on it: a network that was would teach the mixture to trust networks more than
 * they deserve on other text. That is the network in use, or else the one that Murmur comes with, which is loaded when it is first needed.
 */
export class Rehearsal implements AsyncDisposable {
  readonly #reader: TextReader;
  readonly #model: Network;
  #default: Promise<LanguageModel | undefined> | undefined;

  /** @param model the network in use */
  constructor(reader: TextReader, model: Network) {
    this.#reader = reader;
    this.#model = model;
  }

  /**
   * Rehearses a text, or only reads it if no network can rehearse it.
   * @returns whether it was new
   * @throws the signal's reason if it is aborted
   */
  async read(text: string, options?: ReadOptions): Promise<boolean> {
    const network = await this.#networkFor(text);
    return network ? await this.#reader.rehearse(text, network, options) : await this.#reader.read(text, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#default)?.release();
  }

  async #networkFor(text: string): Promise<Network | undefined> {
    if (this.#model === noNetwork) return undefined;
    if (!this.#model.hasRead(text)) return this.#model;
    this.#default ??= loadDefault();
    return await this.#default;
  }
}

/** The model that Murmur comes with; undefined if it can't be used, which is said elsewhere. */
export async function loadDefault(): Promise<LanguageModel | undefined> {
  const path = findDefaultModel();
  if (path === undefined) return undefined;
  try {
    return await LanguageModel.load(path, { precision: "int8" });
  } catch {
    return undefined;
  }
}
