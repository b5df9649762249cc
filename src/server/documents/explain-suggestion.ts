import type { CancellationToken } from "vscode-languageserver";
import type { CompletionEngine, Explanation } from "../../completion/engine.ts";
import { textName } from "../../completion/memory/text-name.ts";
import type { ExplainedCharacter, ExplainedRepeat, ExplainedSuggestion, ExplainParams } from "../protocol.ts";
import type { InlineRequestsOptions } from "./inline-requests.ts";
import { refusalIn } from "./refusal.ts";
import { settingsAt } from "./settings-at.ts";
import type { ServerSilence } from "./silence.ts";
import type { TrackedDocument } from "./tracked-document.ts";

/** Where nothing is considered. */
const nothing = { wrongCost: 0, characters: [], shown: 0 } as const;

/** Explains what is suggested at a position, or why nothing is. Where Murmur is kept out, nothing is computed. */
export async function explainSuggestion(
  { uri, position }: ExplainParams,
  options: InlineRequestsOptions,
  token: CancellationToken,
): Promise<ExplainedSuggestion> {
  const settings = options.settings();
  const document = options.document(uri);
  const refusal = await refusalIn(document, options);
  const engine = options.engine();
  const before = document ? lineUpTo(document, position) : "";
  if (refusal || !document || !engine)
    return { silence: refusal ?? "no-model", before, eagerness: settings.eagerness, ...nothing };
  const { text } = document;
  const settingsThere = settingsAt(document, position, settings);
  const { eagerness, temperature, maxCharacters } = settingsThere ?? settings;
  engine.precede(uri, options.before(document));
  const abort = new AbortController();
  const cancellation = token.onCancellationRequested(() => abort.abort());
  const offset = text.offsetAt(position);
  const explanation = await engine
    .explain({ uri, text, offset, temperature, maxCharacters, eagerness, signal: abort.signal })
    .finally(() => cancellation.dispose());
  const suggestion = explanation.answer.suggestion?.text;
  const shown = suggestion === undefined ? undefined : { line: position.line, before, texts: [suggestion] };
  let silence: ServerSilence | undefined = explanation.answer.silence;
  if (document.text !== text) silence = "cancelled";
  else if (!settingsThere) silence = "scope";
  else if (document.isDeleting) silence = "deleting";
  else if (shown && document.dismissals.covers(shown)) silence = "dismissed";
  return { silence, before, suggestion, eagerness, ...explained(explanation, uri, engine) };
}

function lineUpTo({ text }: TrackedDocument, position: ExplainParams["position"]): string {
  return text.slice(text.offsetAt({ line: position.line, character: 0 }), text.offsetAt(position));
}

function explained(
  { wrongCost, characters, shown, best }: Explanation,
  uri: string,
  engine: CompletionEngine,
): Pick<ExplainedSuggestion, "wrongCost" | "characters" | "shown" | "best"> {
  return {
    wrongCost,
    shown,
    best,
    characters: characters.map(({ evidence: { network, context, repeat }, ...character }): ExplainedCharacter => {
      const line = repeat && engine.lineAt(repeat.position);
      const found: ExplainedRepeat | undefined = repeat &&
        line && { ...line, length: repeat.length, isRight: repeat.isRight, isHere: line.name === textName(uri) };
      return { ...character, network, ...(context && { context }), repeat: found };
    }),
  };
}
