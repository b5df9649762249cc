import type { InitializeParams } from "vscode-languageserver";
import * as z from "zod";
import { pathOf, pathsOf } from "../uris.ts";
import { settingsSection } from "./protocol.ts";

/** A client's description of itself and its workspace. */
export interface Client {
  /** Paths of the workspace's folders. */
  readonly folders: readonly string[];
  /** The folder for the workspace's model and memory; undefined: the server chooses one. */
  readonly storagePath: string | undefined;
  /** Whether the workspace may be read. */
  readonly isTrusted: boolean;
  /** Whether the client requests again when it is notified that there is more to suggest. */
  readonly canRefresh: boolean;
  /** Whether the client answers requests for settings. */
  readonly canBeAsked: boolean;
  /** Whether the client lets the server register for changes of settings. */
  readonly canRegister: boolean;
  /** Whether the client can watch files for the server. */
  readonly canWatchFiles: boolean;
  /** Whether the client notifies the server when its folders change. */
  readonly notifiesOfFolders: boolean;
  /** The section of the settings, if the client sent it at the start. */
  readonly settings: unknown;
}

/** An invalid option counts as missing, except that an invalid `isTrusted` means no trust. */
const optionsSchema = z.object({
  storagePath: z.string().min(1).optional().catch(undefined),
  isTrusted: z.boolean().default(true).catch(false),
  canRefresh: z.boolean().default(false).catch(false),
  [settingsSection]: z.unknown().optional(),
});

/** Reads a client's initialization parameters. Everything in them is optional. */
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
    notifiesOfFolders: workspace?.workspaceFolders === true,
    settings: options[settingsSection],
  };
}

/** The workspace's folders. An older client has one, given by its URI or its path. */
function foldersOf({ workspaceFolders, rootUri, rootPath }: InitializeParams): string[] {
  if (workspaceFolders) return pathsOf(workspaceFolders.map(({ uri }) => uri));
  const root = rootUri ? pathOf(rootUri) : rootPath;
  return root ? [root] : [];
}
