import { formatNumber, t } from "../../l10n.ts";
import type { Likely } from "../../server/playground-protocol.ts";

/** How a character, or a word, is called in a sentence. */
export function nameOf({ text, kind }: Pick<Likely, "text" | "kind">): string {
  if (kind === "end") return t("end of the text");
  if (kind === "unknown") return t("unknown character");
  if (kind === "byte") return t("byte {0}", text);
  if (text === "\n") return t("line break");
  if (/^ +$/.test(text)) return text.length === 1 ? t("space") : t("{0} spaces", text.length);
  if (/^\t+$/.test(text)) return text.length === 1 ? t("tab") : t("{0} tabs", text.length);
  return text.trim() === "" ? t("blank") : t("“{0}”", text);
}

/** A text on one line, such as that of a cycle. */
export function onOneLine(text: string): string {
  return text.replaceAll("\n", "⏎").replaceAll("\t", "⇥");
}

/** A probability, such as "42 %". */
export function percent(probability: number): string {
  const value = probability * 100;
  if (value >= 9.95 || value === 0) return `${Math.round(value)} %`;
  return value < 0.05 ? `< ${formatNumber(0.1)} %` : `${formatNumber(value, 1)} %`;
}

/** A number that may be below zero, such as "−0.32". */
export function signed(value: number): string {
  return formatNumber(value, 2).replace("-", "−");
}

/** What it costs to code what has this probability. */
export function bitsOf(probability: number): string {
  return t("{0} bits", formatNumber(Math.max(0, -Math.log2(probability)), 2));
}

/** The lowest probabilities of the levels by which a text is shaded. */
const levels = [0.9, 0.5, 0.2, 0.05, 0.01, 0] as const;

/** The class by which a character with a probability is shaded: level-0 is the likeliest. */
export function levelOf(probability: number): string {
  return `level-${levels.findIndex((least) => probability >= least)}`;
}

/** The levels for a legend, the likeliest first. */
export function legendOfLevels(): { readonly className: string; readonly label: string }[] {
  return levels.map((least, i) => {
    const range = least === 0 ? t("under {0} %", (levels.at(-2) ?? 0) * 100) : t("from {0} %", least * 100);
    return { className: `level-${i}`, label: range };
  });
}

/** The class by which a character is coloured by a hidden unit: from unit-minus-4 to unit-plus-4. */
export function activationClass(value: number): string {
  const step = Math.max(-4, Math.min(4, Math.round(value * 4)));
  return step === 0 ? "unit-0" : `unit-${step < 0 ? "minus" : "plus"}-${Math.abs(step)}`;
}
