/**
 * Matches a name for a password, as the source of a regular expression without regard to case. Letters may stand before it, as in
 * "dbPassword".
 */
const password = [
  ...["passw(?:or)?d", "passphrase", "passcode", "[_-]pass(?![a-z])", "[_-]pwd(?![a-z])", "secret"],
  ...["passwor?t", "kenn?wort", "mots?_?de_?passe", "contrase(?:ñ|n\u0303?)a", "senha(?![a-z])", "palavra_?passe"],
  ...[
    "wachtwoord",
    "l(?:ö|o)senord",
    "passord",
    "adgangskode",
    "salasana",
    "has[łl]o(?![a-z])",
    "heslo(?![a-z])",
    "[şs]ifre",
  ],
  ...["парол[ья]", "κωδικ[όο]ς?", "m[ậa]t_?kh[ẩa]u", "parola_?(?:d_?ordine|chiave)"],
  ...["كلمة_?(?:ال)?(?:مرور|سر)", "密码", "密碼", "パスワード", "비밀번호", "(?<![a-z])psk(?![a-z])"],
].join("|");

/** The same for any secret: a password, a token or a key. What may follow it, as in "tokenValue2", is part of it. */
export const secretName = new RegExp(
  `(?:${password}|(?<![a-z])pass(?![a-z])|(?<![a-z])pwd|pwd(?![a-z])|(?<![a-z])mdp(?![a-z])|(?<![a-z])clave|token|credential|(?:api|access|private|auth|encryption|signing)[_-]?key)\\w{0,20}`,
).source;

/** Matches a name that ends in a word for passwords, apart from a number or an environment. */
export const passwordName = new RegExp(
  `(?:${password})s?(?:_?(?:[0-9]{1,3}|prod(?:uction)?|dev|test|stag(?:e|ing)|live|local|default|plain(?:_?text)?|str(?:ing)?|value))?(?![\\w\u00AA-\uFFFF]|-[a-z])`,
  "i",
).source;

const isPasswordName = new RegExp(passwordName, "i");

/** Whether what stands before a value names a password, rather than a token, a key, or something about a password. */
export function namesPassword(before: string): boolean {
  return isPasswordName.test(before);
}

const hasPasswordWord = new RegExp(`pass|pwd|token|credential|geheim|(?<![a-z])keys?(?![a-z])|${password}`, "iu");

