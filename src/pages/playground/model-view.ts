import { t } from "../../l10n.ts";
import type { PlaygroundModel, PlaygroundSource } from "../../server/playground-protocol.ts";
import { element } from "../page.ts";
import { button, createProblem, labelled } from "./controls.ts";
import type { Ask, KeptModel } from "./requests.ts";

/** The largest file that may be dropped: it is sent to the server as one message. */
const largestDrop = 32 * 2 ** 20;

export interface ModelView {
  readonly element: HTMLElement;
  /** Loads the model that was chosen last, such as after the server was started anew. */
  reload(): Promise<boolean>;
  /** Loads the first model. @param kept the one that the page had before a reload of the window */
  start(kept: KeptModel | undefined): Promise<void>;
  /** The model in use; undefined if it was dropped, and so can't be found again. */
  chosen(): KeptModel | undefined;
}

/** Chooses the model. @param onModel is called with each model that is loaded */
export function createModelView(ask: Ask, onModel: (model: PlaygroundModel) => void): ModelView {
  const choice = element("select", { disabled: true });
  const description = element("p", { class: "description" }, t("Loading the model…"));
  const problem = createProblem();
  const hint = element("p", { class: "muted" });
  /** By the values of the options. */
  const sources = new Map<string, PlaygroundSource>();
  let current = "default";
  let isAnyLoaded = false;

  const addOption = (value: string, label: string, source: PlaygroundSource): void => {
    if (!sources.has(value)) choice.append(element("option", { value }, label));
    sources.set(value, source);
  };
  const removeOption = (value: string): void => {
    sources.delete(value);
    for (const option of [...choice.options]) if (option.value === value) option.remove();
  };
  const show = (model: PlaygroundModel): void => {
    const isTrusted = model.sources.includes("file");
    if (model.sources.includes("workspace")) addOption("workspace", t("This workspace’s model"), { kind: "workspace" });
    description.textContent = model.description;
    open.hidden = !isTrusted;
    hint.textContent = isTrusted
      ? t("A model file can also be dropped here, with the Shift key held.")
      : t("This workspace is not trusted, so only the default model can be used.");
  };
  const load = async (value: string): Promise<boolean> => {
    const source = sources.get(value);
    if (!source) return false;
    choice.disabled = true;
    const answer = await ask("load", source);
    choice.disabled = false;
    const isLoaded = "result" in answer;
    problem.show(isLoaded ? undefined : answer.problem);
    if (isLoaded) {
      current = value;
      isAnyLoaded = true;
      show(answer.result);
      onModel(answer.result);
    } else if (!isAnyLoaded) description.textContent = "";
    choice.value = current;
    return isLoaded;
  };
  const choose = async (name: string, source: PlaygroundSource): Promise<boolean> => {
    const value = source.kind === "file" || source.kind === "bytes" ? `file ${name}` : source.kind;
    const former = sources.get(value);
    addOption(value, name, source);
    if (await load(value)) return true;
    // Another file by that name may be the one that is in use.
    if (former) sources.set(value, former);
    else removeOption(value);
    return false;
  };
  const open = button(t("Open Model File…"), async () => {
    const answer = await ask("pickFile", {});
    if ("result" in answer && answer.result) {
      const { uri, name } = answer.result;
      await choose(name, { kind: "file", uri });
    }
  });
  open.classList.add("secondary");
  open.hidden = true;

  const drop = async (file: File): Promise<void> => {
    if (file.size > largestDrop) {
      problem.show(t("{0} is larger than {1} MB. Use “Open Model File…” for it.", file.name, largestDrop / 2 ** 20));
      return;
    }
    const base64 = await base64Of(file).catch(() => undefined);
    if (base64 === undefined) problem.show(t("{0} can’t be read. Use “Open Model File…” for it.", file.name));
    else await choose(file.name, { kind: "bytes", name: file.name, base64 });
  };
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer?.files ?? [];
    if (file) void drop(file);
  });
  choice.addEventListener("change", () => void load(choice.value));
  addOption("default", t("Default model"), { kind: "default" });

  return {
    element: element(
      "section",
      {},
      element("div", { class: "controls" }, labelled(t("Model"), choice), open),
      description,
      problem.element,
      hint,
    ),
    reload: () => load(current),
    start: async (kept) => {
      if (!kept || !(await choose(kept.name, kept.source))) await load("default");
    },
    chosen: () => {
      const source = sources.get(current);
      return source && source.kind !== "bytes" ? { name: choice.selectedOptions[0]?.text ?? "", source } : undefined;
    },
  };
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
