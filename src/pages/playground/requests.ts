import type { PlaygroundAnswer, PlaygroundSource } from "../../server/playground-protocol.ts";
import { connect } from "../page.ts";
import type { FromPage, PageCalls, ToPage } from "./messages.ts";

/** Asks the extension for something. An answer that is not wanted any more never comes. */
export type Ask = <Name extends keyof PageCalls>(
  name: Name,
  params: PageCalls[Name]["params"],
  signal?: AbortSignal,
) => Promise<PlaygroundAnswer<PageCalls[Name]["result"]>>;

/** What the page keeps over a reload of the window. */
export interface Kept {
  readonly prompt: string;
  readonly temperature: number;
  readonly model?: KeptModel | undefined;
}

/** A model that can be found again, with its name in the list. */
export interface KeptModel {
  readonly name: string;
  readonly source: PlaygroundSource;
}

/** Connects the page. It can be done once. */
export function connectRequests(): {
  readonly ask: Ask;
  readonly kept: Kept | undefined;
  readonly keep: (state: Kept) => void;
} {
  const { post, onMessage, kept, keep } = connect<ToPage, FromPage, Kept>();
  const waiting = new Map<number, (answer: PlaygroundAnswer<unknown>) => void>();
  let last = 0;
  onMessage(({ id, answer }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  const ask: Ask = <Name extends keyof PageCalls>(
    name: Name,
    params: PageCalls[Name]["params"],
    signal?: AbortSignal,
  ) => {
    const id = ++last;
    return new Promise<PlaygroundAnswer<PageCalls[Name]["result"]>>((resolve) => {
      if (signal?.aborted) return;
      waiting.set(id, (answer) => resolve(answer as PlaygroundAnswer<PageCalls[Name]["result"]>));
      signal?.addEventListener("abort", () => {
        if (waiting.delete(id)) post({ cancel: id });
      });
      post({ id, name, params });
    });
  };
  return { ask, kept, keep };
}
