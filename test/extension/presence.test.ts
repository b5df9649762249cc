import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ActiveDocument,
  appearanceOf,
  menuItems,
  type Presence,
  type ServerState,
} from "../../src/extension/presence.ts";

const document: ActiveDocument = {
  languageId: "typescript",
  language: "TypeScript",
  isLanguageOn: true,
  isExcluded: false,
  path: "src/a.ts",
};
const ready: ServerState = { state: "ready", model: "Default model", memory: "Knows 3 files" };
const training: ServerState = {
  state: "training",
  model: "Default model",
  percent: 3,
  detail: "2 min left",
  isAsked: true,
};
const presence: Presence = { server: ready, document, hasFolder: true, isTrusted: true };
const later = new Date();
later.setHours(later.getHours() + 1);
const now = { eagerness: "balanced", temperature: 0 } as const;
const labels = (of: Presence): string[] => menuItems(of, now).map(({ label }) => label);

describe("the menu", () => {
  it("offers what can be done, and not what can't", () => {
    assert.ok(labels(presence).includes("Train on Workspace"));
    assert.ok(!labels(presence).includes("Stop Training"));
    const whileTraining = labels({ ...presence, server: training });
    assert.ok(whileTraining.includes("Stop Training"));
    for (const label of ["Train on Workspace", "Restore Previous Model", "Reset Workspace Model"])
      assert.ok(!whileTraining.includes(label), label);
    // A run that began by itself gives way to one that is asked for.
    assert.ok(labels({ ...presence, server: { ...training, isAsked: false } }).includes("Train on Workspace"));
  });

  it("pauses a run, and resumes one that is paused", () => {
    const paused = labels({ ...presence, server: { ...training, isPaused: true } });
    assert.ok(paused.includes("Resume Training") && !paused.includes("Pause Training"));
    const running = labels({ ...presence, server: training });
    assert.ok(running.includes("Pause Training") && !running.includes("Resume Training"));
  });

  it("turns a file on again that is excluded", () => {
    const excluded = labels({ ...presence, document: { ...document, isExcluded: true } });
    assert.ok(excluded.includes("Turn On for This File") && !excluded.includes("Turn Off for This File"));
  });

  it("offers to turn Murmur on where it is off, and nothing that needs the server", () => {
    assert.deepEqual(labels({ ...presence, server: { state: "off" } }), ["Turn On", "Settings", "Show Log", "Help"]);
  });

  it("offers to open a folder where there is none to train on", () => {
    const without = labels({ ...presence, hasFolder: false });
    assert.ok(without.includes("Open Folder"));
    for (const label of ["Train on Workspace", "Reset Workspace Model"]) assert.ok(!without.includes(label), label);
  });

  it("offers what needs neither a model nor trust where there is none", () => {
    for (const server of [{ state: "starting" }, { state: "failed", message: "No." }] as const)
      assert.deepEqual(labels({ ...presence, server }), ["Turn Off", "Settings", "Show Log", "Help"]);
    const untrusted = labels({ ...presence, isTrusted: false });
    for (const label of ["Train on Workspace", "Reset Workspace Model", "Turn Off for This File"])
      assert.ok(!untrusted.includes(label), label);
    assert.ok(untrusted.includes("Snooze"));
  });

  it("turns a language off and on by its name", () => {
    assert.ok(labels(presence).includes("Turn Off for TypeScript"));
    const off = labels({ ...presence, document: { ...document, isLanguageOn: false } });
    assert.ok(off.includes("Turn On for TypeScript"));
    assert.ok(!off.includes("Turn Off for This File"));
  });

  it("names a file of a folder only", () => {
    const item = menuItems(presence, now).find(({ label }) => label === "Turn Off for This File");
    assert.equal(item?.detail, "src/a.ts");
    assert.ok(!labels({ ...presence, document: { ...document, path: undefined } }).includes("Turn Off for This File"));
  });

  it("ends a snooze where there is one", () => {
    assert.ok(labels(presence).includes("Snooze"));
    const snoozed = labels({ ...presence, snoozedUntil: later });
    assert.ok(snoozed.includes("End Snooze") && !snoozed.includes("Snooze"));
  });

  it("has commands that package.json declares, or the editor's own", () => {
    const { contributes } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
    const declared = new Set(contributes.commands.map(({ command }: { command: string }) => command));
    const states: Presence[] = [
      presence,
      { ...presence, server: training },
      { ...presence, server: { state: "off" } },
      { ...presence, hasFolder: false, snoozedUntil: new Date() },
    ];
    for (const { command } of states.flatMap((one) => menuItems(one, now)))
      assert.ok(declared.has(command) || command === "vscode.openFolder", command);
  });
});

describe("the status", () => {
  const summary = (of: Partial<Presence>): string => appearanceOf({ ...presence, ...of }).summary;

  it("is ready only where suggestions are shown", () => {
    assert.equal(summary({}), "ready");
    assert.equal(summary({ document: { ...document, isLanguageOn: false } }), "off for TypeScript");
    assert.match(summary({ document: { ...document, isExcluded: true } }), /^off for this file/);
    assert.match(summary({ snoozedUntil: later }), /^snoozed until .*\d/);
    assert.equal(summary({ server: { state: "off" } }), "off");
    assert.equal(summary({ server: training, document: { ...document, isLanguageOn: false } }), "training, 3 %");
  });

  it("shows that files are being read", () => {
    const reading = appearanceOf({ ...presence, server: { ...ready, isReading: true } });
    assert.ok(reading.isBusy);
    assert.match(reading.summary, /learning your files/);
  });

  it("says which model answers and what was read, and offers what helps", () => {
    const { details, actions } = appearanceOf(presence);
    assert.deepEqual(details, ["Default model", "Knows 3 files"]);
    assert.deepEqual(
      actions.map(({ command }) => command),
      ["murmur.train", "murmur.snooze", "murmur.openSettings"],
    );
    const failed = appearanceOf({ ...presence, server: { state: "failed", message: "No model." } });
    assert.ok(failed.isWarning);
    assert.deepEqual(
      failed.actions.map(({ command }) => command),
      ["murmur.showLog"],
    );
  });
});
