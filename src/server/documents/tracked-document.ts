import { TextDocumentContentChangeEvent } from "vscode-languageserver";
import { DocumentText } from "../../completion/documents/document-text.ts";
import type { Edit } from "../../completion/documents/edit.ts";
import { Dismissals } from "./dismissals.ts";
import { DocumentStatistics } from "./document-statistics.ts";
import { editOf, isDeletion, type PlacedReplacement } from "./edits.ts";
import type { DocumentEnablement } from "./enablement.ts";

/** Milliseconds after the start of opening during which a document may still be opening. */
const opening = 20;

/** Milliseconds without an edit after which what follows is other work. */
const togetherWithin = 10 * 60 * 1000;

/** An edit that adds more characters is no change whose like is looked for. */
const mostAddedAtOnce = 5_000;

/** An open document, with everything that the server remembers about it. */
export class TrackedDocument {
  readonly uri: string;
  /** LSP's language id. */
  readonly languageId: string;
  readonly dismissals = new Dismissals();
  readonly statistics = new DocumentStatistics();
  readonly enablement: DocumentEnablement = {};
  version: number;
  /** Whether the document is learned as it is edited. */
  isLearned = false;
  /** Identifies the latest decision whether to learn the document. */
  decision: symbol | undefined;
  /** Whether the last request was for several cursors. */
  hasCursors = false;
  /** The number of requests so far. */
  requests = 0;
  readonly #openedAt = performance.now();
  #changedAt = this.#openedAt;
  #lastEdit = this.#openedAt;
  #text: DocumentText;
  /** The text before the first of the edits that belong together. */
  #before: DocumentText;
  #edit: Edit | undefined;
  #isDeleting = false;

  /** @throws TypeError for what a client should not send: whatever handles a document relies on these types */
  constructor(uri: string, languageId: string, version: number, text: string) {
    if (typeof uri !== "string" || typeof text !== "string") throw new TypeError("a document needs a URI and a text");
    this.uri = uri;
    this.languageId = typeof languageId === "string" ? languageId : "";
    this.version = version;
    this.#text = DocumentText.of(text);
    this.#before = this.#text;
  }

  /**
   * When the last edit arrived, by performance.now(). An edit right after the opening may have waited since the opening, because a
   * long text takes some milliseconds to open.
   */
  get changedAt(): number {
    return this.#changedAt;
  }

  get text(): DocumentText {
    return this.#text;
  }

  /** The text before the edits that were made without a long pause. */
  get before(): DocumentText {
    return this.#before;
  }

  /** The last edit. */
  get edit(): Edit | undefined {
    return this.#edit;
  }

  /** Whether the last edit was a deletion. */
  get isDeleting(): boolean {
    return this.#isDeleting;
  }

  /** Lets the edits that come next belong together, and not with those before. */
  startAnew(): void {
    this.#before = this.#text;
  }

  /** Applies an edit's changes in order, as LSP defines them: each range refers to the text that the earlier changes left. */
  update(changes: readonly TextDocumentContentChangeEvent[], version: number): void {
    const now = performance.now();
    this.#changedAt = now - this.#openedAt < opening ? this.#openedAt : now;
    const former = this.#text;
    if (now - this.#lastEdit > togetherWithin) this.#before = former;
    this.#lastEdit = now;
    const replacements = changes.map((change) => this.#change(change));
    // Nobody types that: a formatter, another branch, a file that was pasted.
    if (replacements.reduce((sum, one) => sum + one.text.length, 0) > mostAddedAtOnce) this.startAnew();
    this.version = version;
    this.#isDeleting = isDeletion(replacements);
    this.#edit = editOf(former, replacements);
    // Where Murmur is off, nothing is asked for, and nothing is counted.
    if (this.requests > 0) this.statistics.edit(replacements);
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
