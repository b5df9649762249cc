import {
  type Connection,
  type NotebookDocumentSyncOptions,
  NotebookDocuments,
  type TextDocuments,
} from "vscode-languageserver";
import { boundaryBefore } from "../../boundary.ts";
import { notebookOf } from "../../uris.ts";
import type { TrackedDocument } from "./tracked-document.ts";

/** Asks the client to synchronise all cells of all notebooks, and to say when one is saved. */
export const notebookDocumentSync: NotebookDocumentSyncOptions = {
  notebookSelector: [{ notebook: "*" }],
  save: true,
};

/** The longest context before a cell, in UTF-16 units. It is as long as the context that a document's states are computed from. */
const mostBefore = 1024;

/**
 * The open notebooks. Their cells are separate documents. A client that supports LSP's notebook documents sends the order of the cells;
 * for other clients, it is assumed to be the order in which they were opened.
 */
export class Notebooks {
  readonly #documents: TextDocuments<TrackedDocument>;
  readonly #synchronized: NotebookDocuments<TrackedDocument>;

  constructor(documents: TextDocuments<TrackedDocument>) {
    this.#documents = documents;
    this.#synchronized = new NotebookDocuments(documents);
  }

  /** @param onSave called with the cells of a notebook that was saved */
  listen(connection: Connection, onSave: (cells: readonly TrackedDocument[]) => void): void {
    this.#synchronized.listen(connection);
    this.#synchronized.onDidSave(({ cells }) => onSave(this.#open(cells.map((cell) => cell.document))));
  }

  /**
   * The nearest text, in whole lines, of the cells before a cell that have its language: code for code, and prose for Markdown. Empty if
   * the document is not a cell.
   */
  before(document: TrackedDocument): string {
    let text = "";
    for (const cell of this.#cellsBefore(document).reverse()) {
      if (text.length >= mostBefore) break;
      if (cell.languageId !== document.languageId || cell.text.length === 0) continue;
      const part = cell.text.slice(Math.max(0, cell.text.length - mostBefore));
      text = (/[\r\n]$/.test(part) ? part : `${part}\n`) + text;
    }
    if (text.length <= mostBefore) return text;
    const cut = text.slice(boundaryBefore(text, text.length - mostBefore));
    return cut.replace(/^.*?(?:\r\n|\r|\n)/, "");
  }

  #cellsBefore({ uri }: TrackedDocument): TrackedDocument[] {
    const notebook = this.#synchronized.findNotebookDocumentForCell(uri);
    const uris = notebook ? notebook.cells.map((cell) => cell.document) : this.#openedWith(uri);
    return this.#open(uris.slice(0, Math.max(0, uris.indexOf(uri))));
  }

  #open(uris: readonly string[]): TrackedDocument[] {
    return uris.map((cell) => this.#documents.get(cell)).filter((cell) => cell !== undefined);
  }

  /** The open cells of the same notebook, recognised by their URIs. */
  #openedWith(uri: string): string[] {
    const notebook = notebookOf(uri);
    return notebook === undefined ? [] : this.#documents.keys().filter((other) => notebookOf(other) === notebook);
  }
}
