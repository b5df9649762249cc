import { t } from "../l10n.ts";
/** A duration in words: "40 s", "2 min 5 s". */
export function timeLeft(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? t("{0} s", whole) : t("{0} min {1} s", Math.floor(whole / 60), whole % 60);
}
