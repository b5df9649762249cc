import { boundaryBefore } from "../../src/boundary.ts";
import type { TextLike } from "../../src/evaluation/engine-under-test.ts";
import type { Workspace } from "./workspaces.ts";

/** What was read of a workspace before its held-out files. */
export const conditions = ["the rest given", "nothing given"] as const;

export type Condition = (typeof conditions)[number];

/** What may be read before in a condition. */
export function givenIn(condition: Condition, { given }: Pick<Workspace, "given">): readonly TextLike[] {
  return condition === "the rest given" ? given : [];
}

/** The beginnings of some files. */
export function beginnings(files: readonly TextLike[], limit: number): TextLike[] {
  return files.map(({ name, text }) => ({
    name,
    text: text.slice(0, boundaryBefore(text, Math.min(limit, text.length))),
  }));
}
