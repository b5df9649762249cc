import type { CancellationToken, Position } from "vscode-languageserver";
import { boundaryBefore } from "../../boundary.ts";
import type { DocumentText } from "../../completion/documents/document-text.ts";
import type { CompletionEngine } from "../../completion/engine.ts";
import { firstDifference } from "../../completion/text.ts";
import type { Settings } from "../settings.ts";
import { type InlineAnswer, type InlineRequest, inlineCompletion } from "./inline-completion.ts";

/** With more cursors, nothing is suggested: there would be no time for each. */
const mostCursors = 16;

/** The shortest text, in UTF-16 units, that is worth a look. */
const shortest = 2;

/** What is suggested at one cursor. */
interface Candidate {
  readonly text: string;
  /** The text right of the cursor that it replaces. */
  readonly replaced: string;
}

/** A request with several cursors. */
export interface RequestAtAll extends InlineRequest {
  /** The cursors besides that of the request. */
  readonly others: readonly Position[];
  /** The text that precedes the document, as for {@link CompletionEngine.precede}. */
  readonly before: string;
}

/**
 * The suggestion for several cursors, at each of which an editor inserts the same text: the longest beginning, in whole words, of the best
 * suggestion at the first cursor that is also suggested at each other one. Nothing if there is none. At each cursor the document is
 * completed as if the lines of the others were not there: they are unfinished too, and would have it expect unfinished lines.
 * @param budget the time allowed for all, in milliseconds
 */
export async function inlineCompletionAtAll(
  engine: CompletionEngine,
  { others, before, ...request }: RequestAtAll,
  settings: Settings,
  token: CancellationToken,
  budget: number,
): Promise<InlineAnswer> {
  const { document, position } = request;
  // An item of the editor's list is for the first cursor only.
  if (request.selected || others.length >= mostCursors) return nothing;
  const end = performance.now() + budget;
  const { text } = document;
  let best: Candidate | undefined;
  for (const [i, cursor] of [position, ...others].entries()) {
    const alone = textAlone(text, cursor, [position, ...others]);
    const uri = uriAt(document.uri, i);
    engine.precede(uri, before);
    engine.see(uri, alone.text);
    const left = Math.max(0, end - performance.now());
    const asked = { ...request, document: { uri, text: alone.text }, position: alone.position };
    const answer = await inlineCompletion(engine, asked, settings, token, left);
    if (document.text !== text || token.isCancellationRequested) return { ...nothing, silence: "cancelled" };
    const candidates = candidatesOf(alone.text, answer);
    best = i === 0 ? candidates[0] : best && longestShared(best, candidates);
    if (!best) return i === 0 ? answer : nothing;
  }
  if (!best) return nothing;
  const range = { start: position, end: text.positionAt(text.offsetAt(position) + best.replaced.length) };
  return { items: [{ insertText: best.text, range }], isPartial: false };
}

/** Closes what the engine holds of a document for several cursors. */
export function closeCursors(engine: CompletionEngine, uri: string): void {
  for (let i = 0; i < mostCursors; i++) void engine.close(uriAt(uri, i));
}

const nothing: InlineAnswer = { items: [], silence: "cursors", isPartial: false };

/** The name by which the engine holds a document as it is at one of several cursors, where its states stay valid while all are typed at. */
function uriAt(uri: string, cursor: number): string {
  return `${uri}#cursor-${cursor}`;
}

/** The URI of the document itself. */
export function uriOfDocument(uri: string): string {
  return uri.replace(/#cursor-\d+$/, "");
}

/** A text without the lines that other cursors are in, and the place of a cursor there. */
function textAlone(
  text: DocumentText,
  { line, character }: Position,
  cursors: readonly Position[],
): { readonly text: DocumentText; readonly position: Position } {
  const lines = [...new Set(cursors.map((cursor) => cursor.line))].filter((one) => one !== line).sort((a, b) => b - a);
  const startOf = (one: number): number => text.offsetAt({ line: one, character: 0 });
  const alone = lines.reduce((left, one) => left.replace(startOf(one), startOf(one + 1), ""), text);
  return { text: alone, position: { line: line - lines.filter((one) => one < line).length, character } };
}

function candidatesOf(text: DocumentText, { items }: InlineAnswer): Candidate[] {
  return items.map(({ insertText, range }) => ({
    text: typeof insertText === "string" ? insertText : insertText.value,
    replaced: range ? text.slice(text.offsetAt(range.start), text.offsetAt(range.end)) : "",
  }));
}

function longestShared(best: Candidate, candidates: readonly Candidate[]): Candidate | undefined {
  const shared = candidates.map((candidate) => sharedBeginning(best, candidate));
  const text = shared.reduce((longest, one) => (one.length > longest.length ? one : longest), "");
  return text.length < shortest ? undefined : { ...best, text };
}

/** The text that two suggestions begin with, in whole words; empty if they replace something and are not the same. */
export function sharedBeginning(one: Candidate, other: Candidate): string {
  if (one.text === other.text && one.replaced === other.replaced) return one.text;
  if (one.replaced !== "" || other.replaced !== "") return "";
  const length = boundaryBefore(one.text, firstDifference(one.text, other.text));
  const shared = one.text.slice(0, length);
  const goesOn = [one, other].some(({ text }) => /^[\p{L}\p{N}\p{M}_$]/u.test(text.slice(length)));
  return (goesOn ? shared.replace(/[\p{L}\p{N}\p{M}_$]+$/u, "") : shared).trimEnd();
}
