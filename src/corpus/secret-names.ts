import { basename, dirname, extname } from "node:path";
import picomatch from "picomatch";
import { languageOfName } from "../languages.ts";

/** The names of files that hold keys, passwords or tokens, grouped by program. */
const names = picomatch(
  [
    // Environments and settings
    ...[".env", ".env.*", ".env-*", "*.env", ".envrc", ".flaskenv", ".dev.vars", ".dev.vars.*", ".renviron"],
    "env.{prod,production,live,stag,stage,staging,dev,devel,development,test,testing,qa,ci,local}",
    ...["appsettings.*.json", "local.settings.json", "settings.local.*", "wp-config*.php", "localsettings.php"],
    ...["local_settings.py", "{application,bootstrap}-*.{properties,yml,yaml}"],
    // Keys and certificates
    ...["*.pem", "*.key", "*.p8", "*.p12", "*.pfx", "*.ppk", "*.keystore", "*.jks", "*.kdb", "*.kdbx", "*.kdbx.*"],
    ...["*.asc", "*.gpg", "*.pgp", "*.crt", "*.cer", "*.der", "*.enc"],
    ...["id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "authorized_keys", "known_hosts"],
    ...["*-adminsdk-*.json", "{key,keys,token,tokens}.{json,yml,yaml,toml,ini,conf,cfg,properties,xml,csv,txt}"],
    ...[".token", ".tokens", "{vault,*[-_.]vault}.{json,yml,yaml}"],
    // Clients' logins
    ...[".npmrc", ".yarnrc", ".yarnrc.yml", ".pypirc", ".netrc", "_netrc", ".htpasswd", "htpasswd"],
    ...[".git-credentials", ".pgpass", "pgpass.conf", ".authinfo", ".boto", ".s3cfg", "rclone.conf"],
    ...[".my.cnf", "my.cnf", "debian.cnf", ".mylogin.cnf"],
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
  /(secrets|passwords?|passwds?|passphrases?|credentials?|(?<![a-z])(secret|pass|creds|(api|access|private|secret|master|encryption|signing)-?keys?|service-?accounts?(-?keys?)?|(gcp|gcs|google|firebase|aws|azure|ssh|gpg|pgp|ssl|tls|jwt|deploy|admin|account)-?keys?))(?![a-z])/;

/** The same for source code, which may merely deal with passwords: a whole part of the name must say just this. */
const ofCode = /^((my|our|app|local|dev|test|prod)-?)?(secrets|credentials|passwords)$/;

/** What editors and people add to the name of a copy; Vim also puts a full stop before it. */
const copyEnding = /(?:~|\.(?:bak|backup|old|orig|save|sav|sw[a-p])[0-9]*| copy(?: [0-9]+)?)$/i;

/**
 * Whether a file is likely to hold secrets, judged by its path or URI. A model can reproduce what it has read. Data and prose count if their
 * names mention secrets, passwords, credentials or keys in any spelling; source code counts only if its name is nothing but that word. A
 * copy counts as the file that it was made of.
 */
export function isLikelySecret(path: string): boolean {
  return folders.has(basename(dirname(path))) || isSecretName(basename(path));
}

function isSecretName(name: string): boolean {
  const original = name.replace(copyEnding, "");
  if (original !== name && original !== "") {
    return names(name) || isSecretName(original) || (/^\../.test(original) && isSecretName(original.slice(1)));
  }
  if (names(name)) return true;
  if (isCode(name)) return name.split(".").some((part) => ofCode.test(hyphenated(part)));
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
