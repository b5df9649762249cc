import { execFileSync, spawnSync } from "node:child_process";
import { Folder } from "./folder.ts";

const outputOf = { encoding: "utf8", maxBuffer: 1 << 26 } as const;

/** Git itself, with a user's settings of its own; what git ignores is asked of it. The process has these settings until it is disposed of. */
export class Git implements AsyncDisposable {
  /** The user's home; "git/ignore" in it is core.excludesFile unless the settings say otherwise. */
  readonly home: Folder;
  readonly #former = new Map<string, string | undefined>();

  private constructor(home: Folder) {
    this.home = home;
    const env = {
      HOME: home.path,
      USERPROFILE: home.path,
      XDG_CONFIG_HOME: home.path,
      GIT_CONFIG_NOSYSTEM: "1",
    };
    for (const [name, value] of Object.entries(env)) {
      this.#former.set(name, process.env[name]);
      process.env[name] = value;
    }
  }

  static async start(): Promise<Git> {
    return new Git(await Folder.with());
  }

  run(folder: string, ...args: readonly string[]): string {
    return execFileSync("git", ["-C", folder, ...args], outputOf);
  }

  /** Those of some paths, relative to a repository's root, that git ignores there. */
  ignored(root: string, paths: readonly string[]): Set<string> {
    const args = ["-C", root, "check-ignore", "--no-index", "-z", "--stdin"];
    const { stdout, stderr, status } = spawnSync("git", args, { ...outputOf, input: paths.join("\0") });
    // 1: none of them is ignored.
    if (status !== 0 && status !== 1) throw new Error(`git check-ignore failed: ${stderr}`);
    return new Set(stdout.split("\0").filter((path) => path !== ""));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [name, value] of this.#former) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await this.home[Symbol.asyncDispose]();
  }
}
