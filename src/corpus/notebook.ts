import { extname } from "node:path";
import * as z from "zod";

const lines = z.union([z.string(), z.array(z.string())]).optional();

/** In format 3, the source of a code cell is called `input`. */
const cells = z.array(z.looseObject({ cell_type: z.string(), source: lines, input: lines }));

const named = z.looseObject({ language: z.string(), name: z.string() }).partial().optional().catch(undefined);
/** The kernel's language stands in `kernelspec` or in `language_info`. */
const metadata = z.looseObject({ kernelspec: named, language_info: named }).optional().catch(undefined);

/** A Jupyter notebook in format 4, or in format 3, which has its cells on worksheets. */
const notebook = z.union([
  z.looseObject({ cells, metadata }).transform(({ cells, metadata }) => ({ sheets: [{ cells }], metadata })),
  z
    .looseObject({ worksheets: z.array(z.looseObject({ cells })), metadata })
    .transform(({ worksheets, metadata }) => ({ sheets: worksheets, metadata })),
]);

/** What is written by hand in a notebook. */
export interface NotebookContent {
  readonly text: string;
  /** The name of its kernel's language, such as "python"; undefined if the notebook does not have one. */
  readonly languageId: string | undefined;
}

/** The types of cells written by hand. The others hold output or text in another format. */
const writtenCells = new Set(["code", "markdown", "heading"]);

/** Whether a path is that of a Jupyter notebook: JSON in which only the cells' sources are text. */
export function isNotebook(path: string): boolean {
  return extname(path).toLowerCase() === ".ipynb";
}

/**
 * The content of a notebook: the sources of its code and markdown cells in order, separated by empty lines. Outputs, attachments and metadata
 * are left out.
 * @param json the file's text
 * @returns undefined if the text is not a notebook
 */
export function notebookContent(json: string): NotebookContent | undefined {
  const parsed = notebook.safeParse(parseJson(json));
  if (!parsed.success) return undefined;
  const sources = parsed.data.sheets
    .flatMap((sheet) => sheet.cells)
    .filter(({ cell_type }) => writtenCells.has(cell_type))
    .map(({ source, input }) => [source ?? input ?? ""].flat().join("").trimEnd())
    .filter((source) => source !== "");
  const { kernelspec, language_info } = parsed.data.metadata ?? {};
  const languageId = kernelspec?.language ?? language_info?.name;
  return { text: sources.map((source) => `${source}\n`).join("\n"), languageId };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
