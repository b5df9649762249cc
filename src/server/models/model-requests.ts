import { basename } from "node:path";
import type { Connection } from "vscode-languageserver";
import { messageOf } from "../../errors.ts";
import { t } from "../../l10n.ts";
import { pathOf } from "../../uris.ts";
import {
  type DeleteModelParams,
  deleteModelRequest,
  type ExportModelParams,
  exportModelRequest,
  type FormerModel,
  formerModelsRequest,
  type InstallParams,
  type InstallResult,
  importModelRequest,
  installRequest,
  type ModelEntry,
  type ModelResult,
  modelsRequest,
  type RenameModelParams,
  type ResetResult,
  type RestoreParams,
  type RestoreResult,
  renameModelRequest,
  resetRequest,
  restoreRequest,
} from "../models-protocol.ts";
import type { ModelStore } from "./model-store.ts";
import type { WorkspaceModel } from "./workspace-model.ts";

export interface ModelRequestsOptions {
  readonly store: ModelStore;
  readonly workspace: WorkspaceModel;
  readonly isTrusted: boolean;
  /** Whether a folder is open that may be read. */
  readonly hasFolder: () => boolean;
  /** Whether the files of the folders are read. */
  readonly isReading: () => boolean;
  /** Interrupts a training run that nobody asked for. @returns whether none is under way then */
  readonly makeWay: () => Promise<boolean>;
  /** Called when everything was forgotten that is known of the workspace. */
  readonly onReset: () => void;
}

/** Answers a client's requests about the workspace's models. */
export class ModelRequests {
  readonly #options: ModelRequestsOptions;

  constructor(options: ModelRequestsOptions) {
    this.#options = options;
  }

  /** Registers the handlers with the connection. */
  listen(connection: Connection): void {
    connection.onRequest(modelsRequest, () => this.#models());
    connection.onRequest(formerModelsRequest, () => this.#formerModels());
    connection.onRequest(resetRequest, () => this.#reset());
    connection.onRequest(installRequest, (params: InstallParams) => this.#install(params));
    connection.onRequest(restoreRequest, (params: RestoreParams) => this.#restore(params));
    connection.onRequest(importModelRequest, (params: InstallParams) => this.#import(params));
    connection.onRequest(renameModelRequest, (params: RenameModelParams) => this.#rename(params));
    connection.onRequest(exportModelRequest, (params: ExportModelParams) => this.#export(params));
    connection.onRequest(deleteModelRequest, (params: DeleteModelParams) => this.#delete(params));
  }

  async #models(): Promise<ModelEntry[]> {
    const { isTrusted, store, workspace } = this.#options;
    return isTrusted ? await store.files.list(workspace.origin) : [];
  }

  async #formerModels(): Promise<FormerModel[]> {
    return this.#options.isTrusted ? await this.#options.store.files.formerModels() : [];
  }

  #reset(): Promise<ResetResult> {
    return this.#use("reset", async () => {
      await this.#options.workspace.reset();
      this.#options.onReset();
      return this.#options.isReading()
        ? t("Murmur has forgotten this workspace and is reading it again.")
        : t("Murmur has forgotten what it learned.");
    });
  }

  #restore({ id }: RestoreParams): Promise<RestoreResult> {
    const { workspace } = this.#options;
    return this.#use("restored", async () => {
      await workspace.restore(id);
      return workspace.news;
    });
  }

  async #install({ uri }: InstallParams): Promise<InstallResult> {
    const { workspace } = this.#options;
    return await this.#withFile(uri, async (path) =>
      this.#use("installed", async () => {
        await workspace.installFile(path);
        return t(
          "Murmur now uses {0} as the model of this workspace. Murmur: Restore Previous Model undoes this.",
          basename(path),
        );
      }),
    );
  }

  async #import({ uri }: InstallParams): Promise<ModelResult> {
    return await this.#withFile(uri, async (path) =>
      this.#change(async () => {
        await this.#options.store.importFile(path);
        return t("{0} is now among the models of this workspace. Nothing else has changed.", basename(path));
      }),
    );
  }

  #rename({ id, name }: RenameModelParams): Promise<ModelResult> {
    return this.#change(async () => {
      await this.#options.store.files.rename(id, name);
      return name.trim() === "" ? t("The model has no name any more.") : t("The model is now called {0}.", name.trim());
    });
  }

  async #export({ id, uri }: ExportModelParams): Promise<ModelResult> {
    return await this.#withFile(uri, async (path) =>
      this.#change(async () => {
        await this.#options.store.files.export(id, path);
        return t("The model was written to {0}.", path);
      }),
    );
  }

  #delete({ id }: DeleteModelParams): Promise<ModelResult> {
    return this.#change(async () => {
      await this.#options.store.files.delete(id);
      return t("The model was deleted.");
    });
  }

  /** Does something with the file of a URI, where there is a folder to use a model for. */
  async #withFile<Result>(
    uri: string,
    use: (path: string) => Promise<Result>,
  ): Promise<Result | { readonly outcome: "failed"; readonly message: string }> {
    const path = pathOf(uri);
    if (!this.#options.isTrusted) return failed(notTrusted());
    if (!this.#options.hasFolder()) return failed(t("There is no folder to use a model for. Open a folder first."));
    if (path === undefined) return failed(t("{0} is not a file on this machine. Choose one that is.", uri));
    return await use(path);
  }

  /**
   * Puts another model in the place of the workspace's, in a trusted workspace and while no run is under way.
   * @param change makes the change; gives the message to the user
   */
  async #use<Outcome extends string>(
    outcome: Outcome,
    change: () => Promise<string>,
  ): Promise<{ readonly outcome: Outcome | "failed"; readonly message: string }> {
    if (!this.#options.isTrusted) return failed(notTrusted());
    if (!(await this.#options.makeWay())) return failed(t("Murmur is training. Stop the run first."));
    return await attempt(outcome, change);
  }

  /** Changes something about the models, of which the one in use stays. @param change gives the message to the user */
  async #change(change: () => Promise<string>): Promise<ModelResult> {
    const { isTrusted, workspace } = this.#options;
    return isTrusted ? await attempt("done", () => workspace.alone(change)) : failed(notTrusted());
  }
}

/** Why nothing of a workspace is read or changed. */
export function notTrusted(): string {
  return t("This workspace is not trusted, so Murmur neither reads it nor saves anything. Trust the workspace first.");
}

async function attempt<Outcome extends string>(
  outcome: Outcome,
  change: () => Promise<string>,
): Promise<{ readonly outcome: Outcome | "failed"; readonly message: string }> {
  try {
    return { outcome, message: await change() };
  } catch (error) {
    return failed(messageOf(error));
  }
}

function failed(message: string): { readonly outcome: "failed"; readonly message: string } {
  return { outcome: "failed", message };
}
