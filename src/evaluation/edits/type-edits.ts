import type { Suggestion } from "../../completion/suggestion.ts";
import { type EngineUnderTest, workspaceUri } from "../engine-under-test.ts";
import { type Simulation, type SuggestionEvent, simulate, type TypingSettings, together } from "../simulate.ts";
import { type EditKind, editsOf } from "./edits.ts";
import type { ChangedFile } from "./tree.ts";

/** The outcome of one edit. Its events have offsets in the file's final text. */
export interface EditSimulation extends Simulation {
  readonly kind: EditKind;
  /** Where the typed text begins in the final text. */
  readonly from: number;
}

/** The outcome of a file's edits, one by one and together. */
export interface EditedFile {
  readonly edits: readonly EditSimulation[];
  readonly simulation: Simulation;
}

/**
 * Simulates a user who opens a file of the old tree, which has been read, and makes its edits from top to bottom: removes what an
 * edit replaces, then types the new text in its place, with the rest of the file below. The engine is left as it was.
 * @param seen receives the number of characters typed so far
 */
export async function typeEdits(
  underTest: EngineUnderTest,
  file: ChangedFile,
  { every, ...settings }: TypingSettings,
  seen: (typed: number) => void = () => {},
): Promise<EditedFile> {
  const { engine, restore } = underTest;
  const uri = workspaceUri(file.name);
  const edits: EditSimulation[] = [];
  let done = 0;
  restore();
  for (const { kind, former, head, typed, tail } of editsOf(file.former, file.text)) {
    await engine.update(uri, former);
    const simulation = await simulate(
      typed,
      async (before) => {
        seen(done + before.length);
        const text = head + before + tail;
        await engine.update(uri, text);
        const { suggestion } = await engine.suggest({ ...settings, uri, text, offset: head.length + before.length });
        return suggestion && { ...suggestion, text: insertedText(suggestion, tail) };
      },
      { every },
    );
    const from = head.length;
    edits.push({ ...simulation, kind, from, events: simulation.events.map((event) => moved(event, file.text, from)) });
    done += typed.length;
  }
  await engine.close(uri);
  restore();
  return { edits, simulation: together(edits) };
}

/** What a suggestion adds to the document: its text, less the closing brackets that it replaces. */
function insertedText({ text, replacedLength }: Suggestion, tail: string): string {
  const replaced = tail.slice(0, replacedLength);
  return text.endsWith(replaced) ? text.slice(0, text.length - replaced.length) : text;
}

function moved(event: SuggestionEvent, text: string, by: number): SuggestionEvent {
  const offset = event.offset + by;
  return { ...event, offset, column: offset - (text.lastIndexOf("\n", offset - 1) + 1) };
}
