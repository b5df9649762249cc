import type { PlaygroundAnswer } from "../../server/playground-protocol.ts";
import { connect } from "../page.ts";
import type { FromPage, PageCalls, ToPage } from "./messages.ts";

/** Asks the extension for something. An answer that is not wanted any more never comes. */
export type Ask = <Name extends keyof PageCalls>(
  name: Name,
  params: PageCalls[Name]["params"],
  signal?: AbortSignal,
) => Promise<PlaygroundAnswer<PageCalls[Name]["result"]>>;

/** Connects the page. It can be done once. */
export function connectRequests(): Ask {
  const { post, onMessage } = connect<ToPage, FromPage>();
  const waiting = new Map<number, (answer: PlaygroundAnswer<unknown>) => void>();
  let last = 0;
  onMessage(({ id, answer }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  return <Name extends keyof PageCalls>(name: Name, params: PageCalls[Name]["params"], signal?: AbortSignal) => {
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
}
