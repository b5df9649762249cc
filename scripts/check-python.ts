import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Diagnostic, PositionEncoding, Workspace } from "@astral-sh/ruff-wasm-nodejs";
import { parse } from "smol-toml";

// Lints distributed/ with ruff, and compares its format: node scripts/check-python.ts [--write to format it]

const root = join(import.meta.dirname, "../distributed");
const { tool } = parse(readFileSync(join(root, "pyproject.toml"), "utf8")) as { tool: { ruff: unknown } };
const ruff = new Workspace(tool.ruff, PositionEncoding.Utf16);
const isWritten = process.argv.includes("--write");

for (const path of globSync("{murmur_distributed,tests,bench}/*.py", { cwd: root }).sort()) {
  const text = readFileSync(join(root, path), "utf8");
  const formatted = ruff.format(text);
  const problems = (ruff.check(isWritten ? formatted : text) as Diagnostic[]).map(
    ({ code, message, start_location: { row, column } }) => `${row}:${column} ${code} ${message}`,
  );
  if (formatted !== text) {
    if (isWritten) writeFileSync(join(root, path), formatted);
    else problems.push('is not formatted: run "npm run format"');
  }
  for (const problem of problems) {
    process.stderr.write(`distributed/${path}: ${problem}\n`);
    process.exitCode = 1;
  }
}
