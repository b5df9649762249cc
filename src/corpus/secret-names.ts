import { basename, dirname, extname } from "node:path";
import picomatch from "picomatch";
import { languageOfName } from "../languages.ts";

/** Names of files that hold keys, passwords or tokens, by the program that they belong to. */
const names = picomatch(
  [
    // Environments and settings
    ...[".env", ".env.*", ".env-*", "*.env", ".envrc", ".flaskenv", ".dev.vars", ".dev.vars.*"],
    ...["appsettings.*.json", "local.settings.json", "settings.local.*", "wp-config*.php", "localsettings.php"],
    // Keys and certificates
    ...["*.pem", "*.key", "*.p8", "*.p12", "*.pfx", "*.ppk", "*.keystore", "*.jks", "*.kdb", "*.kdbx", "*.kdbx.*"],
    ...["*.asc", "*.gpg", "*.pgp", "*.crt", "*.cer", "*.der", "*.enc"],
    ...["id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "authorized_keys", "known_hosts"],
    // Clients' logins
    ...[".npmrc", ".yarnrc", ".yarnrc.yml", ".pypirc", ".netrc", "_netrc", ".htpasswd", "htpasswd"],
    ...[".git-credentials", ".pgpass", "pgpass.conf", ".my.cnf", ".mylogin.cnf", ".boto", ".s3cfg", "rclone.conf"],
    ...[".dockercfg", ".dockerconfigjson", "kubeconfig", "kubeconfig.*", "*.kubeconfig", "auth.json"],
    ...[".msmtprc", ".esmtprc", ".fetchmailrc", ".vault-token", "google-services.json", "googleservice-info.plist"],
    // Virtual private networks
    ...["*.ovpn", "wireguard*.conf", "wg[0-9]*.conf"],
    // Infrastructure
    ...["*.tfvars", "*.tfvars.json", "*.tfstate", "*.tfstate.*", ".terraformrc", "terraform.rc"],
    // What was typed in a shell
    ".*_history",
  ],
  { dot: true, nocase: true },
);

/** Folders in which programs keep logins, whatever the file is called. */
const folders = new Set([".aws", ".azure", ".docker", ".gnupg", ".kube", ".secrets", ".ssh"]);

/** What people call their secrets, as the words of a name with hyphens between. */
const words =
  /(secrets|passwords?|passwds?|passphrases?|credentials?|(?<![a-z])(secret|pass|creds|(api|access|private|secret|master|encryption|signing)-?keys?|service-?accounts?(-?keys?)?))(?![a-z])/;

/** The same where the file is source code, which may well be about passwords: a part of the name that says that it holds them. */
const ofCode = /^(secrets|credentials|passwords)$/;

/**
 * Whether a file, by its path or URI, is likely to hold secrets: a model can say what it has read. A file of data or prose is one
 * if its name speaks of secrets, passwords, credentials or keys in any spelling; source code only if that is all its name says.
 */
export function isLikelySecret(path: string): boolean {
  const name = basename(path);
  if (names(name) || folders.has(basename(dirname(path)))) return true;
  if (isCode(name))
    return name
      .toLowerCase()
      .split(".")
      .some((part) => ofCode.test(part));
  return words.test(hyphenated(name));
}

/** Languages whose files are settings, data or notes as often as a program's text. */
const notCode = new Set(["json", "yaml", "markdown", "prose"]);

/** Endings of source code beyond those of the languages that are known by name. */
const codeEndings = new Set([
  ".cs",
  ".kt",
  ".php",
  ".rb",
  ".swift",
  ".scala",
  ".vue",
  ".svelte",
  ".lua",
  ".dart",
  ".ex",
]);

function isCode(name: string): boolean {
  const language = languageOfName(name);
  return language === undefined ? codeEndings.has(extname(name).toLowerCase()) : !notCode.has(language);
}

/** The words of a name, whether they are set off by capitals, blanks, points or dashes: "myAPIKeys_2.txt" → "my-api-keys-2-txt". */
function hyphenated(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3-$2")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .toLowerCase();
}
