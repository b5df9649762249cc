import { t } from "../../l10n.ts";
import type { PlaygroundModel, PlaygroundText, WriteResult, WrittenPiece } from "../../server/playground-protocol.ts";
import { element } from "../page.ts";
import { button, createProblem, labelled, numberIn, section } from "./controls.ts";
import type { Ask } from "./requests.ts";
import { levelOf, nameOf, onOneLine, percent } from "./wording.ts";

/** The most that is written, in characters or words. */
const longest = 1_000;
/** As much as greedy decoding mostly needs to fall into a cycle. */
const usualLength = 300;
/** How much is asked for at once: little, so that it can be watched and stopped. */
const atOnce = 5;

export interface WritingView {
  readonly element: HTMLElement;
  /** Forgets what was written, for the text before it or the model is another. */
  clear(): void;
  /** Names what the model writes. */
  use(model: PlaygroundModel): void;
}

/** Writes on, greedily and by sampling side by side. @param prompt what is gone on from */
export function createWritingView(
  ask: Ask,
  prompt: () => PlaygroundText & { readonly temperature: number },
): WritingView {
  const length = element("input", { type: "number", min: 1, max: longest, value: usualLength });
  const topK = element("input", { type: "number", min: 1, max: 256, placeholder: t("all") });
  const topP = element("input", { type: "number", min: 0.01, max: 1, step: 0.01, placeholder: t("all") });
  const seed = element("input", { type: "number", min: 0, max: 2 ** 32 - 1, value: 1 });
  const lengthLabel = element("span", {}, t("Characters"));
  const problem = createProblem();
  const cycleNote = element("p", { role: "status" });
  const greedy = createColumn(t("Greedy"), t("Always the likeliest: temperature 0"));
  const sampled = createColumn(t("Sampled"), t("Drawn at the temperature above, with top-k, top-p and seed"));
  let written = 0;
  let running: AbortController | undefined;

  const clear = (): void => {
    running?.abort();
    written = 0;
    greedy.clear();
    sampled.clear();
    cycleNote.textContent = "";
    problem.show(undefined);
    showButtons(false);
  };
  const showCycle = (cycle: WriteResult["cycle"]): void => {
    greedy.mark(cycle);
    const text = cycle ? greedy.text().slice(cycle.start, cycle.start + cycle.unit) : "";
    cycleNote.textContent = cycle
      ? t(
          "Greedy decoding has fallen into a cycle: from character {0} on it repeats “{1}”.",
          cycle.start + 1,
          onOneLine(text),
        )
      : "";
  };
  const writeMore = async (count: number): Promise<void> => {
    running?.abort();
    const control = new AbortController();
    running = control;
    showButtons(true);
    const [k, p] = [numberIn(topK), numberIn(topP)];
    const fixed = {
      ...prompt(),
      seed: numberIn(seed) ?? 1,
      ...(k !== undefined && { topK: k }),
      ...(p !== undefined && { topP: p }),
    };
    const end = Math.min(longest, written + count);
    while (written < end && !control.signal.aborted) {
      const part = Math.min(atOnce, end - written);
      const answer = await ask("write", { ...fixed, from: written, length: part }, control.signal);
      if ("problem" in answer) {
        problem.show(answer.problem);
        break;
      }
      written += part;
      greedy.add(answer.result.greedy);
      sampled.add(answer.result.sampled);
      showCycle(answer.result.cycle);
    }
    if (running === control) stop();
  };
  const stop = (): void => {
    running?.abort();
    running = undefined;
    showButtons(false);
  };
  const writeButton = button(t("Write"), () => {
    if (written >= longest) clear();
    void writeMore(numberIn(length) ?? usualLength);
  });
  const stepButton = button(t("Step"), () => void writeMore(1), "secondary");
  const stopButton = button(t("Stop"), () => stop(), "secondary");
  const clearButton = button(t("Start Over"), () => clear(), "secondary");
  const showButtons = (isRunning: boolean): void => {
    writeButton.hidden = isRunning;
    stepButton.hidden = isRunning || written >= longest;
    stopButton.hidden = !isRunning;
    clearButton.hidden = isRunning || written === 0;
  };
  // What is written further would not be what these ask for.
  for (const field of [topK, topP, seed]) field.addEventListener("change", clear);
  showButtons(false);

  return {
    element: section(
      t("How it writes"),
      element("p", { class: "muted" }, t("Each character that is chosen is read, and predicts the next one.")),
      element(
        "div",
        { class: "controls" },
        element("label", { class: "labelled" }, lengthLabel, length),
        labelled(t("Top-k"), topK),
        labelled(t("Top-p"), topP),
        labelled(t("Seed"), seed),
        writeButton,
        stepButton,
        stopButton,
        clearButton,
      ),
      problem.element,
      cycleNote,
      element("div", { class: "columns" }, greedy.element, sampled.element),
    ),
    clear,
    use: ({ tokenizer }) => {
      lengthLabel.textContent = tokenizer === "word" ? t("Words") : t("Characters");
      clear();
    },
  };
}

function createColumn(title: string, explanation: string) {
  const text = element("pre", { class: "written", role: "region", tabindex: 0, "aria-label": title });
  return {
    element: element("div", {}, element("h3", {}, title), element("p", { class: "muted" }, explanation), text),
    text: () => text.textContent ?? "",
    clear: () => text.replaceChildren(),
    add: (pieces: readonly WrittenPiece[]) => {
      const isAtEnd = text.scrollTop + text.clientHeight >= text.scrollHeight - 4;
      for (const { text: piece, probability } of pieces) {
        const title = `${nameOf({ text: piece })}, ${percent(probability)}`;
        text.append(element("span", { class: levelOf(probability), title }, piece));
      }
      if (isAtEnd) text.scrollTop = text.scrollHeight;
    },
    /** Marks each repetition of a cycle. */
    mark: (cycle: WriteResult["cycle"]) => {
      let at = 0;
      for (const span of text.children) {
        const into = cycle ? at - cycle.start : -1;
        span.classList.toggle("cycle", into >= 0);
        span.classList.toggle("cycle-start", cycle !== undefined && into >= 0 && into % cycle.unit === 0);
        at += span.textContent?.length ?? 0;
      }
    },
  };
}
