import type { Connection } from "vscode-languageserver";
import { messageOf } from "../errors.ts";
import { settingsSection } from "./protocol.ts";
import { defaultSettings, excludedGlobs, parseSettings, type Settings } from "./settings.ts";

/**
 * The settings as a client gives them: what it answers when it is asked, else what it has sent by itself, else the defaults.
 * A client that refuses an answer is not an error.
 */
export class ClientSettings {
  readonly #connection: Connection;
  readonly #canBeAsked: boolean;
  #settings = defaultSettings;
  #hidden: readonly string[] = [];
  #isKnown = false;
  /** What the client sent by itself. */
  #pushed: unknown;
  /** The problems of the settings that count now. */
  #problems: readonly string[] = [];
  #reads = 0;
  #hasRefused = false;

  /** @param pushed the section, if the client gave it when it started the server */
  constructor(connection: Connection, canBeAsked: boolean, pushed: unknown) {
    this.#connection = connection;
    this.#canBeAsked = canBeAsked;
    this.#pushed = pushed;
    this.#settings = parseSettings(pushed).settings;
  }

  /** The settings that count now. */
  get current(): Settings {
    return this.#settings;
  }

  /** Globs of what files.exclude and search.exclude hide. */
  get hidden(): readonly string[] {
    return this.#hidden;
  }

  /** Whether the client has had its say; before, nothing may be read that it could exclude. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /**
   * Reads them anew.
   * @param pushed the section, from a client that sends it by itself
   * @returns a sentence for each value that is not valid, except those already given
   */
  async read(pushed?: unknown): Promise<readonly string[]> {
    if (isGiven(pushed)) this.#pushed = pushed;
    const read = ++this.#reads;
    const [own, files, search] = await this.#ask([
      { section: settingsSection },
      { section: "files.exclude" },
      { section: "search.exclude" },
    ]);
    // A later one has been begun, and is asked after what has changed since.
    if (read !== this.#reads) return [];
    const { settings, problems } = parseSettings(isGiven(own) ? own : this.#pushed);
    this.#settings = settings;
    this.#hidden = excludedGlobs(files, search);
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

  /** The client's answers; none from one that can't be asked or refuses. */
  async #ask(items: { readonly section: string; readonly scopeUri?: string }[]): Promise<readonly unknown[]> {
    if (!this.#canBeAsked) return [];
    try {
      const answers: unknown = await this.#connection.workspace.getConfiguration(items);
      return Array.isArray(answers) ? answers : [];
    } catch (error) {
      if (!this.#hasRefused)
        this.#connection.console.info(`The client does not give its settings (${messageOf(error)}).`);
      this.#hasRefused = true;
      return [];
    }
  }
}

function isGiven(section: unknown): boolean {
  return section !== undefined && section !== null;
}
