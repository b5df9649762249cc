import { mean } from "./support.ts";

/** A table in Markdown. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** A named column of numbers. */
export interface Column<Row> {
  readonly name: string;
  /** Undefined where there is none. */
  readonly of: (row: Row) => number | undefined;
  readonly digits?: number;
}

/** A table of numbers with a row for each thing, and one for the mean of each column over those that have it. */
export function tableWithMean<Row extends { readonly name: string }>(
  first: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): string {
  const cell = (value: number | undefined, digits = 3): string => value?.toFixed(digits) ?? "–";
  const body = rows.map((row) => [row.name, ...columns.map(({ of, digits }) => cell(of(row), digits))]);
  const meanCell = (values: readonly number[], digits?: number): string =>
    cell(values.length === 0 ? undefined : mean(values), digits);
  const means = columns.map(({ of, digits }) =>
    meanCell(
      rows.flatMap((row) => of(row) ?? []),
      digits,
    ),
  );
  return table([first, ...columns.map(({ name }) => name)], rows.length > 1 ? [...body, ["mean", ...means]] : body);
}
