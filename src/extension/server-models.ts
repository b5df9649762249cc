import type { CancellationToken, Uri } from "vscode";
import {
  type LanguageClient,
  WorkDoneProgress,
  type WorkDoneProgressBegin,
  type WorkDoneProgressReport,
} from "vscode-languageclient/node";
import {
  type CompareModelsParams,
  type ComparisonResult,
  compareModelsRequest,
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
} from "../server/models-protocol.ts";

/** The server's requests about models. */
export class ServerModels {
  readonly #client: LanguageClient;

  constructor(client: LanguageClient) {
    this.#client = client;
  }

  /** The models that the workspace can use. */
  list(): Promise<ModelEntry[]> {
    return this.#client.sendRequest<ModelEntry[]>(modelsRequest);
  }

  /** The models that {@link restore} can bring back. */
  former(): Promise<FormerModel[]> {
    return this.#client.sendRequest<FormerModel[]>(formerModelsRequest);
  }

  /** Uses one of the models. */
  restore(id: string): Promise<RestoreResult> {
    const params: RestoreParams = { id };
    return this.#client.sendRequest<RestoreResult>(restoreRequest, params);
  }

  /** Uses a copy of a model file. */
  install(file: Uri): Promise<InstallResult> {
    const params: InstallParams = { uri: file.toString() };
    return this.#client.sendRequest<InstallResult>(installRequest, params);
  }

  /** Adds a copy of a model file to the models. */
  import(file: Uri): Promise<ModelResult> {
    const params: InstallParams = { uri: file.toString() };
    return this.#client.sendRequest<ModelResult>(importModelRequest, params);
  }

  rename(id: string, name: string): Promise<ModelResult> {
    const params: RenameModelParams = { id, name };
    return this.#client.sendRequest<ModelResult>(renameModelRequest, params);
  }

  /** Writes a model to a file. */
  export(id: string, file: Uri): Promise<ModelResult> {
    const params: ExportModelParams = { id, uri: file.toString() };
    return this.#client.sendRequest<ModelResult>(exportModelRequest, params);
  }

  delete(id: string): Promise<ModelResult> {
    const params: DeleteModelParams = { id };
    return this.#client.sendRequest<ModelResult>(deleteModelRequest, params);
  }

  /** Deletes the workspace's model and memory. */
  reset(): Promise<ResetResult> {
    return this.#client.sendRequest<ResetResult>(resetRequest);
  }

  /** Measures models on the workspace. Calls `report` with the progress; `token` cancels it. */
  async compare(
    ids: readonly string[],
    report: (percent: number, line: string) => void,
    token: CancellationToken,
  ): Promise<ComparisonResult> {
    const workDoneToken = `murmur-compare-${Date.now()}`;
    const params: CompareModelsParams = { ids, workDoneToken };
    const ask = (): Promise<ComparisonResult> =>
      this.#client.sendRequest<ComparisonResult>(compareModelsRequest, params, token);
    return await withProgressOf(this.#client, workDoneToken, report, ask);
  }
}

/** Calls `report` with the progress of some work, as the server reports it under a token, until the work ends. */
export async function withProgressOf<Result>(
  client: LanguageClient,
  token: string,
  report: (percent: number, line: string) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const progress = client.onProgress(WorkDoneProgress.type, token, (value) => {
    if (value.kind !== "end") report(...progressOf(value));
  });
  try {
    return await work();
  } finally {
    progress.dispose();
  }
}

function progressOf(value: WorkDoneProgressBegin | WorkDoneProgressReport): [number, string] {
  return [value.percentage ?? 0, value.message ?? ""];
}
