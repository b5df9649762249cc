import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { sourceOf } from "../made-source.ts";
import { endOf, ServerUnderTest, type Typed, trigger } from "../server.ts";
import { quantile, temporaryFolder } from "../support.ts";
import type { Workspace } from "./workspaces.ts";

const keystrokes = 400;
/** Lines of the typed file that stand before what is typed, at whatever line that is. */
const linesBefore = 19;
/** Seconds that reading a workspace may take. */
const mostReading = 180;
const starts = 5;
/** Documents that are opened to type one key. */
const opened = 8;
/** Documents that are open side by side, and the characters of each. */
export const sideBySide = { documents: 200, characters: 200_000 } as const;
/** Seconds that reading them may take. */
const mostReadingOpen = 400;
/** Milliseconds in which the server gives back the memory of closed documents. */
const untilCollected = 30_000;
/** Passages that are typed anew, and their lines. */
const passages = 24;
const retypedAtOnce = 3;

/** Where in a document one types. */
export interface TypingPlace {
  readonly line: number;
  /** How many lines stand below. */
  readonly below: number;
}

/** Types in the server somewhere; what is typed, and the lines right above it, are the same everywhere. */
export async function keystrokesAt({ line, below }: TypingPlace, { given, heldOut }: Workspace): Promise<Typed> {
  const [longest] = [...heldOut].sort((a, b) => b.text.length - a.text.length);
  const own = (longest?.text ?? "").split("\n").map((text) => `${text}\n`);
  const above = own.slice(0, linesBefore);
  const typed = own.slice(linesBefore).join("").slice(0, keystrokes);
  const before = [...fillerOf(line - 1 - above.length, given), ...above].join("");
  const following = below === 0 ? "" : ["\n", ...fillerOf(below, given)].join("");
  await using started = await serverThatRead(given);
  const { server } = started;
  return await server.type(longest?.name ?? "file", { before, typed, following });
}

/**
 * Types lines anew that were taken out of files which the server has read, at places all over the workspace: so most of what is
 * typed is suggested, over several lines where they are sure.
 */
export async function retypedLines({ given }: Workspace): Promise<Typed> {
  await using started = await serverThatRead(given);
  const { server } = started;
  const typed: Typed[] = [];
  const files = given.filter(({ text }) => text.split("\n").length > 3 * retypedAtOnce);
  for (let i = 0; i < passages; i++) {
    const file = files[Math.floor((i * files.length) / passages)];
    if (!file) break;
    const lines = file.text.split("\n").map((text) => `${text}\n`);
    const first = retypedAtOnce + ((37 * i) % (lines.length - 2 * retypedAtOnce));
    const [before, taken, following] = [
      lines.slice(0, first),
      lines.slice(first, first + retypedAtOnce),
      lines.slice(first + retypedAtOnce),
    ].map((part) => part.join("")) as [string, string, string];
    typed.push(await server.type(file.name, { before, typed: taken.trimEnd(), following: `\n${following}` }));
  }
  return {
    times: typed.flatMap(({ times }) => times),
    shown: sum(typed.map(({ shown }) => shown)),
    severalLines: sum(typed.map(({ severalLines }) => severalLines)),
  };
}

/**
 * The first keystroke in documents of 20,000 lines, at their end, so many milliseconds after each was opened: with 0 it is sent with the
 * document.
 * @returns milliseconds from the notification of the keystroke to its answer
 */
export async function firstKeystrokes(wait: number, { given }: Workspace): Promise<number[]> {
  await using started = await serverThatRead(given);
  const { server } = started;
  const lines = fillerOf(20_000, given);
  const times: number[] = [];
  for (let i = 0; i < opened; i++) {
    // Each has lines of its own, so that it must be read.
    const before = lines.map((line, at) => (at % 50 === 0 ? line.replace("\n", ` ${i}.${at}\n`) : line));
    const typed = await server.type(`opened${i}.ts`, { before: before.join(""), typed: "r" }, wait);
    times.push(...typed.times);
    await server.idle(mostReading);
  }
  return times;
}

