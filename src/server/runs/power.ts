import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
/** Milliseconds to wait for another program. */
const longestAnswer = 5000;

/**
 * Whether this machine runs on its battery, where the system tells; else false. (The npm package systeminformation knows only two of the
 * names that Linux has for power supplies, and takes a full battery for one in use.)
 */
export async function isOnBattery(): Promise<boolean> {
  try {
    if (process.platform === "darwin")
      return (await run("pmset", ["-g", "batt"], { timeout: longestAnswer })).stdout.includes("'Battery Power'");
    if (process.platform === "win32") return await isDischargingOnWindows();
    return await isDischargingOnLinux("/sys/class/power_supply");
  } catch {
    return false;
  }
}

/** @param folder holds a folder for each power supply, as in /sys/class/power_supply */
export async function isDischargingOnLinux(folder: string): Promise<boolean> {
  const read = (supply: string, file: string): Promise<string> =>
    readFile(join(folder, supply, file), "latin1").then(
      (text) => text.trim(),
      () => "",
    );
  const supplies = await Promise.all(
    (await readdir(folder)).map(async (supply) => ({
      type: await read(supply, "type"),
      // A mouse has a battery too.
      isOther: (await read(supply, "scope")) === "Device",
      status: await read(supply, "status"),
      online: await read(supply, "online"),
    })),
  );
  const isConnected = supplies.some(({ type, online }) => type !== "Battery" && online === "1");
  return (
    !isConnected &&
    supplies.some(({ type, isOther, status }) => type === "Battery" && !isOther && status === "Discharging")
  );
}

/** BatteryStatus of CIM's Win32_Battery is 1 while the battery discharges. */
async function isDischargingOnWindows(): Promise<boolean> {
  const command = "(Get-CimInstance -ClassName Win32_Battery).BatteryStatus";
  const { stdout } = await run("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", command], {
    windowsHide: true,
    timeout: longestAnswer,
  });
  return stdout.trim().split(/\s+/).includes("1");
}
