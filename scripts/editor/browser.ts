import { delimiter } from "node:path";
import { type Browser, chromium } from "playwright-core";
import type { Installation } from "./install.ts";

/** Starts a headless Chromium. */
export async function launchBrowser({ chromium: executablePath, libraries, fonts }: Installation): Promise<Browser> {
  const libraryPath = [libraries, process.env["LD_LIBRARY_PATH"]].filter(Boolean).join(delimiter);
  return chromium.launch({
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
  });
}
