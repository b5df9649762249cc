/** What the user can do from the page. */
export type TrainingAction =
  | "train"
  | "stop"
  | "pause"
  | "resume"
  | "cancel"
  | "showLog"
  | "turnOn"
  | "trust"
  | "openFolder";

/** What the page sends: that it is there, and each button that is pressed. */
export type FromTrainingPage = { readonly kind: "ready" } | { readonly kind: "act"; readonly action: TrainingAction };

/** All that the page shows, in words and numbers. It is sent whole after each change. */
export interface TrainingPage {
  readonly headline: string;
  readonly lines: readonly string[];
  /** How much of a run is done, 0 to 1. */
  readonly share?: number;
  readonly buttons: readonly PageButton[];
  /** For a screen reader, when it changes. */
  readonly announcement: string;
  readonly charts: readonly Chart[];
  /** What the charts show, for who can't see them. */
  readonly evaluations?: Table;
  readonly written?: WrittenTable;
  readonly past?: Table;
}

export interface PageButton {
  readonly action: TrainingAction;
  readonly label: string;
}

/** Each kind of line has a colour and dashes of its own. */
export type LineKind = "learned" | "heldOut" | "start" | "shipped";

export interface ChartLine {
  readonly kind: LineKind;
  readonly label: string;
  /** Of x and y; x rises. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
  readonly title: string;
  /** What it shows, in a sentence. */
  readonly summary: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Where the x axis ends; it begins at 0. */
  readonly xEnd: number;
  readonly lines: readonly ChartLine[];
}

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  /** The first cell of each row is its heading. */
  readonly rows: readonly (readonly string[])[];
}

export interface WrittenTable extends Table {
  /** What this is, in a few sentences. */
  readonly about: string;
}
