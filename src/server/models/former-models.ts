import { copyFile, link, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Models that are kept after others have replaced them. Each takes as much space as the model in use. */
const mostKept = 3;

/** former-, and the time at which the model was replaced, in milliseconds since 1970. */
const namePattern = /^former-(\d+)\.onnx$/;

/** The models of one workspace that others have replaced, as files in its folder. */
export class FormerModels {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The ids of the models, the one that was replaced last first. */
  async ids(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => namePattern.test(name)).sort((a, b) => timeIn(b) - timeIn(a));
  }

  /** The path of a model; undefined if there is none by that id. */
  async pathOf(id: string): Promise<string | undefined> {
    return (await this.ids()).includes(id) ? join(this.#folder, id) : undefined;
  }

  /** Keeps a model that is about to be replaced. Its file stays. @returns its id @throws Error from the file system */
  async keep(path: string): Promise<string> {
    const [latest] = await this.ids();
    const time = Math.max(Date.now(), latest === undefined ? 0 : 1 + timeIn(latest));
    const id = `former-${time}.onnx`;
    const copy = join(this.#folder, id);
    // Not all file systems have links.
    await link(path, copy).catch(() => copyFile(path, copy));
    return id;
  }

  /** Deletes all but the latest models, as far as possible. @param isKept whether a model stays in any case, given its path */
  async prune(isKept: (path: string) => Promise<boolean>): Promise<void> {
    let others = 0;
    for (const path of await this.paths()) {
      if (await isKept(path)) continue;
      others++;
      if (others > mostKept) await rm(path, { force: true }).catch(() => undefined);
    }
  }

  /** The paths of all models. */
  async paths(): Promise<string[]> {
    return (await this.ids()).map((id) => join(this.#folder, id));
  }
}

function timeIn(id: string): number {
  return Number(namePattern.exec(id)?.[1]);
}
