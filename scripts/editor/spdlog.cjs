// What VS Code uses of its native logging module, which is not there where nothing is compiled: without it every log and
// every output channel in the editor stays empty. Copied into the editor's installation.
const { appendFileSync, mkdirSync } = require("node:fs");
const { dirname } = require("node:path");

const levels = ["trace", "debug", "info", "warn", "error", "critical"];
const names = ["trace", "debug", "info", "warning", "error", "critical"];

function createLogger(path) {
  mkdirSync(dirname(path), { recursive: true });
  let least = 0;
  let isRaw = false;
  const logger = {
    setLevel: (level) => {
      least = level;
    },
    getLevel: () => least,
    clearFormatters: () => {
      isRaw = true;
    },
    setPattern() {},
    flush() {},
    drop() {},
  };
  levels.forEach((name, level) => {
    logger[name] = (message) => {
      if (level < least) return;
      const time = new Date().toISOString().replace("T", " ").replace("Z", "");
      appendFileSync(path, isRaw ? String(message) : `${time} [${names[level]}] ${message}\n`);
    };
  });
  return logger;
}

// One by one, so that they can be imported by name.
exports.createRotatingLogger = async (_name, path) => createLogger(path);
exports.createAsyncRotatingLogger = async (_name, path) => createLogger(path);
exports.setFlushOn = () => {};
exports.setLevel = () => {};
exports.version = 1;
