import { prepareEngine, sources } from "../../src/evaluation/engine-under-test.ts";
import { type Simulation, type SuggestionEvent, simulate } from "../../src/evaluation/simulate.ts";
import { Random } from "../../src/random.ts";
import { table } from "../markdown.ts";
import { progress } from "../support.ts";
import { typingSettings } from "./typing.ts";
import type { Workspace } from "./workspaces.ts";

/** Lines that are taken out in all. */
const mostLines = 200;
/** Shorter lines are hardly worth a suggestion. */
const shortestLine = 8;

/** Some lines of a file that was read, and what stands around them. */
interface Retyped {
  readonly name: string;
  /** To the first line's indentation. */
  readonly head: string;
  /** What is typed anew. */
  readonly body: string;
  /** From the line's end on. */
  readonly tail: string;
}

/** Prints what is suggested while lines are typed anew that were taken out of files which have been read, all else staying. */
export async function retypedTable(workspaces: readonly Workspace[], modelPath: string): Promise<void> {
  const rows: string[][] = [];
  for (const lines of [1, 3]) {
    const typed: Simulation[] = [];
    let repeats = 0;
    for (const workspace of workspaces) {
      progress(`retyped, lines at a time: ${lines}: ${workspace.name}`);
      const places = placesIn(workspace, lines, Math.ceil(mostLines / workspaces.length));
      const { engine, restore, release } = await prepareEngine({ modelPath, given: workspace.given, sources });
      for (const { name, head, body, tail } of places) {
        restore();
        await engine.update(name, head + tail);
        const simulation = await simulate(body, async (before) => {
          const request = { uri: name, text: head + before + tail, offset: head.length + before.length };
          await engine.update(name, request.text);
          return (await engine.suggest({ ...request, ...typingSettings("balanced") })).suggestion;
        });
        await engine.close(name);
        typed.push(simulation);
        // What is right repeats nothing, even if it looks so, such as one closing bracket above another.
        repeats += simulation.events.filter(
          (event) => !event.isRight && repeatsBelow(event, head + body.slice(0, event.offset), tail),
        ).length;
      }
      await release();
    }
    const sum = (of: (simulation: Simulation) => number): number => typed.reduce((total, one) => total + of(one), 0);
    const [shown, right, wrong] = [sum((one) => one.shown), sum((one) => one.acceptances), sum((one) => one.wrong)];
    const saved = sum((one) => one.acceptedChars) / sum((one) => one.chars);
    rows.push([...[lines, typed.length, shown, right, wrong, repeats].map(String), saved.toFixed(3)]);
  }
  console.log("\n### Lines taken out of files that were read, and typed anew, at balanced\n");
  const header = ["lines at a time", "places", "shown", "right", "wrong", "repeat what stands below", "accepted share"];
  console.log(table(header, rows));
}

/** Places in the files that were read, the same in every run. */
function placesIn({ given }: Workspace, lines: number, count: number): Retyped[] {
  const random = new Random(1);
  const places: Retyped[] = [];
  for (let tries = 0; places.length < count && tries < 100 * count; tries++) {
    const file = given[random.below(given.length)];
    const whole = file?.text.split("\n") ?? [];
    const first = random.below(Math.max(1, whole.length - lines));
    const [line = "", ...others] = whole.slice(first, first + lines);
    const body = [line.trimStart(), ...others].join("\n");
    if (!file || line.trim().length < shortestLine || others.at(-1)?.trim() === "" || file.text.includes("\r"))
      continue;
    const above = whole.slice(0, first).map((one) => `${one}\n`);
    const head = above.join("") + line.slice(0, line.length - line.trimStart().length);
    places.push({ name: file.name, head, body, tail: file.text.slice(head.length + body.length) });
  }
  return places;
}

/** Whether a suggestion says, from one of its lines on, what stands below it, white space left out; or makes the next line once more. */
function repeatsBelow({ text }: SuggestionEvent, before: string, tail: string): boolean {
  const below = withoutBlanks(tail);
  const lines = text.split("\n");
  const line = before.slice(before.lastIndexOf("\n") + 1) + lines[0];
  const next = tail.split("\n").find((one) => one.trim() !== "");
  return (
    line.trim() === next?.trim() ||
    lines.slice(1).some((_, i) => {
      const end = withoutBlanks(lines.slice(i + 1).join("\n"));
      return end !== "" && below.startsWith(end);
    })
  );
}

function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, "");
}
