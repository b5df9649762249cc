import { commands, type TextDocument, window } from "vscode";
import type { RefreshParams } from "../server/protocol.ts";
import { hasSelection } from "./selection.ts";

/**
 * Has the editor ask for inline completions again. The editor takes every trigger by command for the user's own; so it is
 * remembered here which were not.
 */
export class Refresher {
  #asking: RefreshParams | undefined;

  /** Asks again, if the editor still shows what the notification is about. */
  async askAgain(params: RefreshParams): Promise<void> {
    const document = window.activeTextEditor?.document;
    if (!document || !isAbout(params, document) || hasSelection()) return;
    this.#asking = params;
    try {
      await commands.executeCommand("editor.action.inlineSuggest.trigger");
    } finally {
      if (this.#asking === params) this.#asking = undefined;
    }
  }

  /** Whether the request that has come for a document is one that was caused here. */
  takeOwn(document: TextDocument): boolean {
    const isOwn = this.#asking !== undefined && isAbout(this.#asking, document);
    if (isOwn) this.#asking = undefined;
    return isOwn;
  }
}

function isAbout({ uri, version }: RefreshParams, document: TextDocument): boolean {
  return document.uri.toString() === uri && document.version === version;
}
