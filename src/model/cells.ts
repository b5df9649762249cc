import type { Cell } from "./cell.ts";
import { gru } from "./cells/gru.ts";
import { lstm } from "./cells/lstm.ts";
import { rnn } from "./cells/rnn.ts";

/** The cells that a network can be made of, by the names that options and model files use. */
export const cells = { rnn, lstm, gru } as const satisfies Readonly<Record<string, Cell>>;
export type CellName = keyof typeof cells;
export const cellNames = Object.keys(cells) as readonly CellName[];
