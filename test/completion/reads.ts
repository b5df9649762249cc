import type { LanguageModel } from "../../src/model/language-model.ts";

/** The model, and the number of tokens of each call of its `read`, in order. */
export function countingReads(model: LanguageModel): { counted: LanguageModel; reads: number[] } {
  const reads: number[] = [];
  const counted = new Proxy(model, {
    get(target, name) {
      if (name === "read") {
        return (...[state, tokens]: Parameters<LanguageModel["read"]>) => {
          reads.push(tokens.length);
          return target.read(state, tokens);
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { counted, reads };
}
