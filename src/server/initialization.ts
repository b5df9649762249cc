import type { InitializeParams } from "vscode-languageserver";
import { z } from "zod";
import { settingsSection } from "./protocol.ts";
import { pathOf, pathsOf } from "./uris.ts";

/** What a client has said of itself and its workspace. */
export interface Client {
  /** Paths of the workspace's folders. */
  readonly folders: readonly string[];
  /** Where the workspace's files are kept; undefined: where the server chooses. */
  readonly storagePath: string | undefined;
  /** Whether the workspace may be read. */
  readonly isTrusted: boolean;
  /** Whether it asks again when it is told that there is more to suggest. */
  readonly canRefresh: boolean;
  /** Whether it can be asked for settings. */
  readonly canBeAsked: boolean;
  /** Whether it lets the server register for changes of settings. */
  readonly canRegister: boolean;
  /** Whether it watches files where the server asks for it. */
  readonly canWatchFiles: boolean;
  /** Whether it tells of changes of its folders. */
  readonly tellsOfFolders: boolean;
  /** The section of the settings, as far as it gave it at the start. */
  readonly settings: unknown;
}

/** What does not suit is as good as not given; only in doubt about trust, there is none. */
const optionsSchema = z.object({
  storagePath: z.string().min(1).optional().catch(undefined),
  isTrusted: z.boolean().default(true).catch(false),
  canRefresh: z.boolean().default(false).catch(false),
  [settingsSection]: z.unknown().optional(),
});

/** Reads what a client gives when it starts the server. Nothing but the process of LSP is taken for granted. */
export function clientOf(params: InitializeParams): Client {
  const parsed = optionsSchema.safeParse(params.initializationOptions);
  const { storagePath, isTrusted, canRefresh, ...options } = parsed.data ?? optionsSchema.parse({});
  const workspace = params.capabilities?.workspace;
  return {
    folders: foldersOf(params),
    storagePath,
    isTrusted,
    canRefresh,
    canBeAsked: workspace?.configuration === true,
    canRegister: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    canWatchFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    tellsOfFolders: workspace?.workspaceFolders === true,
    settings: options[settingsSection],
  };
}

/** The folders; those of an older client are one, given by its URI or its path. */
function foldersOf({ workspaceFolders, rootUri, rootPath }: InitializeParams): string[] {
  if (workspaceFolders) return pathsOf(workspaceFolders.map(({ uri }) => uri));
  const root = rootUri ? pathOf(rootUri) : rootPath;
  return root ? [root] : [];
}
