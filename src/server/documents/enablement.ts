import { setTimeout } from "node:timers/promises";

/** Milliseconds that a request waits for the client's first answer. A client that never answers gets completions. */
const longestWait = 250;

/** What is known of whether completions are on in a document. */
export interface DocumentEnablement {
  /** The client's last answer. */
  isOn?: boolean;
  /** The answer that is on its way. */
  next?: Promise<boolean> | undefined;
}

/** A document that a client may be asked about. */
interface AskedDocument {
  readonly uri: string;
  readonly enablement: DocumentEnablement;
}

/** Whether completions are on in each open document, which a client may say by its URI. */
export class Enablement {
  readonly #ask: (uri: string) => Promise<boolean>;

  /** @param ask asks the client about a document */
  constructor(ask: (uri: string) => Promise<boolean>) {
    this.#ask = ask;
  }

  /** Asks the client about a document, again if the settings may have changed. */
  async ask({ uri, enablement }: AskedDocument): Promise<boolean> {
    const next = this.#ask(uri);
    enablement.next = next;
    const isOn = await next;
    if (enablement.next === next) enablement.next = undefined;
    enablement.isOn = isOn;
    return isOn;
  }

  /** Whether completions are on in a document, by the client's last answer. Waits a little for the first one. */
  async isOn({ enablement }: Pick<AskedDocument, "enablement">): Promise<boolean> {
    if (enablement.isOn === undefined && enablement.next) {
      await Promise.race([enablement.next, setTimeout(longestWait, undefined, { ref: false })]);
      // Later requests do not wait for the same answer.
      enablement.next = undefined;
    }
    return enablement.isOn ?? true;
  }
}
