import { formatNumber, t } from "../l10n.ts";
import type { ExplainedCharacter, ExplainedRepeat, ExplainedSuggestion, SilenceReason } from "../server/protocol.ts";
import { codeOf, tableOf } from "./markdown.ts";
import { eagernessName } from "./presence.ts";

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
/** The longest repeat that is counted. */
const longestRepeat = 63;

/** The page that explains a suggestion or a silence, in Markdown. */
export function explanationPage(explanation: ExplainedSuggestion, place: ExplainedPlace): string {
  const { suggestion, before, characters, silence } = explanation;
  const isShown = silence === undefined && place.own === undefined && suggestion !== undefined;
  const file = codeOf(place.file);
  const parts = [
    `# ${isShown ? t("Why this suggestion?") : t("Why is Murmur silent here?")}`,
    before.trim() === ""
      ? t("Line {0} of {1}.", place.line, file)
      : t("Line {0} of {1}, after {2}.", place.line, file, codeOf(tail(before))),
    isShown ? shownWords(explanation, suggestion) : silentWords(explanation, place),
    ...(characters.length > 0 ? [charactersPart(explanation, isShown), repeatsPart(explanation, place), legend()] : []),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function shownWords(
  { suggestion = "", characters, shown, best, eagerness, wrongCost }: ExplainedSuggestion,
  text = suggestion,
): string {
  const last = characters[shown - 1];
  const first = t("Murmur suggests {0}.", codeOf(text));
  if (!last) return first;
  const chance =
    shown === 1
      ? t("It takes this character to be right with a probability of {0}.", percent(last.together))
      : t("It takes all {0} characters to be right with a probability of {1}.", shown, percent(last.together));
  if (best !== shown) return `${first} ${chance} ${t("It was already there, and stays while you type along it.")}`;
  const weighed = t(
    "Showing this is expected to save {0} keystrokes, where reading and accepting it costs 2, and a wrong suggestion is taken to cost {1} (eagerness: {2}). No other length saves more.",
    formatNumber(last.saving, 1),
    formatNumber(wrongCost),
    eagernessName(eagerness),
  );
  return `${first} ${chance} ${weighed} ${endWords(characters.slice(shown))}`.trim();
}

/** Why a suggestion ends where it does. @param following what was looked at after it */
function endWords(following: readonly ExplainedCharacter[]): string {
  if (following.length === 0) return "";
  const [first, ...others] = following.slice(0, mostFollowing);
  const least = others.reduce((worst, one) => (one.probability < (worst?.probability ?? 1) ? one : worst), first);
  return least && least.probability < sure
    ? t(
        "It goes no further because what follows is less sure: {0} has a probability of {1}.",
        codeOf(least.text),
        percent(least.probability),
      )
    : t("What follows would save nothing more.");
}

function silentWords(explanation: ExplainedSuggestion, { own, language }: ExplainedPlace): string {
  const { suggestion, silence } = explanation;
  const why = own === undefined ? reasonWords(silence ?? "unsure") : ownReasonWords(own, language);
  const otherwise = suggestion === undefined ? "" : `\n\n${t("Otherwise it would suggest {0}.", codeOf(suggestion))}`;
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
  const likeliest = characters.length === 0 ? "" : t("The likeliest text is {0}.", codeOf(text));
  return `${likeliest} ${obstacleWords(most, wrongCost, eagerness)}`.trim();
}

/** @param most the place at which the text could end that would save most */
function obstacleWords(
  most: ExplainedCharacter | undefined,
  wrongCost: number,
  eagerness: ExplainedSuggestion["eagerness"],
): string {
  if (!most) return t("There is no place at which it could end.");
  if (most.saving <= 0)
    return t(
      "Wherever it ended, it would cost more attention than it saves: at best {0} keystrokes, since at eagerness {1}, a wrong suggestion is taken to cost {2} keystrokes. *Murmur: Set Eagerness* changes that.",
      signed(most.saving),
      eagernessName(eagerness),
      formatNumber(wrongCost),
    );
  if (most.verdict === "in-word")
    return t(
      "It would be cut within a word that probably goes on, and you would have to look at the word and finish it.",
    );
  return t(
    "It is likely enough as a whole, but its beginning is not: with some more keys typed, Murmur will know better, and it waits for them.",
  );
}

function reasonWords(reason: SilenceReason): string {
  switch (reason) {
    case "not-open":
      return t("Murmur has not received this document yet. Try again in a moment.");
    case "no-model":
      return t("There is no model yet. Murmur: Show Log says what it is waiting for.");
    case "off":
      return t("Completions are switched off, by murmur.enabled.");
    case "excluded":
      return t("This file is excluded, by murmur.exclude.");
    case "commit-messages":
      return t("Suggestions for commit messages are switched off, by murmur.commitMessages.");
    case "scope":
      return t(
        "Suggestions are switched off in this part of the text (a comment, a string or prose), by murmur.scopes.",
      );
    case "cursors":
      return t("There are several cursors, and nothing is likely at all of them.");
    case "deleting":
      return t("The last edit deleted something. Murmur waits until you type again.");
    case "dismissed":
      return t(
        "You dismissed this suggestion on this line. It comes back when you edit another line, or ask for it with Trigger Inline Suggestion.",
      );
    case "cancelled":
      return t("The text changed meanwhile. Run the command again.");
    case "inside-character":
      return t("The cursor is inside a character that consists of several, or inside a line end.");
    case "unread":
      return t("The text before the cursor is still being read. Try again in a moment.");
    case "foreign":
      return t("The document is empty, and all that Murmur has read is in other languages.");
    case "text-follows":
      return t("Text follows right of the cursor, and nothing likely leads to it.");
    case "already-below":
      return t("What comes next is already there, in the lines below.");
    case "line-ends":
      return t("Murmur expects the line to end here.");
    case "unsure":
      return t("Nothing is likely enough to be worth a look.");
  }
}

function ownReasonWords(reason: OwnSilence, language: string): string {
  switch (reason) {
    case "language-off":
      return t(
        "Completions are switched off for {0}. Murmur: Toggle Completions for This Language switches them on.",
        language,
      );
    case "snoozed":
      return t("Murmur is snoozed. Murmur: End Snooze wakes it.");
    case "selecting":
      return t("Something is selected.");
  }
}

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
    `${t("probability")}:`,
    `${t("network alone")}:`,
    t("or else"),
    t("local model"),
    `${t("all so far")}:`,
    `${t("saves")}:`,
    t("an end here"),
  ];
  return `## ${t("Character by character")}\n\n${tableOf(columns, rows)}`;
}

