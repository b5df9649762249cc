import { commands, type TextDocument, window } from "vscode";
import type { RefreshParams } from "../server/protocol.ts";
import { hasSelection } from "./selection.ts";

/**
 * Makes the editor request inline completions again. The editor treats every triggering command as the user's own, so this class
 * remembers which requests it caused.
 */
export class Refresher {
  #asking: RefreshParams | undefined;

  /** Requests again, if the editor still shows the version of the document that the notification is about. */
  async askAgain(params: RefreshParams): Promise<void> {
    const document = window.activeTextEditor?.document;
    if (!document || !isAbout(params, document) || hasSelection(document)) return;
    this.#asking = params;
    try {
      await commands.executeCommand("editor.action.inlineSuggest.trigger");
    } finally {
      if (this.#asking === params) this.#asking = undefined;
    }
  }

  /** Whether this class caused the request that has just arrived for a document. */
  takeOwn(document: TextDocument): boolean {
    const isOwn = this.#asking !== undefined && isAbout(this.#asking, document);
    if (isOwn) this.#asking = undefined;
    return isOwn;
  }
}

function isAbout({ uri, version }: RefreshParams, document: TextDocument): boolean {
  return document.uri.toString() === uri && document.version === version;
}
