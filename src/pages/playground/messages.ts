import type { PlaygroundAnswer, PlaygroundCalls } from "../../server/playground-protocol.ts";

/** What the page asks for: the server's requests, and a file that the user chooses. */
export interface PageCalls extends PlaygroundCalls {
  readonly pickFile: {
    readonly params: Readonly<Record<never, never>>;
    /** null: none was chosen. */
    readonly result: { readonly uri: string; readonly name: string } | null;
  };
}

export type FromPage =
  | { readonly id: number; readonly name: keyof PageCalls; readonly params: object }
  /** The answer to a request is not wanted any more. */
  | { readonly cancel: number };

export interface ToPage {
  /** Of the request. */
  readonly id: number;
  readonly answer: PlaygroundAnswer<unknown>;
}
