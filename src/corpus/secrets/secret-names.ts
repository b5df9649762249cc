import { basename, dirname, extname } from "node:path";
import picomatch from "picomatch";
import { languageOfName } from "../../languages.ts";

/** The names of files that hold keys, passwords or tokens, grouped by program. */
const names = picomatch(
  [
    // Environments and settings
    ...[
      ".env",
      ".env.*",
      ".env-*",
      "*.env",
      ".envrc",
      ".envrc.*",
      ".flaskenv",
      ".dev.vars",
      ".dev.vars.*",
      ".renviron",
    ],
    "env.{prod,production,live,stag,stage,staging,dev,devel,development,test,testing,qa,ci,local}",
    ...["appsettings.*.json", "local.settings.json", "settings.local.*", "wp-config*.php", "localsettings.php"],
    ...["local_settings.py", "{application,bootstrap}-*.{properties,yml,yaml}"],
    // Keys and certificates
    ...[
      "*.pem",
      "*.key",
      "*.p8",
      "*.p12",
      "*.pfx",
      "*.ppk",
      "*.keystore",
      "*.jks",
      "*.jceks",
      "*.agekey",
      "*.kdb",
      "*.kdbx",
      "*.kdbx.*",
    ],
    ...["*.asc", "*.gpg", "*.pgp", "*.crt", "*.cer", "*.der", "*.enc"],
    ...["id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "authorized_keys", "known_hosts"],
    ...["*[-_]{rsa,dsa,ecdsa,ed25519}{,.pub}", "{keystore,signing}.{properties,json,yml,yaml}", "*rootkey*.csv"],
    ...["*-adminsdk-*.json", "{key,keys,token,tokens}.{json,yml,yaml,toml,ini,conf,cfg,properties,xml,csv,txt}"],
    ...[".token", ".tokens", "{vault,*[-_.]vault}.{json,yml,yaml}"],
    // Clients' logins
    ...[".npmrc", ".yarnrc", ".yarnrc.yml", ".pypirc", ".netrc", "_netrc", ".htpasswd", "htpasswd"],
    ...[".git-credentials", ".pgpass", ".pgpass.*", "pgpass.conf", ".authinfo", ".boto", ".s3cfg", "{,.}rclone.conf"],
    ...[".ftpconfig", ".ftppass", "{,.}{,s}ftp{,-config}.json", "sitemanager.xml", "recentservers.xml", "winscp.ini"],
    ...["logins.json", "cookies.{txt,json}", "oauth{,2}{,[-_]*}.{json,yml,yaml}", "kaggle.json", ".databrickscfg"],
    ...[".my.cnf", "my.cnf", "debian.cnf", ".mylogin.cnf"],
    ...[".dockercfg", ".dockerconfigjson", "kubeconfig", "kubeconfig.*", "*.kubeconfig", "kube.config", "auth.json"],
    ...[".msmtprc", ".esmtprc", ".fetchmailrc", ".vault-token", "google-services.json", "googleservice-info.plist"],
    // Wallets, and what restores an account
    ...["wallet.dat", "{,*[-_ ]}{seed,recovery}[-_ ]phrase{,s}.*", "{,*[-_ ]}recovery[-_ ]codes.{txt,csv}"],
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

/** The same for programs whose files have common names, which only the folder tells apart. */
const paths = picomatch(
  [
    "**/{gh,glab-cli}/{hosts,config}.yml",
    "**/.config/hub",
    "**/.m2/settings*.xml",
    "**/.dbt/profiles.yml",
    "**/.subversion/auth/**",
    "**/.{oci,snowsql,bundle}/config",
    "**/.chalice/config.json",
  ],
  { dot: true, nocase: true },
);

/** Words for passwords and credentials in languages other than English. */
const foreign = [
  ...[
    "passw(?:or|ö|oe)r?t(?:er)?",
    "kennw(?:o|ö|oe)rt(?:er)?",
    "zugangsdaten",
    "mots?-?de-?passe",
    "mdp",
    "identifiants",
  ],
  ...["contrase(?:ñ|n)as?", "credenciales", "senhas?", "credenciais", "credenziali", "wachtwoord(?:en)?", "lösenord"],
  ...[
    "passord",
    "adgangskoder?",
    "salasanat?",
    "has[łl][oa]",
    "hesl[oa]",
    "парол[ьи]",
    "κωδικο[ίι]",
    "secrètes?|sécrets?",
    "密码",
    "密碼",
    "パスワード",
    "비밀번호",
  ],
  "(?:şifre|sifre)(?:ler)?",
].join("|");

/** The same in English. */
const english = [
  "secrets|passwords?|passwds?|passphrases?|credentials?",
  "(?<![a-z])(?:secret|pass|creds|(?:api|access|private|secret|master|encryption|signing)-?keys?)",
  "(?<![a-z])(?:service-?accounts?(?:-?keys?)?)",
  "(?<![a-z])(?:gcp|gcs|google|firebase|aws|azure|ssh|gpg|pgp|ssl|tls|jwt|deploy|admin|account)-?keys?",
].join("|");

/** Common words for secrets, in a hyphenated name. */
const words = new RegExp(`(?:${english}|(?<!\\p{L})(?:${foreign}))(?!\\p{L})`, "u");

/** The same for source code, which may merely deal with passwords: a whole part of the name must say just this. */
const ofCode = new RegExp(`^((my|our|app|local|dev|test|prod)-?)?(secrets|credentials|passwords|${foreign})$`, "u");

/** What editors and people add to the name of a copy; Vim also puts a full stop before it. */
const copyEnding = /(?:~|\.(?:bak|backup|old|orig|save|sav|sw[a-p])[0-9]*| copy(?: [0-9]+)?)$/i;

/**
 * Whether a file is likely to hold secrets, judged by its path or URI. A model can reproduce what it has read. Data and prose count if their
 * names mention secrets, passwords, credentials or keys in any spelling; source code counts only if its name is nothing but that word. A
 * copy counts as the file that it was made of.
 */
export function isLikelySecret(path: string): boolean {
  return folders.has(basename(dirname(path))) || isSecretFile(dirname(path), basename(path));
}

function isSecretFile(folder: string, name: string): boolean {
  const original = name.replace(copyEnding, "");
  if (original !== name && original !== "") {
    const isOfVim = /^\../.test(original) && isSecretFile(folder, original.slice(1));
    return names(name) || isOfVim || isSecretFile(folder, original);
  }
  if (names(name) || paths(`${folder.replaceAll("\\", "/")}/${name}`)) return true;
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
    .normalize()
    .replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3-$2")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .toLowerCase();
}
