import { setTimeout } from "node:timers/promises";
import {
  commands,
  type Disposable,
  type InlineCompletionItem,
  InlineCompletionTriggerKind,
  type TextDocument,
  window,
  workspace,
} from "vscode";
import type { RefreshParams } from "../server/protocol.ts";
import { hasSelection } from "./selection.ts";

/** Runs when a suggestion was accepted to its end; see {@link Refresher.followed}. */
const acceptedCommand = "murmur.suggestionAccepted";
/** Milliseconds in which the editor's own request comes, if any does: the editor waits for 50 before it requests. */
const untilEditorAsks = 100;

/**
 * Makes the editor request inline completions again. The editor treats every triggering command as the user's own, so this class
 * remembers which requests it caused.
 */
export class Refresher implements Disposable {
  #asking: RefreshParams | undefined;
  /** What the editor asked about last. */
  #asked: RefreshParams | undefined;
  readonly #command = commands.registerCommand(acceptedCommand, () => {
    // The editor waits for the command before it is done with the suggestion.
    void this.#followAccepted();
  });

  dispose(): void {
    this.#command.dispose();
  }

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

  /** Notes that the editor requests suggestions for a document. @returns whether this class caused that */
  noteRequest(document: TextDocument, kind: InlineCompletionTriggerKind): boolean {
    const isExplicit = kind === InlineCompletionTriggerKind.Invoke;
    const isOwn = isExplicit && this.#asking !== undefined && isAbout(this.#asking, document);
    if (isOwn) this.#asking = undefined;
    this.#asked = versionOf(document);
    return isOwn;
  }

  /** The same suggestions, each of which is followed by another one once it was accepted to its end. */
  followed(items: readonly InlineCompletionItem[]): InlineCompletionItem[] {
    return items.map((item) => Object.assign(item, { command: { title: "", command: acceptedCommand } }));
  }

  /** After a suggestion that was accepted word by word or line by line, the editor asks for none by itself. */
  async #followAccepted(): Promise<void> {
    const document = window.activeTextEditor?.document;
    if (!document || !workspace.getConfiguration("editor.inlineSuggest", document).get("enabled", true)) return;
    const accepted = versionOf(document);
    await setTimeout(untilEditorAsks);
    if (this.#asked && isAbout(this.#asked, document)) return;
    await this.askAgain(accepted);
  }
}

function versionOf(document: TextDocument): RefreshParams {
  return { uri: document.uri.toString(), version: document.version };
}

function isAbout({ uri, version }: RefreshParams, document: TextDocument): boolean {
  return document.uri.toString() === uri && document.version === version;
}
