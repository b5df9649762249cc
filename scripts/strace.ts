import { run } from "./corpus/run.ts";

/**
 * Makes sure that strace runs here. Where it is missing, Debian's package is installed, which requires root.
 * @throws Error that says why it does not run
 */
export async function installStrace(): Promise<void> {
  if (await isThere()) return;
  try {
    await run("apt-get", ["update"], "/");
    await run("apt-get", ["install", "--yes", "--no-install-recommends", "strace"], "/");
  } catch (cause) {
    throw new Error("strace is missing, and apt-get can't install it. Install it, then run the tests again.", {
      cause,
    });
  }
  if (!(await isThere())) throw new Error("apt-get has installed strace, but it is still missing.");
}

/** @throws Error if it is there and may not trace */
async function isThere(): Promise<boolean> {
  try {
    await run("strace", ["-o", "/dev/null", "true"], "/");
    return true;
  } catch (error) {
    if (error instanceof Error && (error.cause as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw new Error("strace may not trace here. In a container, allow it: --cap-add SYS_PTRACE.", { cause: error });
  }
}
