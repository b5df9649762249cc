import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";

const run = promisify(execFile);

/** A folder of this checkout; git ignores it. */
const cache = join(import.meta.dirname, "../../.cache/editor");

/** Increase this with every change to how the parts are installed. */
const recipe = 3;
const codeServer = "code-server@4.139.1";
const chromium = "@sparticuz/chromium@153.0.0";
/** A machine without a desktop has no fonts. */
const fonts = "dejavu-fonts-ttf@2.37.3";

/** The paths of the editor's parts. */
export interface Installation {
  /** The VS Code server's entry point, run by Node. */
  readonly server: string;
  readonly chromium: string;
  /** Shared libraries that Chromium needs and the machine may lack, for LD_LIBRARY_PATH. */
  readonly libraries: string;
  /** Fontconfig's configuration, which names the fonts. */
  readonly fonts: string;
}

/**
 * Installs a real VS Code (the server and workbench inside the package code-server) and a Chromium to drive it with, both
 * from the npm registry, unless they are installed already.
 * @throws Error that says what could not be installed
 */
export async function installEditor(): Promise<Installation> {
  const vscode = join(cache, "node_modules/code-server/lib/vscode");
  const installation = {
    server: join(vscode, "out/server-main.js"),
    chromium: join(cache, "chromium/chromium"),
    libraries: join(cache, "chromium/al2023/lib"),
    fonts: join(cache, "fonts.conf"),
  };
  // Written last, so that an interrupted installation is repeated.
  const marker = join(cache, "installed");
  const wanted = `${recipe} ${codeServer} ${chromium} ${fonts}\n`;
  if ((await readFile(marker, "utf8").catch(() => "")) === wanted) return installation;
  await rm(cache, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  await writeFile(join(cache, "package.json"), '{ "private": true }\n');
  await install(`VS Code (${codeServer}) and Chromium (${chromium})`, cache, [codeServer, chromium, fonts]);
  await install("the parts of the VS Code server", vscode, ["--omit=dev"]);
  await install("VS Code's own extensions", join(vscode, "extensions"), ["--omit=dev"]);
  await unpackChromium();
  await nameFonts(installation.fonts);
  await cp(join(import.meta.dirname, "spdlog.cjs"), join(vscode, "node_modules/@vscode/spdlog/index.js"));
  await writeFile(marker, wanted);
  return installation;
}

async function install(what: string, folder: string, args: readonly string[]): Promise<void> {
  process.stderr.write(`Installing ${what} …\n`);
  try {
    // No install scripts: they would compile native parts that the editor works without.
    const options = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", folder];
    await run("npm", [...options, ...args], { cwd: folder, maxBuffer: 1 << 26 });
  } catch (cause) {
    throw new Error(`npm could not install ${what}. Is the npm registry reachable? ${String(cause)}`, { cause });
  }
}

/** The package holds Chromium and its libraries compressed with Brotli. */
async function unpackChromium(): Promise<void> {
  const packed = join(cache, "node_modules/@sparticuz/chromium/bin");
  const target = join(cache, "chromium");
  await mkdir(target, { recursive: true });
  const decompress = async (name: string): Promise<Buffer> =>
    promisify(brotliDecompress)(await readFile(join(packed, `${name}.br`)));
  await writeFile(join(target, "chromium"), await decompress("chromium"), { mode: 0o755 });
  for (const name of ["al2023", "swiftshader"]) {
    const tar = join(target, `${name}.tar`);
    await writeFile(tar, await decompress(`${name}.tar`));
    const folder = name === "al2023" ? join(target, name) : target;
    await mkdir(folder, { recursive: true });
    await run("tar", ["-xf", tar, "-C", folder]);
    await rm(tar);
  }
}

async function nameFonts(path: string): Promise<void> {
  const alias = (family: string, font: string): string =>
    `<alias binding="same"><family>${family}</family><prefer><family>${font}</family></prefer></alias>`;
  await writeFile(
    path,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(cache, "node_modules/dejavu-fonts-ttf/ttf")}</dir>
  <cachedir>${join(cache, "fontcache")}</cachedir>
  ${alias("monospace", "DejaVu Sans Mono")}
  ${alias("sans-serif", "DejaVu Sans")}
  ${alias("system-ui", "DejaVu Sans")}
  ${alias("Ubuntu", "DejaVu Sans")}
  ${alias("serif", "DejaVu Serif")}
  <match target="pattern"><edit name="family" mode="append"><string>DejaVu Sans</string></edit></match>
</fontconfig>
`,
  );
}
