import { extname } from "node:path";
import { z } from "zod";

const lines = z.union([z.string(), z.array(z.string())]).optional();

/** Format 3 calls the source of a code cell its input. */
const cells = z.array(z.looseObject({ cell_type: z.string(), source: lines, input: lines }));

/** A Jupyter notebook of format 4, or of format 3, whose cells are on worksheets. */
const notebook = z.union([
  z.looseObject({ cells }).transform((sheet) => [sheet]),
  z.looseObject({ worksheets: z.array(z.looseObject({ cells })) }).transform(({ worksheets }) => worksheets),
]);

/** What a person has written: the others are output, or text in another format. */
const writtenCells = new Set(["code", "markdown", "heading"]);

/** Whether a file, by its path, is a Jupyter notebook: JSON, of which the cells' sources alone are text. */
export function isNotebook(path: string): boolean {
  return extname(path).toLowerCase() === ".ipynb";
}

/**
 * The text of a notebook: the source of its code and markdown cells, one after the other with an empty line between. Outputs,
 * attachments and metadata are no part of it.
 * @param json the file's text
 * @returns undefined if it is no notebook
 */
export function notebookText(json: string): string | undefined {
  const parsed = notebook.safeParse(parseJson(json));
  if (!parsed.success) return undefined;
  const sources = parsed.data
    .flatMap((sheet) => sheet.cells)
    .filter(({ cell_type }) => writtenCells.has(cell_type))
    .map(({ source, input }) => [source ?? input ?? ""].flat().join("").trimEnd())
    .filter((source) => source !== "");
  return sources.map((source) => `${source}\n`).join("\n");
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
