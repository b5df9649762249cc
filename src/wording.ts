/** A file's name on one line: control characters, which a name may hold, would act on the terminal. */
export function printable(name: string): string {
  return name.replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** "1 file" or "3 files". */
export function filesOf(count: number): string {
  return count === 1 ? "1 file" : `${count.toLocaleString("en")} files`;
}
