import { createRequire } from "node:module";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { MurmurError, messageOf } from "../errors.ts";
import { t } from "../l10n.ts";

// The one door to ONNX Runtime: no other file imports its values, so nothing loads its native library earlier than this.

type Runtime = typeof import("onnxruntime-node");

let loaded: Runtime | undefined;

/** A session of a model in the ONNX file format. @throws MurmurError ("no-runtime") if the native library can't be loaded */
export function createSession(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession> {
  return runtime().InferenceSession.create(model, options);
}

/** A tensor over `data`, which it shares. @throws MurmurError ("no-runtime") if the native library can't be loaded */
export function createTensor<Type extends Tensor.Type>(
  type: Type,
  data: Tensor.DataTypeMap[Type],
  dims: readonly number[],
): Tensor {
  return new (runtime().Tensor)(type, data, dims);
}

function runtime(): Runtime {
  loaded ??= load();
  return loaded;
}

function load(): Runtime {
  // With the first session the library starts a telemetry client, unless it finds this variable in the environment.
  process.env["ORT_DISABLE_TELEMETRY"] = "1";
  try {
    return createRequire(import.meta.filename)("onnxruntime-node") as Runtime;
  } catch (cause) {
    const [reason] = messageOf(cause).split("\n");
    throw new MurmurError(
      "no-runtime",
      t(
        "ONNX Runtime's native library (onnxruntime-node), which runs Murmur's models, can't be loaded on {0} ({1}): use Linux with glibc 2.28 or later (x64, arm64), macOS on Apple silicon, or Windows (x64, arm64), and install the version of Murmur for that system again.",
        systemName(),
        reason ?? "",
      ),
      { cause },
    );
  }
}

/** This system as its user knows it, such as "linux-x64 with glibc 2.36". */
function systemName(): string {
  const system = `${process.platform}-${process.arch}`;
  if (process.platform !== "linux") return system;
  // Else the report looks up the names of all hosts that the process is connected with. (Missing in the types of Node 24.)
  Object.assign(process.report, { excludeNetwork: true });
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const glibc = header.glibcVersionRuntime;
  return glibc === undefined ? t("{0} without glibc", system) : t("{0} with glibc {1}", system, glibc);
}
