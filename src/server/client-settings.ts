import { pathToFileURL } from "node:url";
import type { Connection } from "vscode-languageserver";
import { messageOf } from "../errors.ts";
import { settingsSection } from "./protocol.ts";
import { defaultSettings, excludedGlobs, parseSettings, type Settings } from "./settings.ts";

export interface ClientSettingsOptions {
  readonly connection: Connection;
  readonly canBeAsked: boolean;
  /** The section, if the client sent it in the initialization options. */
  readonly pushed: unknown;
  /** The paths of the workspace's folders. Each may hide files of its own. */
  readonly folders: () => readonly string[];
}

/**
 * The client's settings: its answer to a request, or else what it pushed, or else the defaults. A client may refuse to answer; that
 * is not an error.
 */
export class ClientSettings {
  readonly #connection: Connection;
  readonly #canBeAsked: boolean;
  readonly #folders: () => readonly string[];
  #settings = defaultSettings;
  #hidden: readonly string[] = [];
  #isKnown = false;
  /** Whether the client has ever answered a request for its settings. */
  #wasAnswered = false;
  /** The section that the client pushed. */
  #pushed: unknown;
  /** The problems of the current settings. */
  #problems: readonly string[] = [];
  #reads = 0;
  /** The read that has started last. */
  #last: Promise<unknown> | undefined;
  #hasRefused = false;

  constructor({ connection, canBeAsked, pushed, folders }: ClientSettingsOptions) {
    this.#connection = connection;
    this.#canBeAsked = canBeAsked;
    this.#folders = folders;
    this.#pushed = pushed;
    this.#settings = parseSettings(pushed).settings;
  }

  /** The current settings. */
  get current(): Settings {
    return this.#settings;
  }

  /** The globs of files.exclude and search.exclude, in general and in each folder. What one folder hides is hidden in all of them. */
  get hidden(): readonly string[] {
    return this.#hidden;
  }

  /** Whether the client has answered. Until then, nothing may be read that the settings could exclude. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /**
   * Reads the settings again.
   * @param pushed the section, from a client that pushes it
   * @returns a sentence for each invalid value that was not reported before
   */
  read(pushed?: unknown): Promise<readonly string[]> {
    const reading = this.#read(pushed);
    this.#last = reading;
    return reading;
  }

  async #read(pushed: unknown): Promise<readonly string[]> {
    if (isGiven(pushed)) this.#pushed = pushed;
    const read = ++this.#reads;
    const scopes = [{}, ...this.#folders().map((path) => ({ scopeUri: pathToFileURL(path).href }))];
    const answers = await this.#ask([
      { section: settingsSection },
      ...scopes.flatMap((scope) => [
        { ...scope, section: "files.exclude" },
        { ...scope, section: "search.exclude" },
      ]),
    ]);
    // A later read has started, and will see newer settings. Whoever waits for this one waits for the settings.
    if (read !== this.#reads) {
      await this.#last;
      return [];
    }
    // What the client once sent holds until it sends something else: the defaults could let in files that it excluded.
    if (answers.length === 0 && this.#wasAnswered && !isGiven(pushed)) return [];
    this.#wasAnswered ||= answers.length > 0;
    const [own, ...hidden] = answers;
    const { settings, problems } = parseSettings(isGiven(own) ? own : this.#pushed);
    this.#settings = settings;
    this.#hidden = [...new Set(excludedGlobs(...hidden))];
    this.#isKnown = true;
    const known = this.#problems;
    this.#problems = problems;
    return problems.filter((problem) => !known.includes(problem));
  }

  /** Whether completions are on in a document. */
  async isEnabledIn(uri: string): Promise<boolean> {
    const [own] = await this.#ask([{ scopeUri: uri, section: settingsSection }]);
    return (isGiven(own) ? parseSettings(own).settings : this.#settings).enabled;
  }

  /** The client's answers; empty if it can't be asked or refuses. */
  async #ask(items: { readonly section: string; readonly scopeUri?: string }[]): Promise<readonly unknown[]> {
    if (!this.#canBeAsked) return [];
    try {
      const answers: unknown = await this.#connection.workspace.getConfiguration(items);
      return Array.isArray(answers) ? answers : [];
    } catch (error) {
      if (!this.#hasRefused)
        this.#connection.console.info(`The client refused to send its settings (${messageOf(error)}).`);
      this.#hasRefused = true;
      return [];
    }
  }
}

function isGiven(section: unknown): boolean {
  return section !== undefined && section !== null;
}
