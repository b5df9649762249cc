import assert from "node:assert/strict";
import { isDischargingOnLinux } from "../../../src/server/runs/power.ts";
import { Folder } from "../../support/folder.ts";

const mains = (online: 0 | 1) => ({ "ADP1/type": "Mains\n", "ADP1/online": `${online}\n` });
const battery = (status: string) => ({ "BAT0/type": "Battery\n", "BAT0/status": `${status}\n` });

describe("a machine on Linux", () => {
  const cases: readonly [string, Readonly<Record<string, string>>, boolean][] = [
    ["is not on battery without one", mains(0), false],
    ["is on battery if the charger is off", { ...mains(0), ...battery("Discharging") }, true],
    ["is not if the battery charges", { ...mains(1), ...battery("Charging") }, false],
    ["is not if the battery is full", { ...mains(1), ...battery("Full") }, false],
    ["is not if the charger is too weak to charge it", { ...mains(1), ...battery("Discharging") }, false],
    ["is on battery if only that is known", battery("Discharging"), true],
    ["is not because of a mouse", { ...battery("Discharging"), "BAT0/scope": "Device\n" }, false],
  ];
  for (const [name, files, expected] of cases) {
    it(name, async () => {
      await using folder = await Folder.with(files);
      assert.equal(await isDischargingOnLinux(folder.path), expected);
    });
  }
});
