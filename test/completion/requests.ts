import type { Answer, CompletionEngine, SuggestionRequest } from "../../src/completion/engine.ts";
import type { LanguageModel } from "../../src/model/language-model.ts";
import { successionModel } from "./succession-model.ts";

export const unlimited = { budget: Number.POSITIVE_INFINITY };

/** A request at the end of `text` unless it says otherwise. */
export function at(text: string, request: Partial<SuggestionRequest> = {}): SuggestionRequest {
  return { uri: "file:///a.txt", text, offset: text.length, temperature: 0, maxCharacters: 60, ...request };
}

/** The engine's answer to a user who has typed the text of a request. */
export function ask(engine: CompletionEngine, request: SuggestionRequest): Promise<Answer> {
  engine.see(request.uri, request.text);
  return engine.suggest(request);
}

export function lettersInOrder(): Promise<LanguageModel> {
  return successionModel(["abcdefghijklmnopqrst\n"]);
}
