/** A value that is given to a name that means a secret. */
export interface SecretValue {
  /** Offsets, in UTF-16 units, from the name to the end of the value. */
  readonly from: number;
  readonly to: number;
  /** Whether the value looks like a literal secret; otherwise it may become one as it is typed. */
  readonly isWhole: boolean;
}

/** How a value follows a name, and which values count. */
interface Form {
  /** Matches what stands before a value. Every repetition is bounded, so a long line takes linear time. */
  readonly head: RegExp;
  /** Matches a value, finished or not, at the end of its head. */
  readonly value: RegExp;
  /** Matches what must follow while the value is being typed, and when it is finished. */
  readonly growing: RegExp;
  readonly finished: RegExp;
  /** Whether a finished value is a likely secret. */
  isSecret(value: string): boolean;
}

/** Matches the end of a name for a password, a token or a key in code and settings. */
const name =
  /(?:passw(?:or)?d|passphrase|passcode|(?<![a-z])pass(?![a-z])|(?<![a-z])pwd|pwd(?![a-z])|secret|token|credential|(?:api|access|private|auth|encryption|signing)[_-]?key)\w{0,20}/
    .source;

/** Matches a type between a name and an equals sign, as in TypeScript, Rust, Go and C. */
const type = /(?:[ \t]{0,4}:[ \t]{0,4}[\w&[][\w.&<>|[\]' ]{0,40}?|[ \t][\w*[\]]{1,24}|\[\d{0,4}\])?/.source;

const anything = /(?:)/y;
const endOfLine = /[^\S\r\n]{0,40}(?:#|\r?$)/my;
const space = /(?!\S)/y;

/** A value in quotation marks of one kind. */
function quoted(quote: string): Form {
  const separators = [
    // password = "…", PASSWORD: string = "…", password == "…"
    `["'\`]?\\]?${type}\\s{0,4}(?:={1,3}|=>|:=)`,
    // "password": "…"
    "[\"'`]?\\]?\\s{0,4}:",
    // key="password" value="…"
    "[\"'`]\\s{1,4}value\\s{0,4}=",
    // PASSWORD '…' in SQL
    "(?=\\s{1,4}')",
  ];
  // define("PASSWORD", "…"), but not every list of names
  const argument = `\\(\\s{0,4}["'\`][\\w.-]{0,80}?${name}["'\`]\\s{0,4},`;
  return {
    head: new RegExp(
      `(?:${name}(?:${separators.join("|")})|${argument}|identified by)\\s{0,4}[a-z@]{0,2}${quote}`,
      "gi",
    ),
    value: new RegExp(`[^\\s${quote}]{1,256}`, "y"),
    growing: anything,
    finished: new RegExp(quote, "y"),
    isSecret: (value) => value.length >= 8 && /[A-Za-z]/.test(value) && /[0-9!@#%^&*]/.test(value) && !isCall(value),
  };
}

const forms: readonly Form[] = [
  quoted("'"),
  quoted('"'),
  quoted("`"),
  // PASSWORD=…, "…;Password=…;", ?token=…&
  {
    head: new RegExp(`${name}=(?![=>])`, "gi"),
    value: /[^\s"'`{}<>()[\].,;&\\]{1,256}/y,
    growing: /(?![^\s"'`;&])/y,
    finished: /(?![^\s"'`;&])/y,
    isSecret: (value) => value.length >= 8 && hasLetterAndDigit(value),
  },
  // --password …
  {
    head: new RegExp(`--[\\w-]{0,40}${name}[^\\S\\r\\n]{1,4}`, "gi"),
    value: /[^\s"'`{}<>()[\].,;]{1,256}/y,
    growing: space,
    finished: space,
    isSecret: isNoIdentifier,
  },
  // password: …, password: >- …
  {
    head: new RegExp(`${name}["'\`]?:[^\\S\\r\\n]{1,4}(?:[>|][+-]?[^\\S\\r\\n]{1,4})?`, "gi"),
    value: /[^\s"'`{}<>()[\].,;]{1,256}/y,
    growing: endOfLine,
    finished: space,
    isSecret: isNoIdentifier,
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
    isSecret: isNoIdentifier,
  },
  // <password>…</password>
  {
    head: new RegExp(`<[\\w:.-]{0,40}${name}>`, "gi"),
    value: /[^\s<>]{1,256}/y,
    growing: anything,
    finished: /<\//y,
    isSecret: (value) => value.length >= 6 && hasLetterAndDigit(value),
  },
  // Authorization: Bearer …
  {
    head: /(?:authorization["'`]?\]?\s{0,4}[:=,]\s{0,4}["'`]?(?:bearer|basic|token|apikey)|["'`]bearer)[^\S\r\n]{1,4}/gi,
    value: /[\w.~+/=-]{1,1024}/y,
    growing: anything,
    finished: anything,
    isSecret: (value) => value.length >= 8 && hasLetterAndDigit(value),
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
    head: /(?<![\w-])(?=AIza)/g,
    value: /AIza[\w-]{1,35}/y,
    growing: anything,
    finished: /(?![\w-])/y,
    isSecret: (value) => value.length === 39,
  },
];

/** Finds the values that are given to names for passwords, tokens and keys, in code, settings, markup and URLs. */
export function* secretValues(text: string): Generator<SecretValue, void, undefined> {
  for (const { head, value, growing, finished, isSecret } of forms) {
    for (const { index, 0: before } of text.matchAll(head)) {
      const at = index + before.length;
      const found = matchAt(value, text, at);
      if (found === undefined || isReference.test(found) || isPlaceholder.test(found)) continue;
      const to = at + found.length;
      const isWhole = matchAt(finished, text, to) !== undefined && isSecret(found);
      if (isWhole || matchAt(growing, text, to) !== undefined) yield { from: index, to, isWhole };
    }
  }
}

/**
 * Matches the beginning of a token in a well-known format, which is recognised as a whole only when it is finished.
 */
export const begunToken =
  /(?<![\w-])(?:AKIA|ASIA|gh[opsur]_|github_pat_|glpat-|xox[abeprs]-|sk-(?:ant|proj)-|[rs]k_live_|npm_|hf_|dckr_pat_|shpat_|SG\.|eyJ)[\w-]/;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Matches values that contain variables, and regular expressions. */
const isReference = /\[(?:\^|[0-9A-Za-z]-[0-9A-Za-z])|^<|^\$[A-Za-z_]|[$#]\{|\$\(|\{[\w.]*\}|\{\{|\{%|%[sd(]/;

/** Matches values that stand for others, and names of types. */
const isPlaceholder =
  /^(?:your|example|placeholder|change[-_]?(?:me|it)|x{3,}|\*+$|\.{3}|(?:string|str|bytes|text|number|boolean|bool|any|unknown|optional|null|nil|none|undefined|true|false|password|token|secret)$|(?:big)?u?(?:int|float)[0-9])/i;

function hasLetterAndDigit(value: string): boolean {
  return /[A-Za-z]/.test(value) && /[0-9]/.test(value);
}

/** Whether a quoted text is a call in a line of code, whose brackets come last. */
function isCall(value: string): boolean {
  return /[()]/.test(value) && (/\)$/.test(value) || !/[0-9]/.test(value));
}

/** Whether an unquoted value has letters and digits in an order that types and variables seldom have. */
function isNoIdentifier(value: string): boolean {
  if (/[0-9][A-Za-z]/.test(value)) return value.length >= 10;
  return value.length >= 8 && hasLetterAndDigit(value) && (/[0-9]{3}/.test(value) || /[!@#%^&*]/.test(value));
}
