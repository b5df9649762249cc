import {
  type Connection,
  NotebookCellKind,
  type NotebookDocumentSyncOptions,
  NotebookDocuments,
  type TextDocuments,
} from "vscode-languageserver";
import { boundaryBefore } from "../boundary.ts";
import type { TrackedDocument } from "./tracked-document.ts";
import { notebookOf } from "./uris.ts";

/** What a client is asked to tell of notebooks: all cells of all of them. */
export const notebookDocumentSync: NotebookDocumentSyncOptions = { notebookSelector: [{ notebook: "*" }] };

/** More than this before a cell is not predicted from, in UTF-16 units: a document's states are not read from farther back either. */
const mostBefore = 1024;

/**
 * The notebooks that are open. Their cells are documents of their own; in which order they stand is known from a client that has
 * LSP's notebook documents. Of one that has not, it is taken to be the order in which they were opened.
 */
export class Notebooks {
  readonly #documents: TextDocuments<TrackedDocument>;
  readonly #synchronized: NotebookDocuments<TrackedDocument>;

  constructor(documents: TextDocuments<TrackedDocument>) {
    this.#documents = documents;
    this.#synchronized = new NotebookDocuments(documents);
  }

  listen(connection: Connection): void {
    this.#synchronized.listen(connection);
  }

  /** The code in the cells before a cell, of its language, the nearest of it: whole lines. Empty for what is no cell. */
  before(document: TrackedDocument): string {
    let code = "";
    for (const cell of this.#cellsBefore(document).reverse()) {
      if (code.length >= mostBefore) break;
      if (cell.languageId !== document.languageId || cell.text.length === 0) continue;
      const part = cell.text.slice(Math.max(0, cell.text.length - mostBefore));
      code = (/[\r\n]$/.test(part) ? part : `${part}\n`) + code;
    }
    if (code.length <= mostBefore) return code;
    const cut = code.slice(boundaryBefore(code, code.length - mostBefore));
    return cut.replace(/^.*?(?:\r\n|\r|\n)/, "");
  }

  #cellsBefore({ uri }: TrackedDocument): TrackedDocument[] {
    const notebook = this.#synchronized.findNotebookDocumentForCell(uri);
    const uris = notebook
      ? notebook.cells.filter(({ kind }) => kind === NotebookCellKind.Code).map((cell) => cell.document)
      : this.#openedWith(uri);
    return uris
      .slice(0, Math.max(0, uris.indexOf(uri)))
      .map((cell) => this.#documents.get(cell))
      .filter((cell) => cell !== undefined);
  }

  /** The open cells of the same notebook, as far as URIs say so. */
  #openedWith(uri: string): string[] {
    const notebook = notebookOf(uri);
    return notebook === undefined ? [] : this.#documents.keys().filter((other) => notebookOf(other) === notebook);
  }
}
