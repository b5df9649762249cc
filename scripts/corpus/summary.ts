import type { PackageEntry } from "./manifest.ts";

interface Count {
  readonly files: number;
  readonly bytes: number;
}

type CountByLanguage = Readonly<Partial<Record<string, Count>>>;

/** What the corpus took from a package. */
export interface PackageSummary extends Pick<PackageEntry, "name" | "version" | "licence" | "split"> {
  readonly languages: CountByLanguage;
}

export type Totals = Readonly<Record<PackageEntry["split"], Count & { readonly languages: CountByLanguage }>>;

export function totalsOf(packages: readonly PackageSummary[]): Totals {
  const ofSplit = (split: PackageEntry["split"]): Totals["train"] => {
    const languages: Partial<Record<string, Count>> = {};
    const counts = packages
      .filter((candidate) => candidate.split === split)
      .flatMap((candidate) => Object.entries(candidate.languages) as [string, Count][]);
    for (const [language, count] of counts.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
      languages[language] = add(languages[language], count);
    }
    return { ...counts.map(([, count]) => count).reduce(add, none), languages };
  };
  return { train: ofSplit("train"), heldout: ofSplit("heldout") };
}

const none: Count = { files: 0, bytes: 0 };

function add(a: Count = none, b: Count): Count {
  return { files: a.files + b.files, bytes: a.bytes + b.bytes };
}

/** Files and bytes by language, in the order of the languages' names. */
export function countsOf(files: readonly { readonly language: string; readonly bytes: number }[]): CountByLanguage {
  const counts: Record<string, Count> = {};
  for (const { language, bytes } of [...files].sort((a, b) => (a.language < b.language ? -1 : 1))) {
    counts[language] = add(counts[language], { files: 1, bytes });
  }
  return counts;
}
