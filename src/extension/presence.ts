import type { Status } from "../server/protocol.ts";

/** The state of the server, or that there is none. */
export type ServerState = Status | { readonly state: "off" } | { readonly state: "starting" };

/** What Murmur does in the active editor. */
export interface Presence {
  readonly server: ServerState;
  /** When the snooze ends, if there is one. */
  readonly snoozedUntil?: Date | undefined;
  /** The document of the active editor, if Murmur knows documents of its kind. */
  readonly document?: ActiveDocument | undefined;
  readonly hasFolder: boolean;
  readonly isTrusted: boolean;
  /** What suggestions saved, in a sentence. */
  readonly saved?: string | undefined;
}

export interface ActiveDocument {
  readonly languageId: string;
  /** Its language, as the editor shows it. */
  readonly language: string;
  readonly isLanguageOn: boolean;
  /** Whether `murmur.exclude` excludes its file. */
  readonly isExcluded: boolean;
  /** Its path in a workspace folder; undefined if it is in none. */
  readonly path: string | undefined;
}

export interface MenuItem {
  /** A codicon's name. */
  readonly icon: string;
  readonly label: string;
  readonly detail?: string;
  readonly command: string;
}

export interface Appearance {
  /** A codicon's name. */
  readonly icon: string;
  readonly label: string;
  /** In a few words. */
  readonly summary: string;
  readonly details: readonly string[];
  /** What the user may want to do about it. */
  readonly actions: readonly MenuItem[];
  readonly isWarning?: boolean;
  readonly isBusy?: boolean;
}

const turnOn: MenuItem = { icon: "check", label: "Turn On", command: "murmur.toggle" };
const train: MenuItem = { icon: "mortar-board", label: "Train on Workspace", command: "murmur.train" };
const openFolder: MenuItem = { icon: "folder-opened", label: "Open Folder", command: "vscode.openFolder" };
const stop: MenuItem = { icon: "debug-stop", label: "Stop Training", command: "murmur.stopTraining" };
const showTraining: MenuItem = { icon: "graph-line", label: "Show Training", command: "murmur.showTraining" };
const snooze: MenuItem = { icon: "bell-slash", label: "Snooze", command: "murmur.snooze" };
const wake: MenuItem = { icon: "bell", label: "End Snooze", command: "murmur.endSnooze" };
const settings: MenuItem = { icon: "settings-gear", label: "Settings", command: "murmur.openSettings" };
const showLog: MenuItem = { icon: "output", label: "Show Log", command: "murmur.showLog" };

/** How the status items show what Murmur does. */
export function appearanceOf(presence: Presence): Appearance {
  const { server } = presence;
  const label = "Murmur";
  switch (server.state) {
    case "starting":
      return { icon: "loading~spin", label, summary: "starting", details: [], actions: [], isBusy: true };
    case "off": {
      const details = ["No model is loaded, and no process runs."];
      return { icon: "circle-slash", label, summary: "off", details, actions: [turnOn, settings] };
    }
    case "failed": {
      const details = [server.message];
      return { icon: "warning", label, summary: "failed", details, actions: [showLog], isWarning: true };
    }
    case "training": {
      const { percent, detail, model } = server;
      const shown = { label: `${label} ${percent} %`, summary: `training, ${percent} %`, details: [detail, model] };
      return { ...shown, icon: "sync~spin", actions: [showTraining, stop], isBusy: true };
    }
    case "ready":
      return { label, ...whenReady(presence, server) };
  }
}

function whenReady(
  { snoozedUntil, document, hasFolder, isTrusted, saved }: Presence,
  { model, memory, isReading }: Extract<ServerState, { state: "ready" }>,
): Omit<Appearance, "label"> {
  const details = [model, memory, saved].filter((line) => line !== undefined);
  if (snoozedUntil) {
    const isToday = snoozedUntil.toDateString() === new Date().toDateString();
    const day = isToday ? {} : ({ month: "short", day: "numeric" } as const);
    const time = snoozedUntil.toLocaleString(undefined, { ...day, hour: "2-digit", minute: "2-digit" });
    return { icon: "bell-slash", summary: `snoozed until ${time}`, details, actions: [wake] };
  }
  if (document && !document.isLanguageOn) {
    const actions = [languageItem(document), settings];
    return { icon: "circle-slash", summary: `off for ${document.language}`, details, actions };
  }
  if (document?.isExcluded) {
    const summary = "off for this file, because murmur.exclude names it";
    return { icon: "circle-slash", summary, details, actions: [settings] };
  }
  const actions = [...(isTrusted ? [hasFolder ? train : openFolder] : []), snooze, settings];
  if (isReading) return { icon: "sync~spin", summary: "ready, learning your files", details, actions, isBusy: true };
  return { icon: "pulse", summary: "ready", details, actions };
}

/** The menu of the status bar item: what can be done now, and nothing else. */
export function menuItems(
  presence: Presence,
  now: { readonly eagerness: string; readonly temperature: number },
): MenuItem[] {
  const { server, snoozedUntil, document, hasFolder, isTrusted } = presence;
  const always: MenuItem[] = [settings, showLog, { icon: "question", label: "Help", command: "murmur.showHelp" }];
  if (server.state === "off") return [turnOn, ...always];
  const turnOff: MenuItem = { icon: "circle-slash", label: "Turn Off", command: "murmur.toggle" };
  if (server.state === "starting" || server.state === "failed") return [turnOff, ...always];
  const isAsked = server.state === "training" && server.isAsked;
  /** What changes the workspace's model: not without a workspace of the user's own, and not while a run is on that the user asked for. */
  const ofModel = hasFolder && isTrusted && !isAsked;
  return [
    ...(server.state === "training" ? [stop, showTraining] : []),
    ...(ofModel ? [train] : []),
    ...(hasFolder ? [] : [openFolder]),
    snoozedUntil ? wake : snooze,
    ...(document ? [languageItem(document)] : []),
    ...(isTrusted && document?.path !== undefined && document.isLanguageOn && !document.isExcluded
      ? [{ icon: "file", label: "Turn Off for This File", detail: document.path, command: "murmur.excludeFile" }]
      : []),
    ...(server.state === "training" ? [] : [showTraining]),
    ...(document ? [{ icon: "info", label: "Explain Suggestion", command: "murmur.explainSuggestion" }] : []),
    { icon: "graph", label: "Show Statistics", command: "murmur.showStatistics" },
    { icon: "beaker", label: "Open Playground", command: "murmur.openPlayground" },
    { icon: "dashboard", label: "Set Eagerness", detail: now.eagerness, command: "murmur.setEagerness" },
    { icon: "flame", label: "Set Temperature", detail: String(now.temperature), command: "murmur.setTemperature" },
    ...(ofModel
      ? [
          { icon: "history", label: "Restore Previous Model", command: "murmur.restoreModel" },
          { icon: "library", label: "Manage Models", detail: server.model, command: "murmur.manageModels" },
          { icon: "trash", label: "Reset Workspace Model", command: "murmur.resetWorkspace" },
        ]
      : []),
    turnOff,
    ...always,
  ];
}

function languageItem({ isLanguageOn, language }: ActiveDocument): MenuItem {
  return {
    icon: isLanguageOn ? "circle-slash" : "check",
    label: `Turn ${isLanguageOn ? "Off" : "On"} for ${language}`,
    command: "murmur.toggleLanguage",
  };
}
