import { basename, dirname, extname } from "node:path";
import picomatch from "picomatch";
import { languageOfName } from "../languages.ts";

/** The names of files that hold keys, passwords or tokens, grouped by program. */
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
    // Shell histories
    ".*_history",
  ],
  { dot: true, nocase: true },
);

/** Folders in which programs keep logins, whatever the names of the files. */
const folders = new Set([".aws", ".azure", ".docker", ".gnupg", ".kube", ".secrets", ".ssh"]);

/** Common words for secrets, in a hyphenated name. */
const words =
  /(secrets|passwords?|passwds?|passphrases?|credentials?|(?<![a-z])(secret|pass|creds|(api|access|private|secret|master|encryption|signing)-?keys?|service-?accounts?(-?keys?)?))(?![a-z])/;

/** The same for source code, which may merely deal with passwords: a whole part of the name must be one of these words. */
const ofCode = /^(secrets|credentials|passwords)$/;

/**
 * Whether a file is likely to hold secrets, judged by its path or URI. A model can reproduce what it has read. Data and prose count if their
 * names mention secrets, passwords, credentials or keys in any spelling; source code counts only if its name is nothing but that word.
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

/** Languages whose files are often settings, data or notes. */
const notCode = new Set(["json", "yaml", "markdown", "prose"]);

/** Extensions of source code in languages that Murmur has no name for. */
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

/** A name with hyphens between its words, however they are separated: "myAPIKeys_2.txt" → "my-api-keys-2-txt". */
function hyphenated(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3-$2")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .toLowerCase();
}
