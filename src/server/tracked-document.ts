import { TextDocumentContentChangeEvent } from "vscode-languageserver";
import { DocumentText } from "../completion/documents/document-text.ts";
import type { Edit } from "../completion/documents/edit.ts";
import { Dismissals } from "./dismissals.ts";
import { editOf, isDeletion, type PlacedReplacement } from "./edits.ts";

/** Milliseconds after its opening began in which a document may still be being opened. */
const opening = 20;

/** An open document, and all that the server remembers of what was done in it. */
export class TrackedDocument {
  readonly uri: string;
  /** As LSP names it. */
  readonly languageId: string;
  readonly dismissals = new Dismissals();
  version: number;
  /** Whether it is learned as it is written. */
  isLearned = false;
  /** The last attempt to find out whether it is to be learned. */
  decision: symbol | undefined;
  /** How many requests came for it. */
  requests = 0;
  readonly #openedAt = performance.now();
  #changedAt = this.#openedAt;
  #text: DocumentText;
  #edit: Edit | undefined;
  #isDeleting = false;

  constructor(uri: string, languageId: string, version: number, text: string) {
    this.uri = uri;
    this.languageId = languageId;
    this.version = version;
    this.#text = DocumentText.of(text);
  }

  /**
   * When the last edit came, as performance.now() has it. One that comes right after the opening may have waited since then: a long
   * text takes some milliseconds to be taken in.
   */
  get changedAt(): number {
    return this.#changedAt;
  }

  get text(): DocumentText {
    return this.#text;
  }

  /** The last edit. */
  get edit(): Edit | undefined {
    return this.#edit;
  }

  /** Whether the last edit was a deletion. */
  get isDeleting(): boolean {
    return this.#isDeleting;
  }

  /** Makes the changes of an edit, as LSP gives them: one by one, each range one of the text after those before it. */
  update(changes: readonly TextDocumentContentChangeEvent[], version: number): void {
    const now = performance.now();
    this.#changedAt = now - this.#openedAt < opening ? this.#openedAt : now;
    const former = this.#text;
    const replacements = changes.map((change) => this.#change(change));
    this.version = version;
    this.#isDeleting = isDeletion(replacements);
    this.#edit = editOf(former, replacements);
  }

  #change(change: TextDocumentContentChangeEvent): PlacedReplacement {
    const text = this.#text;
    if (!TextDocumentContentChangeEvent.isIncremental(change)) {
      this.#text = text.changedTo(change.text);
      return { offset: 0, former: text.toString(), text: change.text };
    }
    const { start, end } = change.range;
    const [from = 0, to = 0] = [text.offsetAt(start), text.offsetAt(end)].sort((a, b) => a - b);
    this.#text = text.replace(from, to, change.text);
    return { offset: from, former: text.slice(from, to), text: change.text };
  }
}
