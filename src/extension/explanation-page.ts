import type { ExplainedCharacter, ExplainedRepeat, ExplainedSuggestion, SilenceReason } from "../server/protocol.ts";
import { codeOf, tableOf } from "./markdown.ts";

/** Why the extension itself asks the server for nothing. */
export type OwnSilence = "language-off" | "snoozed" | "selecting";

export interface ExplainedPlace {
  /** The document, as the editor shows it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly language: string;
  /** Why the extension asks for nothing; undefined: it does. */
  readonly own?: OwnSilence | undefined;
  /** How the editor shows the name of another text: a path, or a document's URI. */
  readonly shownName: (name: string) => string;
}

/** How many characters after a suggestion are shown. */
const mostFollowing = 10;
/** A character of this probability is not what ends a suggestion. */
const sure = 0.9;

/** The page that explains a suggestion or a silence, in Markdown. */
export function explanationPage(explanation: ExplainedSuggestion, place: ExplainedPlace): string {
  const { suggestion, before, characters, silence } = explanation;
  const isShown = silence === undefined && place.own === undefined && suggestion !== undefined;
  const where = `Line ${place.line} of ${codeOf(place.file)}${before.trim() === "" ? "" : `, after ${codeOf(tail(before))}`}`;
  const parts = [
    `# ${isShown ? "Why this suggestion?" : "Why is Murmur silent here?"}`,
    `${where}.`,
    isShown ? shownWords(explanation, suggestion) : silentWords(explanation, place),
    ...(characters.length > 0 ? [charactersPart(explanation, isShown), repeatsPart(explanation, place), legend] : []),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function shownWords(
  { suggestion = "", characters, shown, best, eagerness, wrongCost }: ExplainedSuggestion,
  text = suggestion,
): string {
  const last = characters[shown - 1];
  const first = `Murmur suggests ${codeOf(text)}.`;
  if (!last) return first;
  const chance = `It takes all ${countOf(shown, "character")} to be right with a probability of ${percent(last.together)}.`;
  if (best !== shown) return `${first} ${chance} It was already there, and stays while you type along it.`;
  const weighed = `Showing them is expected to save ${keystrokes(last.saving)}, where reading and accepting them costs 2, and a wrong suggestion is taken to cost ${wrongCost} (eagerness: ${eagerness}). No other length saves more.`;
  return `${first} ${chance} ${weighed}${endWords(characters.slice(shown))}`;
}

/** Why a suggestion ends where it does. @param following what was looked at after it */
function endWords(following: readonly ExplainedCharacter[]): string {
  if (following.length === 0) return "";
  const [first, ...others] = following.slice(0, mostFollowing);
  const least = others.reduce((worst, one) => (one.probability < (worst?.probability ?? 1) ? one : worst), first);
  return least && least.probability < sure
    ? ` It goes no further because what follows is less sure: ${codeOf(least.text)} has a probability of ${percent(least.probability)}.`
    : " What follows would save nothing more.";
}

function silentWords(explanation: ExplainedSuggestion, { own, language }: ExplainedPlace): string {
  const { suggestion, silence } = explanation;
  const why = own === undefined ? reasons[silence ?? "unsure"] : ownReasons[own](language);
  const otherwise = suggestion === undefined ? "" : `\n\nOtherwise it would suggest ${codeOf(suggestion)}.`;
  return `**${why}**${silence === "unsure" && own === undefined ? `\n\n${unsureWords(explanation)}` : otherwise}`;
}

/** Which of the gate's rules keeps the likeliest text back. */
function unsureWords({ characters, wrongCost, eagerness }: ExplainedSuggestion): string {
  const ends = characters.filter(({ verdict }) => verdict !== "not-here");
  const most = ends.reduce<ExplainedCharacter | undefined>(
    (best, one) => (best === undefined || one.saving > best.saving ? one : best),
    undefined,
  );
  const text = characters.map(({ text }) => text).join("");
  const likeliest = characters.length === 0 ? "" : `The likeliest text is ${codeOf(text)}. `;
  const cost = `at eagerness ${eagerness}, a wrong suggestion is taken to cost ${wrongCost} keystrokes`;
  if (!most) return `${likeliest}There is no place at which it could end.`;
  if (most.saving <= 0)
    return `${likeliest}Wherever it ended, it would cost more attention than it saves: at best ${signed(most.saving)} keystrokes, since ${cost}. *Murmur: Set Eagerness* changes that.`;
  if (most.verdict === "in-word")
    return `${likeliest}It would be cut within a word that probably goes on, and you would have to look at the word and finish it.`;
  return `${likeliest}It is likely enough as a whole, but its beginning is not: with some more keys typed, Murmur will know better, and it waits for them.`;
}

const reasons: Readonly<Record<SilenceReason, string>> = {
  "not-open": "Murmur has not received this document yet. Try again in a moment.",
  "no-model": "There is no model yet. Murmur: Show Log says what it is waiting for.",
  off: "Completions are switched off, by murmur.enabled.",
  excluded: "This file is excluded, by murmur.exclude.",
  "commit-messages": "Suggestions for commit messages are switched off, by murmur.commitMessages.",
  scope: "Suggestions are switched off in this part of the text (a comment, a string or prose), by murmur.scopes.",
  cursors: "There are several cursors, and nothing is likely at all of them.",
  deleting: "The last edit deleted something. Murmur waits until you type again.",
  dismissed:
    "You dismissed this suggestion on this line. It comes back when you edit another line, or ask for it with Trigger Inline Suggestion.",
  cancelled: "The text changed meanwhile. Run the command again.",
  "inside-character": "The cursor is inside a character that consists of several, or inside a line end.",
  unread: "The text before the cursor is still being read. Try again in a moment.",
  foreign: "The document is empty, and all that Murmur has read is in other languages.",
  "text-follows": "Text follows right of the cursor, and nothing likely leads to it.",
  "already-below": "What comes next is already there, in the lines below.",
  "line-ends": "Murmur expects the line to end here.",
  unsure: "Nothing is likely enough to be worth a look.",
};

const ownReasons: Readonly<Record<OwnSilence, (language: string) => string>> = {
  "language-off": (language) =>
    `Completions are switched off for ${language}. Murmur: Toggle Completions for This Language switches them on.`,
  snoozed: () => "Murmur is snoozed. Murmur: End Snooze wakes it.",
  selecting: () => "Something is selected.",
};

function charactersPart({ characters, shown }: ExplainedSuggestion, isShown: boolean): string {
  const count = isShown ? shown + mostFollowing : characters.length;
  const rows = characters
    .slice(0, count)
    .map((one, i) => [
      isShown && i < shown ? `**${codeOf(one.text)}**` : codeOf(one.text),
      percent(one.probability),
      one.network === undefined ? "" : percent(one.network),
      one.other ? `${codeOf(one.other.text)} ${percent(one.other.probability)}` : "",
      contextWords(one),
      percent(one.together),
      signed(one.saving),
      verdictWords(one),
    ]);
  const columns = [
    "",
    "probability:",
    "network alone:",
    "or else",
    "local model",
    "all so far:",
    "saves:",
    "an end here",
  ];
  return `## Character by character\n\n${tableOf(columns, rows)}`;
}

function contextWords({ context, repeat }: ExplainedCharacter): string {
  const where = context?.isHere === undefined ? "" : context.isHere ? ", here" : ", elsewhere";
  const strongest = context ? `${percent(context.probability)} after ${context.name}${where}` : "";
  const repeated = repeat?.isRight
    ? `repeats ${countOf(repeat.length, "character")}${repeat.length >= 63 ? " or more" : ""}`
    : "";
  return [strongest, repeated].filter((one) => one !== "").join("; ");
}

function verdictWords({ verdict, together, bar }: ExplainedCharacter): string {
  switch (verdict) {
    case "not-here":
      return "not allowed";
    case "in-word":
      return "word goes on";
    case "wait":
      return `waits: ${percent(together)} is below ${percent(Math.min(bar, 1))}`;
    case "costs":
      return "costs";
    case "saves":
      return "saves";
  }
}

/** The lines that the longest repeats are from, each once. */
function repeatsPart({ characters }: ExplainedSuggestion, { shownName }: ExplainedPlace): string {
  const found = new Map<string, { readonly repeat: ExplainedRepeat; text: string }>();
  for (const { repeat, text } of characters) {
    if (!repeat?.isRight) continue;
    const key = JSON.stringify([repeat.name, repeat.line, repeat.text]);
    const known = found.get(key) ?? { repeat, text: "" };
    found.set(key, { ...known, text: known.text + text });
  }
  if (found.size === 0) return "";
  const rows = [...found.values()].map(({ repeat, text }) => [
    codeOf(text),
    repeat.isHere
      ? "this document"
      : repeat.name === undefined
        ? "a text that is still being read, or is known no more"
        : codeOf(shownName(repeat.name)),
    repeat.line === undefined ? "not saved yet" : String(repeat.line),
    codeOf(repeat.text),
  ]);
  return `## Where the text was seen before\n\n${tableOf(["", "in", "line:", "which says"], rows)}`;
}

const legend = `## How to read this

Murmur writes one character at a time. For each, a neural network that has read much code gives every possible character a
probability, and so does a local model that has read your workspace and what you typed. Both are mixed.

- **probability**: of the character, by both together, if all before it is right.
- **network alone**: what the network gives it without the local model.
- **or else**: the likeliest other character.
- **local model**: what makes the character likeliest there, by itself, and whether that was seen last here, in this document, or
  elsewhere; and how much of the text before the character is the same as in a line that was read.
- **all so far**: the probability that the suggestion is right up to this character.
- **saves**: the keystrokes that showing it up to here is expected to save, less a glance, a key, and the risk that it is wrong.
- **an end here**: whether the suggestion may end here, and would save something.

Murmur shows the length that saves most. Where it is better to wait for one more key, or a word would be cut, it does not end.`;

/** The end of a line, which is enough to find the place. */
function tail(before: string): string {
  const text = before.trimStart();
  return text.length <= 60 ? text : `…${text.slice(-60)}`;
}

function percent(probability: number): string {
  const value = 100 * probability;
  if (value > 0 && value < 0.1) return "<\u00a00.1\u00a0%";
  const digits = value >= 99 || value < 10 ? value.toFixed(1).replace(/\.0$/, "") : value.toFixed(0);
  return `${digits}\u00a0%`;
}

function signed(value: number): string {
  return value < 0 ? `−${Math.abs(value).toFixed(1)}` : value.toFixed(1);
}

function keystrokes(value: number): string {
  return `${value.toFixed(1)} keystrokes`;
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