function contextWords({ context, repeat }: ExplainedCharacter): string {
  const strongest = context ? strongestWords(context) : "";
  const repeated = repeat?.isRight ? repeatedWords(repeat.length) : "";
  return [strongest, repeated].filter((one) => one !== "").join("; ");
}

function strongestWords({ probability, name, isHere }: NonNullable<ExplainedCharacter["context"]>): string {
  const shown = percent(probability);
  if (isHere === undefined) return t("{0} after {1}", shown, name);
  return isHere ? t("{0} after {1}, here", shown, name) : t("{0} after {1}, elsewhere", shown, name);
}

function repeatedWords(length: number): string {
  if (length >= longestRepeat) return t("repeats {0} characters or more", length);
  return length === 1 ? t("repeats 1 character") : t("repeats {0} characters", length);
}

function verdictWords({ verdict, together, bar }: ExplainedCharacter): string {
  switch (verdict) {
    case "not-here":
      return t("not allowed");
    case "in-word":
      return t("word goes on");
    case "wait":
      return t("waits: {0} is below {1}", percent(together), percent(Math.min(bar, 1)));
    case "costs":
      return t("costs");
    case "saves":
      return t("saves");
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
      ? t("this document")
      : repeat.name === undefined
        ? t("a text that is still being read, or is known no more")
        : codeOf(shownName(repeat.name)),
    repeat.line === undefined ? t("not saved yet") : String(repeat.line),
    codeOf(repeat.text),
  ]);
  const columns = ["", t("in"), `${t("line")}:`, t("which says")];
  return `## ${t("Where the text was seen before")}\n\n${tableOf(columns, rows)}`;
}

/** What the columns mean. */
function legend(): string {
  return [
    `## ${t("How to read this")}`,
    t(
      "Murmur writes one character at a time. For each, a neural network that has read much code gives every possible character a probability, and so does a local model that has read your workspace and what you typed. Both are mixed.",
    ),
    [
      t("- **probability**: of the character, by both together, if all before it is right."),
      t("- **network alone**: what the network gives it without the local model."),
      t("- **or else**: the likeliest other character."),
      t(
        "- **local model**: what makes the character likeliest there, by itself, and whether that was seen last here, in this document, or elsewhere; and how much of the text before the character is the same as in a line that was read.",
      ),
      t("- **all so far**: the probability that the suggestion is right up to this character."),
      t(
        "- **saves**: the keystrokes that showing it up to here is expected to save, less a glance, a key, and the risk that it is wrong.",
      ),
      t("- **an end here**: whether the suggestion may end here, and would save something."),
    ].join("\n"),
    t(
      "Murmur shows the length that saves most. Where it is better to wait for one more key, or a word would be cut, it does not end.",
    ),
  ].join("\n\n");
}

/** The end of a line, which is enough to find the place. */
function tail(before: string): string {
  const text = before.trimStart();
  return text.length <= 60 ? text : `…${text.slice(-60)}`;
}

function percent(probability: number): string {
  const value = 100 * probability;
  if (value > 0 && value < 0.1) return `<\u00a0${formatNumber(0.1)}\u00a0%`;
  const tenths = value >= 99 || value < 10 ? Math.round(10 * value) / 10 : Math.round(value);
  return `${formatNumber(tenths)}\u00a0%`;
}

function signed(value: number): string {
  return `${value < 0 ? "−" : ""}${formatNumber(Math.abs(value), 1)}`;
}
