import { type MochaOptions, type Runner, reporters, type Test } from "mocha";

/** Mocha's list of tests, with the reason why a test was tried again. */
class EditorReporter extends reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    runner.on("retry", (test: Test, error: Error) => {
      console.log(`    (tried again: ${test.title}: ${error.stack ?? error.message})`);
    });
  }
}

// Mocha requires a reporter as a CommonJS module.
export { EditorReporter as "module.exports" };