/** A server in a folder of these files, once it has read them. */
async function serverThatRead(
  files: Workspace["given"],
): Promise<AsyncDisposable & { readonly server: ServerUnderTest }> {
  await using ends = new AsyncDisposableStack();
  const folder = ends.use(await temporaryFolder());
  const storage = ends.use(await temporaryFolder());
  await writeAll(folder.path, files);
  const server = ends.use(await ServerUnderTest.start(folder.path, storage.path));
  await server.ready;
  await server.idle(mostReading);
  const owned = ends.move();
  return { server, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Lines of some files, over and over if they are too few. */
function fillerOf(count: number, files: Workspace["given"]): string[] {
  const lines = files.flatMap(({ text }) => text.split("\n").map((line) => `${line}\n`));
  return Array.from({ length: count }, (_, i) => lines[i % lines.length] ?? "\n");
}

/** Times in milliseconds from the spawn of the process, memory in megabytes. */
export interface Start {
  readonly ready: number;
  readonly first: number;
  /** Resident memory when the workspace is read and nothing more happens. */
  readonly settled: number;
  readonly most: number;
}

/**
 * Resident memory in megabytes when the documents of {@link sideBySide} were opened and read, and some seconds after they were closed
 * unchanged.
 */
export async function memoryOfClosed(): Promise<{
  readonly open: number;
  readonly most: number;
  readonly closed: number;
}> {
  await using started = await serverThatRead([]);
  const { server } = started;
  const uris: string[] = [];
  const { documents, characters } = sideBySide;
  for (let i = 0; i < documents; i++) {
    const text = sourceOf(characters / 20, i * characters).slice(0, characters);
    uris.push(await server.open(`open${i}.js`, text));
  }
  await server.idle(mostReadingOpen);
  const open = (await server.memory()).now;
  for (const uri of uris) await server.close(uri);
  await setTimeout(untilCollected);
  const { now, most } = await server.memory();
  return { open, most, closed: now };
}

/** Starts the server in a made workspace of so many small files. */
export async function startOf(files: number): Promise<Start> {
  await using folder = await temporaryFolder();
  for (let i = 0; i < files; i++) {
    await write(join(folder.path, `folder${i % 100}`, `file${i}.js`), sourceOf(30, 30 * i));
  }
  const started: Pick<Start, "ready" | "first">[] = [];
  for (let i = 1; i < starts; i++) started.push((await startIn(folder.path)).times);
  const last = await startIn(folder.path, mostReading);
  started.push(last.times);
  const median = (of: (times: (typeof started)[number]) => number): number => quantile(started.map(of), 0.5);
  return { ready: median(({ ready }) => ready), first: median(({ first }) => first), ...last.memory };
}

async function startIn(
  folder: string,
  seconds = 0,
): Promise<{ readonly times: Pick<Start, "ready" | "first">; readonly memory: Pick<Start, "settled" | "most"> }> {
  await using storage = await temporaryFolder();
  const text = `${sourceOf(20)}export func`;
  const begin = performance.now();
  await using server = await ServerUnderTest.start(folder, storage.path);
  let ready = Number.NaN;
  const isReady = server.ready.then(() => {
    ready = performance.now() - begin;
  });
  const uri = await server.open("open.js", text);
  // Whoever asks always gets a suggestion, once there is a model.
  while ((await server.complete(uri, endOf(text), trigger.invoked)).length === 0) await new Promise(setImmediate);
  const first = performance.now() - begin;
  await isReady;
  await server.idle(seconds);
  const { now, most } = await server.memory();
  return { times: { ready, first }, memory: { settled: now, most } };
}

async function writeAll(folder: string, files: Workspace["given"]): Promise<void> {
  for (const { name, text } of files) await write(join(folder, name), text);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