/** Matches values that contain variables or are expressions, and regular expressions. */
export const isReference =
  /\[(?:\^|[0-9A-Za-z]-[0-9A-Za-z])|^<|^\$[A-Za-z_]|[$#]\{|\$\(|\{[\w.]*\}|\{\{|\{%|%[sdv@(]|^%\w+%|\(\?[=!:<]|\\[dws]/;

/** Matches values that stand for others, and names of types. */
export const isPlaceholder =
  /^(?:your|example|placeholder|dummy|change[-_ ]?(?:me|it|this)|replace[-_ ]?(?:me|this|with)|x{3,}|\*+$|\.{3}|(?:string|str|bytes|text|number|boolean|bool|any|unknown|optional|null|nil|none|undefined|true|false|password|token|secret)!?$|(?:big)?u?(?:int|float)[0-9])/i;

/** Words that settings and tests put where a password may be: none of them is a secret. */
const commonValues =
  /^(?:pass(?:w(?:or)?d|phrase|code)?|pwd?|secret|test(?:ing|er)?|foo(?:bar)?|bar|baz|qux|fake|sample|demo|mock|stub|todo|tbd|admin|root|user(?:name)?|guest|default|custom|value|data|input|hidden|masked|redacted|removed|omitted|required|optional|enabled|disabled|missing|invalid|empty|blank|plain(?:text)?|encrypted|hash(?:ed)?|object|function|varchar|char|literal|constant|symbol|forgot(?:ten)?|reset|inherit|prompt|manual|auto(?:matic)?|never|always|ignore|basic|bearer|oauth2?|openid|opaque|none|cookie|session|local|remote|static|dynamic|file|path|keyring|keychain|vault|env(?:ironment)?|varies|unused|not[-_ ]?set)$/i;

/** Words that sentences contain and passphrases seldom do. */
const isSentence =
  /(?:^|\s)(?:a|an|and|are|at|be|by|can|do|enter|for|from|has|if|in|is|it|must|no|not|of|on|or|please|should|that|the|this|to|use|used|was|when|will|with|you|your|der|die|das|ein|eine|ist|und|nicht|mit|bitte|le|la|les|des|du|est|et|pour|el|los|por|para|es|de|il|di|een|het)(?=\s|$)|[.?:…]\s*$/i;

/** Matches what remains of code if a quote that ends a text is taken for one that begins it. */
const isCode = /^[+,;:.)\]}&|?=<>]|[+,(&|]\s*$|["'`]\s*[+,;:)\]}]|[[({]\s*["'`]|&&|\|\||=>/;

/**
 * Whether a literal that is given to a name for a password is likely to be one: it is, unless it is clearly something else, such as
 * the name of a field, a message, a path or a version.
 * @param identifier the whole name that the value is given to
 */
export function isLikelyPassword(value: string, identifier: string): boolean {
  if (value.length < 6 || commonValues.test(value) || isCall(value) || isVersion.test(value)) return false;
  const hasSpace = /\s/.test(value);
  if (!hasSpace && value.length >= 8 && hasLetterAndDigit(value)) return true;
  if (isCode.test(value) || !/[\p{L}\p{N}]/u.test(value)) return false;
  if (hasSpace && (isSentence.test(value) || /\\[nt]|[;{}]/.test(value) || hasPasswordWord.test(value))) return false;
  if (/[\p{N}]/u.test(value)) return true;
  return !isPathOrName.test(value) && !/^[#./~@:[\\^]/.test(value) && !namesField(value, identifier);
}

const isVersion = /^[\^~<>=v]{0,3}[0-9]+(?:\.[0-9x*]+)+(?:[-+][\w.+-]*)?$/;

/** Matches words with full stops, colons, slashes or bars between them: names in code, paths, addresses and rules of validation. */
const isPathOrName = /^(?:https?:\/\/|\.{0,2}[/\\])?[\p{L}_$][\w$-]*(?:(?:\.|::?|->|[/\\|])[\p{L}_$][\w$-]*)+[/\\]?$/u;

/** Words that stand beside a word for passwords in the names of fields, messages and settings. */
const fieldWords =
  /^(?:a|account|admin|again|api|app|auth(?:entication|orization)?|bad|base|basic|change[ds]?|check|client|config|confirm(?:ation|ed)?|correct|create[ds]?|current|data|database|db|default|field|for|forgot(?:ten)?|get|grant|hash(?:ed)?|hidden|id|in|incorrect|input|invalid|is|key|label|login|mail|master|missing|my|name|new|no|of|old|or|page|path|plain|prompt|proxy|recovery|repeat|request|required|reset|root|save|secure|server|service|set|show|sign|smtp|store|strength|strong|text|to|type|update[ds]?|user(?:name)?|value|verify|weak|with|wrong)$/;

/** Whether a value without digits names a field, and is no password: it repeats the field's name, or is worded as such names are in code. */
function namesField(value: string, identifier: string): boolean {
  const words = wordsOf(value);
  if (lettersOf(identifier).includes(lettersOf(value))) return true;
  if (!hasPasswordWord.test(value)) return false;
  if (/[-_.:/ ]/.test(value)) return true;
  return words.every((word) => hasPasswordWord.test(word) || fieldWords.test(word));
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}]/gu, "");
}

/** Whether a quoted text is a call in a line of code, whose brackets come last. */
export function isCall(value: string): boolean {
  return /[()]/.test(value) && (/\)$/.test(value) || !/[0-9]/.test(value));
}

export function hasLetterAndDigit(value: string): boolean {
  return /[A-Za-z]/.test(value) && /[0-9]/.test(value);
}

/** Whether an unquoted value has letters and digits in an order that types and variables seldom have. */
export function isNoIdentifier(value: string): boolean {
  if (/[0-9][A-Za-z]/.test(value)) return value.length >= 10;
  return value.length >= 8 && hasLetterAndDigit(value) && (/[0-9]{3}/.test(value) || /[!@#%^&*]/.test(value));
}

/** Whether an unquoted word is likely to be a password: letters alone could also be a variable or a type, which are often capitalised. */
export function isLikelyWord(value: string, identifier: string): boolean {
  if (isNoIdentifier(value)) return true;
  return (
    /^[^A-Z]/.test(value) && !/[A-Z]/.test(value) && !/[(){}[\]]/.test(value) && isLikelyPassword(value, identifier)
  );
}
