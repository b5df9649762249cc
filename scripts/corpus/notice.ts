import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { PackageEntry } from "./manifest.ts";
import { digest, pathsOf } from "./paths.ts";

const licenceFile =
  /^(?!.*\.(c|h|js|ts|py|go|rs|rb|java|html|json|xml)$)((un)?licen[cs]e|copying|copyright|notice)([-_.][\w-]+)?(\.(md|txt|rst))?$/i;
/** Of one package; those nearest to its top say what holds for most of it. */
const mostFiles = 4;
const mostHolders = 12;
const longestText = 20_000;

/** The licence files of an extracted package, those nearest to its top first. */
export async function licenceFiles(folder: string): Promise<string[]> {
  const depth = (path: string): number => path.split("/").length;
  const found = (await pathsOf(folder)).filter((path) => licenceFile.test(basename(path)));
  return found.sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}

/** The attributions that the licences of the corpus ask for: who holds the copyright of each package, and each licence's text once. */
export class Notice {
  readonly #packages: string[] = [];
  /** Licences by their text. */
  readonly #texts = new Map<string, string>();

  async add({ name, version, licence, split }: PackageEntry, folder: string): Promise<void> {
    const holders = new Set<string>();
    const labels = new Set<string>();
    for (const path of (await licenceFiles(folder)).slice(0, mostFiles)) {
      const text = (await readFile(join(folder, path), "utf8")).replace(/\r\n?/g, "\n").replace(/[^\P{Cc}\n\t]/gu, "");
      for (const line of text.match(/^.*\bcopyright\b.*\d{4}.*$/gim) ?? []) holders.add(withoutMarks(line));
      const terms = termsOf(text);
      if (terms.length < 200 || terms.length > longestText) continue;
      const label = digest(wordingOf(terms)).slice(0, 8);
      this.#texts.set(label, this.#texts.get(label) ?? terms);
      labels.add(label);
    }
    const shown = [...holders].slice(0, mostHolders);
    const terms = labels.size > 0 ? `; ${[...labels].map((label) => `[${label}]`).join(" ")}` : "";
    const heldOut = split === "heldout" ? ", held out" : "";
    this.#packages.push(
      [`${name} ${version}${heldOut}: ${licence}${terms}`, ...shown.map((line) => `  ${line}`)].join("\n"),
    );
  }

  toString(): string {
    const texts = [...this.#texts].map(([label, text]) => `[${label}]\n\n${text}`);
    return `The default model was trained on text of these packages; on those that are held out, it was measured and its mixing weights were
fitted. Each is followed by its licence and, as far as its archive says, by the marks of the licences' texts, which stand below, and
the holders of its copyright. Where there is no mark, the licence's standard text applies.

${this.#packages.join("\n")}

${texts.join(`\n\n${"-".repeat(80)}\n\n`)}
`;
  }
}

/** Lines that name the holders of the copyright, which differ between packages, or say where Debian had the package from. */
const ofPackage = /\bcopyright\b.*\d{4}|all rights reserved\.?\s*$|^(source|upstream-\w+):|downloaded from|\bpypi\b/i;

/** A licence's text without what is a package's own. */
function termsOf(text: string): string {
  const lines = text.split("\n").filter((line) => !ofPackage.test(line));
  return lines
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** What is the same in two copies of a licence that are laid out differently, or have another example of a notice after the end. */
function wordingOf(terms: string): string {
  const [text = ""] = terms.split("END OF TERMS AND CONDITIONS");
  return text.toLowerCase().replace(/[^a-z]/g, "");
}

function withoutMarks(line: string): string {
  return line.replace(/^[\s*#/;.-]+/, "").trim();
}
