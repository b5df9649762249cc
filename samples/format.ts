// How prices, dates and tables are shown.

const currency = "EUR";

/** Cents as a price: 1250 is "12.50 EUR". */
export function formatPrice(cents: number): string {
  return `${(cents / 100).toFixed(2)} ${currency}`;
}

/** A day: "2026-03-01". */
export function formatDate(date: Date): string {
  const year = String(date.getFullYear());
  const month = String(date.getMonth() + 1).padStart(2, "0");
  const day = String(date.getDate()).padStart(2, "0");
  return `${year}-${month}-${day}`;
}

/** A time of day: "09:05". */
export function formatTime(date: Date): string {
  const hours = String(date.getHours()).padStart(2, "0");
  const minutes = String(date.getMinutes()).padStart(2, "0");
  return `${hours}:${minutes}`;
}

/** A share from 0 to 1 in percent: 0.125 is "12.5 %". */
export function formatPercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Rows of cells as lines of text, each column as wide as its widest cell. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (let i = 0; i < row.length; i++) {
      widths[i] = Math.max(widths[i] ?? 0, row[i].length);
    }
  }
  const lines: string[] = [];
  for (const row of rows) {
    const cells: string[] = [];
    for (let i = 0; i < row.length; i++) {
      cells.push(row[i].padEnd(widths[i]));
    }
    lines.push(cells.join("  ").trimEnd());
  }
  return lines.join("\n");
}

/** The first characters of a text, with an ellipsis if there are more. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) {
    return text;
  }
  return `${text.slice(0, length - 1)}…`;
}
