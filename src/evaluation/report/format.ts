import type { Interval } from "../summary.ts";

/** "12.3 %", with a typographic minus sign. */
export function percent(share: number, digits = 1): string {
  return `${signed((100 * share).toFixed(digits))} %`;
}

/** "12.3 to 14.5": values multiplied by a factor. */
export function range([low, high]: Interval, factor: number, digits: number): string {
  return `${signed((factor * low).toFixed(digits))} to ${signed((factor * high).toFixed(digits))}`;
}

/** "12,345" */
export function count(value: number): string {
  return value.toLocaleString("en");
}

function signed(number: string): string {
  return number.replace("-", "−");
}
