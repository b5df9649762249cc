import { delimiter } from "node:path";
import { type Browser, type BrowserContext, chromium, type LaunchOptions } from "playwright-core";
import type { Installation } from "./install.ts";

/** Pixels of a window. */
export const viewport = { width: 1280, height: 800 };

/** Starts a headless Chromium. */
export async function launchBrowser(installation: Installation): Promise<Browser> {
  return chromium.launch(optionsOf(installation));
}

/**
 * Starts a headless Chromium with a profile. It keeps the compiled code of the workbench, so that all windows but the first open in two
 * thirds of the time.
 * @param folder of the profile
 */
export async function launchProfile(installation: Installation, folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { ...optionsOf(installation), viewport });
}

/** Removes what the pages of an origin have stored in a profile, so that the next window is a new one. */
export async function forget(profile: BrowserContext, origin: string): Promise<void> {
  const page = await profile.newPage();
  const session = await profile.newCDPSession(page);
  await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "cookies,indexeddb,local_storage" });
  await page.close();
}

function optionsOf({ chromium: executablePath, libraries, fonts }: Installation): LaunchOptions {
  const libraryPath = [libraries, process.env["LD_LIBRARY_PATH"]].filter(Boolean).join(delimiter);
  return {
    executablePath,
    env: { ...process.env, LD_LIBRARY_PATH: libraryPath, FONTCONFIG_FILE: fonts },
    args: [
      "--headless=shell",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  };
}
