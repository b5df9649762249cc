import {
  hasLetterAndDigit,
  isCall,
  isLikelyPassword,
  isLikelyWord,
  isNoIdentifier,
  secretName as name,
  namesPassword,
  passwordName,
} from "./secret-words.ts";

/** How a value follows a name, and which values count. */
export interface SecretForm {
  /** Matches what stands before a value. Every repetition is bounded, so a long line takes linear time. */
  readonly head: RegExp;
  /** Matches a value, finished or not, at the end of its head. */
  readonly value: RegExp;
  /** Matches what must follow while the value is being typed, and when it is finished. */
  readonly growing: RegExp;
  readonly finished: RegExp;
  /** Whether a finished value is a likely secret, after the rest of its name and what the head matched. */
  isSecret(value: string, before: string): boolean;
}

/** Matches a type between a name and an equals sign, as in TypeScript, Rust, Go and C. */
const type = /(?:[ \t]{0,4}:[ \t]{0,4}[\w&[][\w.&<>|[\]' ]{0,40}?|[ \t][\w*[\]]{1,24}|\[\d{0,4}\])?/.source;

/** Matches what a literal is wrapped in: brackets, and calls that merely convert or keep a text. */
const wrapping = [
  String.raw`(?:(?:new\s{1,4})?(?:(?:std::)?(?:w?string(?:_view)?|Cow|Box|R?Arc|Rc|Some|Ok|Just|Optional|Secret(?:Str(?:ing)?|Box|Bytes)?|SecureString|Zeroizing|StringBuilder|NSString|QString(?:Literal)?|Buffer|CString|OsString|PathBuf)(?:<[\w&' ]{0,24}>)?(?:(?:::|\.)(?:from|new|of|valueOf|some|copyOf|from_str))?|bytes|bytearray|str|\[\](?:byte|rune)|strdup|format!|TEXT|_T|lazyOf|lazy|observable|ref|signal|mutableStateOf)\s{0,2})?[({[]\s{0,4}`,
].join("|");

const anything = /(?:)/y;
const endOfLine = /[^\S\r\n]{0,40}(?:#|\r?$)/my;
const space = /(?!\S)/y;

/** Matches what stands between a name and a value in quotation marks. */
const separators = [
  // password = "…", PASSWORD: string = "…", password == "…"
  `(?:["'\`]\\]?|\\]?${type})\\s{0,4}(?:={1,3}|=>|:=|\\?\\?=|\\|\\|=)`,
  // "password": "…"
  "[\"'`]?\\]?\\s{0,4}:",
  // val password: String by lazy { "…" }
  `${type}\\s{1,4}by\\s{1,4}(?=lazy)`,
  // key="password" value="…"
  "[\"'`]\\s{1,4}value\\s{0,4}=",
  // PASSWORD '…' in SQL
  "(?=\\s{1,4}')",
  // {:password "…"} in Clojure, (def password "…") and (setq password "…") in Lisps
  '(?<=(?::|\\((?:def\\w{0,12}|set[qf]|define)\\s{1,4})[\\w*-]{0,40})\\s{1,4}(?=")',
  // #define PASSWORD "…", PASSWORD equ "…"
  "(?<=#\\s{0,4}define\\s{1,4}\\w{1,80})\\s{1,40}(?=[\"'])",
  "\\s{1,8}equ\\s{1,8}(?=[\"'])",
  // password <- "…" in R
  "\\s{0,4}<{1,2}-",
];

/** A value in quotation marks of one kind. */
function quoted(quote: string): SecretForm {
  // define("PASSWORD", "…"), but not every list of names
  const argument = `\\(\\s{0,4}["'\`][\\w.-]{0,80}?${name}["'\`]\\s{0,4},`;
  // source.setPassword("…"), builder.password("…"), password("…")
  const setter = `(?:(?:(?<![a-z])(?:set|with)\\w{0,40}?|\\.)(?:${passwordName})|(?<!\\w)(?:passw(?:or)?d|passphrase))\\((?=\\s{0,4}${quote})`;
  return {
    head: new RegExp(
      `(?:${name}(?:${separators.join("|")})|${argument}|${setter}|identified by)\\s{0,4}(?:${wrapping}){0,2}[a-z@]{0,2}${quote}`,
      "gi",
    ),
    value: new RegExp(`[^\\s${quote}][^\\r\\n${quote}]{0,255}`, "y"),
    growing: anything,
    // A quote that is left open ends with its line. Only a run of eight characters or more with a digit is then a secret.
    finished: new RegExp(`${quote}|(?<=${quote}(?=\\S*[0-9])[^\\s${quote}]{8,})\\r?$`, "my"),
    isSecret: isQuotedSecret,
  };
}

/** Whether a literal in quotation marks is a secret: of tokens and keys, which have many other names, only texts with letters and digits. */
function isQuotedSecret(value: string, before: string): boolean {
  if (namesPassword(before) && !isArgument.test(before)) return isLikelyPassword(value, before);
  const isMixed = /[A-Za-z]/.test(value) && /[0-9!@#%^&*]/.test(value);
  return value.length >= 8 && isMixed && !/\s/.test(value) && !isCall(value) && !isListed.test(before);
}

/** Matches the beginning of a list: of tokens and keys, it seldom contains secrets. */
const isListed = /[=:]\s*[[({]+\s*["'`]$/;

/** Matches a call's first argument: the second may be anything. */
const isArgument = /\(\s*["'`][^"'`]*["'`]\s*,/;

/** What follows an option in a sentence about it. */
const isAboutOption =
  /^(?:option|argument|flag|parameter|switch|value|instead|together|with|and|or|is|are|was|to|for|in|on|if|as|specify|set|the|an?)$/i;

function isUnquotedSecret(value: string, before: string): boolean {
  return namesPassword(before) ? isLikelyWord(value, before) : isNoIdentifier(value);
}

/** A value after a command's option for a password, in quotation marks or not. */
const options = [
  // mysql -u root -p…
  String.raw`\b(?:mysql|mariadb)\w{0,12}\b[^\r\n|;]{0,160}?\s-p(?=\S)`,
  // docker login -p …
  String.raw`\b(?:sshpass|(?:docker|podman|buildah|registry|az|oc|cf)\s{1,4}login|mongo\w{0,8})\b[^\r\n|;]{0,160}?\s-p[ =]{0,2}(?=\S)`,
  String.raw`\bredis-cli\b[^\r\n|;]{0,160}?\s-a\s{1,2}`,
  String.raw`\bldap\w{3,10}\b[^\r\n|;]{0,160}?\s-w\s{1,2}`,
  String.raw`\b(?:plink|pscp|psftp)\b[^\r\n|;]{0,160}?\s-pw\s{1,2}`,
  String.raw`\b(?:smbclient|rpcclient)\b[^\r\n|;]{0,160}?\s-U\s{0,2}["']?[\w.\\-]{1,64}%`,
  // openssl -passin pass:…
  String.raw`-pass(?:in|out)?\s{1,2}["']?pass:`,
  // curl -u name:…
  String.raw`(?<!\b(?:docker|podman|chown|compose|install|rsync)\b[^\r\n]{0,200})\s(?:-u|--(?:proxy-)?user)[ =]{0,2}["']?[\w.@+-]{1,64}:`,
  // machine example.org login me password …
  String.raw`\bmachine\s{1,4}\S{1,80}\s{1,4}login\s{1,4}\S{1,80}\s{1,4}password\s{1,4}`,
  // requirepass …
  String.raw`\b(?:requirepass|masterauth)\s{1,4}`,
];

/** Forms in which a name for a secret stands before a value. */
const namedForms: readonly SecretForm[] = [
  quoted("'"),
  quoted('"'),
  quoted("`"),
  // "{\"password\":\"…\"}"
  {
    head: new RegExp(String.raw`${name}\\{1,4}["']\s{0,4}[:=]\s{0,4}\\{1,4}["']`, "gi"),
    value: /[^\s"'\\][^\r\n"'\\]{0,255}/y,
    growing: anything,
    finished: /\\{1,4}["']/y,
    isSecret: isQuotedSecret,
  },
  // PASSWORD=…, "…;Password=…;", ?token=…&
  {
    head: new RegExp(`${name}=(?![=>])`, "gi"),
    value: /[^\s"'`{}<>()[\].,;&\\]{1,256}/y,
    growing: /(?![^\s"'`;&])/y,
    finished: /(?![^\s"'`;&])/y,
    isSecret: (value) => value.length >= 8 && hasLetterAndDigit(value),
  },
  // export DB_PASSWORD=…, ENV DB_PASSWORD=…, - DB_PASSWORD=…, db.password=…
  {
    head: new RegExp(
      String.raw`^(?:[^\S\r\n]{0,40}(?:-[^\S\r\n]{1,4}["']?|(?:[\w-]{1,20}[^\S\r\n]{1,4}){1,3}))?[\w.-]{0,80}?(?:${passwordName})=`,
      "gim",
    ),
    value: /[^\s"'`{}<>()[\],;&\\$]{1,256}/y,
    growing: space,
    finished: /["']?(?!\S)/y,
    isSecret: isLikelyWord,
  },
  // ENV DB_PASSWORD …
  {
    head: new RegExp(
      String.raw`^[^\S\r\n]{0,40}(?:ENV|SetEnv|setx|set(?: -\w{1,3})?|%define|%global)[^\S\r\n]{1,4}[\w.-]{0,80}?${name}[^\S\r\n]{1,4}`,
      "gim",
    ),
    value: /[^\s"'`{}<>()[\],;=]{1,256}/y,
    growing: space,
    finished: space,
    isSecret: isUnquotedSecret,
  },
  // --password …
  {
    head: new RegExp(`--[\\w-]{0,40}${name}[^\\S\\r\\n]{1,4}`, "gi"),
    value: /[^\s"'`{}<>()[\].,;]{1,256}/y,
    growing: space,
    finished: space,
    isSecret: isNoIdentifier,
  },
  // useradd --password …, a word alone after a command
  {
    head: new RegExp(
      String.raw`^[^\S\r\n]{0,40}(?:[$>%][^\S\r\n])?[a-z][\w./-]{0,40}[^\S\r\n](?![^\r\n]{0,160}(?:#|\/\/))[^\r\n]{0,120}?--[\w-]{0,40}(?:${passwordName})[^\S\r\n]{1,4}`,
      "gim",
    ),
    value: /[^\s"'`{}<>()[\].,;]{1,256}/y,
    growing: space,
    finished: space,
    isSecret: (value, before) => !isAboutOption.test(value) && isLikelyWord(value, before),
  },
  // password: …, password: !tag …, password: >- …
  {
    head: new RegExp(
      `${name}["'\`]?:[^\\S\\r\\n]{1,4}(?:![\\w!-]{1,20}[^\\S\\r\\n]{1,4})?(?:[>|][+-]?[^\\S\\r\\n]{1,4})?`,
      "gi",
    ),
    value: /[^\s"'`{}<>()[\].,;]{1,256}/y,
    growing: endOfLine,
    finished: space,
    isSecret: isNoIdentifier,
  },
  // password: …, a word alone on its line as in YAML
  {
    head: new RegExp(
      String.raw`^[^\S\r\n]{0,40}(?:-[^\S\r\n]{1,4})?["']?[\w.-]{0,80}?(?:${passwordName})["']?:[^\S\r\n]{1,4}`,
      "gim",
    ),
    value: /[^\s"'`{}<>()[\],;]{1,256}/y,
    growing: endOfLine,
    finished: endOfLine,
    isSecret: isLikelyWord,
  },
  // password = …, alone on its line
  {
    head: new RegExp(`^[^\\S\\r\\n]{0,40}[\\w.-]{0,80}?${name}[^\\S\\r\\n]{1,4}=[^\\S\\r\\n]{1,4}`, "gim"),
    value: /[^\s"'`{}<>()[\].,;]{1,256}/y,
    growing: endOfLine,
    finished: endOfLine,
    isSecret: isNoIdentifier,
  },
  // password: >- and the value on the next line; name: PASSWORD and value: … on the next line
  {
    head: new RegExp(
      `${name}["']?(?::[^\\S\\r\\n]{1,4}[>|][+-]?[0-9]?[^\\S\\r\\n]{0,4}\\r?\\n[^\\S\\r\\n]{1,40}|[^\\S\\r\\n]{0,4}\\r?\\n[^\\S\\r\\n]{1,40}value:[^\\S\\r\\n]{1,4}["']?)`,
      "gi",
    ),
    value: /[^\s"'`<>]{1,256}/y,
    growing: endOfLine,
    finished: /["']?(?!\S)/y,
    isSecret: isUnquotedSecret,
  },
  // <password>…</password>
  {
    head: new RegExp(`<[\\w:.-]{0,40}${name}>`, "gi"),
    value: /[^\s<>]{1,256}/y,
    growing: anything,
    finished: /<\//y,
    isSecret: (value, before) =>
      (value.length >= 6 && hasLetterAndDigit(value)) || (namesPassword(before) && isLikelyPassword(value, before)),
  },
];

/** A password as an argument of a command. */
const commandForms: readonly SecretForm[] = [
  // curl -u name:…
  {
    head: new RegExp(`(?:${options.join("|")})["']?`, "g"),
    value: /[^\s"'`]{1,256}/y,
    growing: anything,
    finished: /["']?(?!\S)/y,
    isSecret: (value, before) =>
      value.length >= 5 &&
      /[A-Za-z]/.test(value) &&
      !/^[-$/.]|^(?:password|secret)$/i.test(value) &&
      !before.trimEnd().endsWith(` ${value}:`),
  },
];

/** Values that are recognised by themselves, or by a word before them. */
const otherForms: readonly SecretForm[] = [
  // Authorization: Bearer …
  {
    head: /(?:authorization["'`]?\]?\s{0,4}[:=,]\s{0,4}["'`]?(?:bearer|basic|token|apikey)|["'`]bearer)[^\S\r\n]{1,4}/gi,
    value: /[\w.~+/=-]{1,1024}/y,
    growing: anything,
    finished: anything,
    isSecret: (value) => value.length >= 8 && hasLetterAndDigit(value),
  },
  // session=…, salt = "…", auth: …
  {
    head: /(?<![a-z])(?:session(?:[_-]?id)?|php(?:sess(?:ion)?)id|jsessionid|connect\.sid|s?sid|csrf\w{0,12}|xsrf\w{0,12}|salt|pepper|auth|hmac(?:[_-]?key)?|cookie)["'`]?\]?\s{0,4}(?:={1,3}|:=?|=>)\s{0,4}(?:[a-z]?["'`])?/gi,
    // These names are common in code: only a value with a digit near its beginning may become a secret.
    value: /(?=[A-Za-z+/=%.~_-]{0,12}[0-9])[\w+/=%.~-]{6,1024}/y,
    growing: /(?![\w(.[])/y,
    finished: /(?![\w(])/y,
    isSecret: isRandom,
  },
  // redis://user:…@host
  {
    head: /:\/\/[^\s:@/"'`<>{}$]{0,64}:/g,
    // Digits alone may be a port.
    value: /(?:(?<=:\/\/:)|(?![0-9]{1,5}(?![^\s"'`/?#),;\]])))[^\s@/"'`<>()]{1,256}/y,
    growing: anything,
    finished: /@[\w[]/y,
    isSecret: (value) => value.length >= 4 && !/^(?:pass(?:w(?:or)?d)?|pwd?|secret|token)$/i.test(value),
  },
  // A Google API key
  {
    head: /AIza(?<![\w-]AIza)/g,
    value: /[\w-]{1,35}/y,
    growing: anything,
    finished: /(?![\w-])/y,
    isSecret: (value) => value.length === 35,
  },
  // root:$6$…, a password's hash in a file of passwords: of MD5, SHA-2, bcrypt, yescrypt and Argon2
  {
    head: /\$(?=(?:apr1|1)\$[\w./]{1,16}\$[\w./]{22}|[56]\$(?:rounds=\d{1,9}\$)?[\w./]{1,16}\$[\w./]{43}|2[abxy]\$\d\d\$[\w./]{53}|y\$[\w./]{3,12}\$[\w./]{20}|argon2(?:id?|d)\$)/g,
    value: /[\w./+=,$-]{1,256}/y,
    growing: /(?!)/y,
    finished: anything,
    isSecret: (value) => value.length >= 20,
  },
  // A private key of age
  {
    head: /AGE-SECRET-KEY-1/g,
    value: /[0-9A-Z]{1,64}/y,
    growing: anything,
    finished: /(?![0-9A-Z])/y,
    isSecret: (value) => value.length >= 40,
  },
  // A Twilio API key
  {
    head: /SK(?<![\w-]SK)(?=[0-9a-f]{6})/g,
    value: /[0-9a-f]{1,32}/y,
    growing: anything,
    finished: /(?![\w-])/y,
    isSecret: (value) => value.length === 32,
  },
];

/** Forms, and what occurs in each text that contains one of them: a cheap search spares the forms most of the text. */
export interface SecretForms {
  /** Undefined: the forms are looked for everywhere. */
  readonly sign?: RegExp;
  readonly forms: readonly SecretForm[];
}

export const secretForms: readonly SecretForms[] = [
  { sign: new RegExp(`${name}|identified by`, "gi"), forms: namedForms },
  { sign: /\s-(?:-user|-proxy-user|pass|[upawU])|requirepass|masterauth|\bmachine\s/g, forms: commandForms },
  { forms: otherForms },
];

/** Whether a value is a long number in hexadecimal digits, or has letters and digits in an order that seldom occurs in names. */
function isRandom(value: string): boolean {
  if (/^[0-9a-f]{24,}$/i.test(value)) return hasLetterAndDigit(value);
  return value.length >= 20 && (value.match(/[0-9](?=[A-Za-z])|[A-Za-z](?=[0-9])/g)?.length ?? 0) >= 5;
}
