import { currentLanguage, formatNumber, t } from "../l10n.ts";
import type { eagernessLevels, Status } from "../server/protocol.ts";

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

function commonItems() {
  return {
    turnOn: { icon: "check", label: t("Turn On"), command: "murmur.toggle" },
    train: { icon: "mortar-board", label: t("Train on Workspace"), command: "murmur.train" },
    openFolder: { icon: "folder-opened", label: t("Open Folder"), command: "vscode.openFolder" },
    pause: { icon: "debug-pause", label: t("Pause Training"), command: "murmur.pauseTraining" },
    resume: { icon: "debug-continue", label: t("Resume Training"), command: "murmur.resumeTraining" },
    stop: { icon: "debug-stop", label: t("Stop Training"), command: "murmur.stopTraining" },
    showTraining: { icon: "graph-line", label: t("Show Training"), command: "murmur.showTraining" },
    snooze: { icon: "bell-slash", label: t("Snooze"), command: "murmur.snooze" },
    wake: { icon: "bell", label: t("End Snooze"), command: "murmur.endSnooze" },
    settings: { icon: "settings-gear", label: t("Settings"), command: "murmur.openSettings" },
    showLog: { icon: "output", label: t("Show Log"), command: "murmur.showLog" },
  } as const satisfies Record<string, MenuItem>;
}

/** A level of eagerness in words. */
export function eagernessName(level: (typeof eagernessLevels)[number]): string {
  return { quiet: t("quiet"), balanced: t("balanced"), eager: t("eager") }[level];
}

/** How the status items show what Murmur does. */
export function appearanceOf(presence: Presence): Appearance {
  const { server } = presence;
  const { turnOn, settings, showLog, showTraining, pause, resume, stop } = commonItems();
  const label = "Murmur";
  switch (server.state) {
    case "starting":
      return { icon: "loading~spin", label, summary: t("starting"), details: [], actions: [], isBusy: true };
    case "off": {
      const details = [t("No model is loaded, and no process runs.")];
      return { icon: "circle-slash", label, summary: t("off"), details, actions: [turnOn, settings] };
    }
    case "failed": {
      const details = [server.message];
      return { icon: "warning", label, summary: t("failed"), details, actions: [showLog], isWarning: true };
    }
    case "training": {
      const { percent, detail, model, isPaused } = server;
      const shown = {
        label: `${label} ${percent} %`,
        summary: t("training, {0} %", percent),
        details: [detail, model],
      };
      const actions = [showTraining, isPaused ? resume : pause, stop];
      return { ...shown, icon: isPaused ? "debug-pause" : "sync~spin", actions, isBusy: !isPaused };
    }
    case "ready":
      return { label, ...whenReady(presence, server) };
  }
}

function whenReady(
  { snoozedUntil, document, hasFolder, isTrusted, saved }: Presence,
  { model, memory, isReading }: Extract<ServerState, { state: "ready" }>,
): Omit<Appearance, "label"> {
  const { wake, settings, train, openFolder, snooze } = commonItems();
  const details = [model, memory, saved].filter((line) => line !== undefined);
  if (snoozedUntil) {
    const isToday = snoozedUntil.toDateString() === new Date().toDateString();
    const day = isToday ? {} : ({ month: "short", day: "numeric" } as const);
    const time = snoozedUntil.toLocaleString(currentLanguage().tag, { ...day, hour: "2-digit", minute: "2-digit" });
    return { icon: "bell-slash", summary: t("snoozed until {0}", time), details, actions: [wake] };
  }
  if (document && !document.isLanguageOn) {
    const actions = [languageItem(document), settings];
    return { icon: "circle-slash", summary: t("off for {0}", document.language), details, actions };
  }
  if (document?.isExcluded) {
    const summary = t("off for this file, because murmur.exclude names it");
    return { icon: "circle-slash", summary, details, actions: [...fileItems(document, isTrusted), settings] };
  }
  const actions = [...(isTrusted ? [hasFolder ? train : openFolder] : []), snooze, settings];
  if (isReading) return { icon: "sync~spin", summary: t("ready, learning your files"), details, actions, isBusy: true };
  return { icon: "pulse", summary: t("ready"), details, actions };
}

/** The menu of the status bar item: what can be done now, and nothing else. */
export function menuItems(
  presence: Presence,
  now: { readonly eagerness: (typeof eagernessLevels)[number]; readonly temperature: number },
): MenuItem[] {
  const { server, snoozedUntil, document, hasFolder, isTrusted } = presence;
  const items = commonItems();
  const { turnOn, train, openFolder, pause, resume, stop, showTraining, snooze, wake, settings, showLog } = items;
  const always: MenuItem[] = [settings, showLog, { icon: "question", label: t("Help"), command: "murmur.showHelp" }];
  if (server.state === "off") return [turnOn, ...always];
  const turnOff: MenuItem = { icon: "circle-slash", label: t("Turn Off"), command: "murmur.toggle" };
  if (server.state === "starting" || server.state === "failed") return [turnOff, ...always];
  const isAsked = server.state === "training" && server.isAsked;
  /** What changes the workspace's model: not without a workspace of the user's own, and not while a run is on that the user asked for. */
  const ofModel = hasFolder && isTrusted && !isAsked;
  return [
    ...(server.state === "training" ? [server.isPaused ? resume : pause, stop, showTraining] : []),
    ...(ofModel ? [train] : []),
    ...(hasFolder ? [] : [openFolder]),
    snoozedUntil ? wake : snooze,
    ...(document ? [languageItem(document)] : []),
    ...(document?.isLanguageOn ? fileItems(document, isTrusted) : []),
    ...(server.state === "training" ? [] : [showTraining]),
    ...(document ? [{ icon: "info", label: t("Explain Suggestion"), command: "murmur.explainSuggestion" }] : []),
    { icon: "graph", label: t("Show Statistics"), command: "murmur.showStatistics" },
    { icon: "beaker", label: t("Open Playground"), command: "murmur.openPlayground" },
    {
      icon: "dashboard",
      label: t("Set Eagerness"),
      detail: eagernessName(now.eagerness),
      command: "murmur.setEagerness",
    },
    {
      icon: "flame",
      label: t("Set Temperature"),
      detail: formatNumber(now.temperature),
      command: "murmur.setTemperature",
    },
    ...(ofModel
      ? [
          { icon: "history", label: t("Restore Previous Model"), command: "murmur.restoreModel" },
          { icon: "library", label: t("Manage Models"), detail: server.model, command: "murmur.manageModels" },
          { icon: "trash", label: t("Reset Workspace Model"), command: "murmur.resetWorkspace" },
        ]
      : []),
    turnOff,
    ...always,
  ];
}

/** What can be done with a file of a folder. */
function fileItems({ path, isExcluded }: ActiveDocument, isTrusted: boolean): MenuItem[] {
  if (path === undefined || !isTrusted) return [];
  return isExcluded
    ? [{ icon: "check", label: t("Turn On for This File"), detail: path, command: "murmur.includeFile" }]
    : [{ icon: "file", label: t("Turn Off for This File"), detail: path, command: "murmur.excludeFile" }];
}

function languageItem({ isLanguageOn, language }: ActiveDocument): MenuItem {
  return {
    icon: isLanguageOn ? "circle-slash" : "check",
    label: isLanguageOn ? t("Turn Off for {0}", language) : t("Turn On for {0}", language),
    command: "murmur.toggleLanguage",
  };
}
