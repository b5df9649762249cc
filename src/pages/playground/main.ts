// This must come first.
import "../language.ts";
import { formatNumber, t } from "../../l10n.ts";
import type { PlaygroundModel, PlaygroundText } from "../../server/playground-protocol.ts";
import { element, pageElement } from "../page.ts";
import { createProblem, labelled, section } from "./controls.ts";
import { createModelView } from "./model-view.ts";
import { createNextView, temperaturesWith } from "./next-view.ts";
import { createReadingView } from "./reading-view.ts";
import { connectRequests } from "./requests.ts";
import { createUnitsView } from "./units-view.ts";
import { createWritingView } from "./writing-view.ts";

const firstPrompt = `// Adds up what is in the cart.
function total(cart) {
  let sum = 0;
  for (const item of cart.items) {
    if (item.kind === "gift") continue;
    sum += item.price * item.count;
  }
  return sum;
}

// Says what is in the cart.
function describe(cart) {
  const names = cart.items.map((item) => "- " + item.name);
  return names.join("\\n");
}

function `;

/** Milliseconds without a keystroke after which a changed prompt is read. */
const pause = 150;

const { ask, kept, keep } = connectRequests();
const prompt = element("textarea", { rows: 12, spellcheck: "false" }, kept?.prompt ?? firstPrompt);
const condition = element("textarea", { rows: 1, spellcheck: "false" });
const conditionLabel = element("span");
const conditionField = element("label", { class: "labelled block", hidden: true }, conditionLabel, condition);
const temperature = element("input", { type: "range", min: 0, max: 2, step: 0.05, value: kept?.temperature ?? 0.8 });
const temperatureShown = element("output", {}, formatNumber(temperature.valueAsNumber));
const problem = createProblem();
let model: PlaygroundModel | undefined;
let asking = new AbortController();
let timer: number | undefined;

/** What is typed and chosen is there again after a reload of the window. */
const keepAll = (): void =>
  keep({ prompt: prompt.value, temperature: temperature.valueAsNumber, model: models.chosen() });

const textNow = (): PlaygroundText => ({ text: prompt.value, condition: condition.value });

const reading = createReadingView();
const next = createNextView(labelled(t("Temperature"), temperature, temperatureShown), (text) => {
  prompt.value += text;
  prompt.scrollTop = prompt.scrollHeight;
  changed(0);
});
const writing = createWritingView(ask, () => ({ ...textNow(), temperature: temperature.valueAsNumber }));
const units = createUnitsView(ask, textNow);
const models = createModelView(ask, use);

/** Takes a model that was loaded. */
function use(loaded: PlaygroundModel): void {
  model = loaded;
  const words = conditionWords(loaded);
  conditionField.hidden = words === undefined;
  conditionLabel.textContent = words ?? "";
  condition.value = "";
  for (const view of [next, writing]) view.element.hidden = loaded.task === "many-to-one";
  for (const view of [reading, units]) view.element.hidden = false;
  writing.use(loaded);
  units.use(loaded);
  changed(0);
}

function conditionWords({ task }: PlaygroundModel): string | undefined {
  if (task === "one-to-many") return t("Path of the file, which the model knows before its first character");
  if (task === "sequence-to-sequence") return t("Text after the gap, towards which the model writes");
  return undefined;
}

/** Reads the prompt anew, after so many milliseconds. */
function changed(after: number): void {
  keepAll();
  writing.clear();
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void show(signal), after);
}

async function show(signal: AbortSignal): Promise<void> {
  if (!model) return;
  const answer = await ask("read", textNow(), signal);
  if ("problem" in answer) {
    // The server was started anew: the text is read again when it has the model, or else the model's part says why not.
    if (answer.isUnloaded) await models.reload();
    else problem.show(answer.problem);
    return;
  }
  problem.show(undefined);
  reading.show(answer.result, model);
  if (model.task !== "many-to-one") await showNext(signal);
  await units.show(answer.result, signal);
}

async function showNext(signal: AbortSignal): Promise<void> {
  const chosen = temperature.valueAsNumber;
  const answer = await ask("next", { ...textNow(), temperatures: temperaturesWith(chosen) }, signal);
  if ("result" in answer) next.show(answer.result, chosen);
}

prompt.addEventListener("input", () => changed(pause));
condition.addEventListener("input", () => changed(pause));
temperature.addEventListener("input", () => {
  temperatureShown.textContent = formatNumber(temperature.valueAsNumber);
  keepAll();
  writing.clear();
  void showNext(asking.signal);
});

for (const view of [reading, next, writing, units]) view.element.hidden = true;
pageElement().append(
  element("h1", {}, t("Playground")),
  element(
    "p",
    { class: "muted" },
    t(
      "How a recurrent network reads a text and writes one, a character at a time. Everything is computed on this machine.",
    ),
  ),
  models.element,
  element(
    "div",
    { class: "columns" },
    element(
      "div",
      {},
      section(
        t("Prompt"),
        element("label", { class: "labelled block" }, t("What the model reads"), prompt),
        conditionField,
        problem.element,
      ),
      reading.element,
    ),
    next.element,
  ),
  writing.element,
  units.element,
);
void models.start(kept?.model);
