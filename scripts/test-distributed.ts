import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { messageOf } from "../src/errors.ts";
import { run } from "./corpus/run.ts";

const pyrightPath = createRequire(import.meta.url).resolve("pyright/index.js");
/** What the tests import, and the Debian packages that bring it. */
const modules = "torch, onnx, numpy, pytest";
const packages = ["python3-torch", "python3-onnx", "python3-pytest"];

/** `npm run test:distributed`: the tests of distributed/. They need a Python with PyTorch; where none has it, they are skipped, and that is said. */
const python = await pythonWithTorch();
if (typeof python === "string") {
  process.exitCode = (await checkTypes(python)) || (await test(python));
} else {
  process.stdout.write(`The tests of distributed/ are skipped: ${python.missing}\n`);
}

/**
 * A Python that has what the tests import: PYTHON, the first on the path, or Debian's, for which the packages are installed (this takes
 * root).
 */
async function pythonWithTorch(): Promise<string | { readonly missing: string }> {
  for (const candidate of [process.env["PYTHON"], "python3", "/usr/bin/python3"]) {
    const path = candidate && (await pathIfComplete(candidate));
    if (path) return path;
  }
  const advice = `Install them (apt install ${packages.join(" ")}, or pip install torch onnx pytest), or name a Python that has them in PYTHON.`;
  try {
    await run("apt-get", ["update"], "/");
    await run("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], "/");
  } catch (error) {
    return {
      missing: `no Python here has PyTorch, ONNX and pytest, and apt-get can't bring them (${messageOf(error)}). ${advice}`,
    };
  }
  return (await pathIfComplete("/usr/bin/python3")) ?? { missing: `Debian's packages don't import. ${advice}` };
}

/** The path of a Python; undefined if it doesn't have the modules. */
async function pathIfComplete(candidate: string): Promise<string | undefined> {
  const program = `import sys, ${modules}; print(sys.executable)`;
  return await promisify(execFile)(candidate, ["-c", program]).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}

/** Checks the types, by those that the modules have in that Python. @returns the exit status */
async function checkTypes(python: string): Promise<number> {
  const options = { cwd: "distributed", stdio: "inherit" } as const;
  const pyright = spawn(process.execPath, [pyrightPath, "--warnings", "--pythonpath", python], options);
  const [status] = (await once(pyright, "close")) as [number | null];
  return status ?? 1;
}

/** Runs the tests, and counts them as mocha does, for whoever counts all tests. @returns the exit status */
async function test(python: string): Promise<number> {
  const environment = { ...process.env, PYTHONPATH: ".", OMP_NUM_THREADS: "1" };
  const tests = spawn(python, ["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"], {
    cwd: "distributed",
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let written = "";
  tests.stdout.on("data", (data: Buffer) => {
    process.stdout.write(data);
    written += data.toString();
  });
  const [status] = (await once(tests, "close")) as [number | null];
  for (const [word, name] of [
    ["passed", "passing"],
    ["failed", "failing"],
    ["error", "failing"],
  ] as const) {
    const [, count] = new RegExp(`(\\d+) ${word}`).exec(written.slice(written.lastIndexOf("\n=") + 1)) ?? [];
    if (count !== undefined) process.stdout.write(`  ${count} ${name}\n`);
  }
  return status ?? 1;
}
