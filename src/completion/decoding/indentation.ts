/** How the lines of a document are indented. */
export interface Indentation {
  readonly blank: " " | "\t";
  /** The number of blanks in one step, after a line that opens a block; undefined if unknown. */
  readonly step?: number | undefined;
  /** Matches the lines after which one more step may begin. */
  readonly opens: RegExp;
  /** Whether each line has the depth of its block, in spaces. */
  readonly hasLevels?: boolean;
}

const opensBlock = /[{[]\s*$/;
const opensPythonBlock =
  /[{[]\s*$|^\s*(?:async|case|class|def|elif|else|except|finally|for|if|match|try|while|with)\b.*:\s*$/;
/** Languages in which a line may be indented in any way. */
const isProse: ReadonlySet<string> = new Set(["latex", "markdown", "prose"]);
/** A rule of a Makefile, after which its recipe follows. */
const makeRule = /^[^\t=]*:(?!=)/;

/**
 * How a document is indented: as its language requires, or else as most lines of the given part are.
 * @param language the document's; undefined if unknown
 * @returns undefined if no line is indented
 */
export function indentationIn(text: string, language: string | undefined): Indentation | undefined {
  if (language === "makefile") return { blank: "\t", step: 1, opens: makeRule };
  const opens = language === "python" ? opensPythonBlock : opensBlock;
  if (language === "go" || language === "go.mod") return { blank: "\t", step: 1, opens };
  const { tabs, spaces, step } = indentedLines(text, opens);
  const isYaml = language === "yaml";
  if (tabs === 0 && spaces === 0 && !isYaml) return undefined;
  if (tabs > spaces && !isYaml) return { blank: "\t", step: 1, opens };
  return { blank: " ", step, opens, hasLevels: !isProse.has(language ?? "") };
}

/** The indented lines of a text. */
interface IndentedLines {
  /** Number of lines that begin with a tab. */
  readonly tabs: number;
  /** Number of lines that begin with spaces. */
  readonly spaces: number;
  /** The commonest number of blanks that a line has more than the line before it, where that opens a block. */
  readonly step: number | undefined;
}

function indentedLines(text: string, opens: RegExp): IndentedLines {
  const steps = new Map<number, number>();
  let [tabs, spaces, previousBegins, previousBlanks] = [0, 0, 0, 0];
  let end = 0;
  for (let begins = 0; begins < text.length; begins = end + 1) {
    end = text.indexOf("\n", begins);
    if (end < 0) end = text.length;
    let first = begins;
    while (isBlank(text.charCodeAt(first))) first++;
    if (first === end) continue;
    const blanks = first - begins;
    if (text[begins] === "\t") tabs++;
    // A single space is an alignment, as in a block comment.
    else if (blanks > 1 && text[first] !== "*") spaces++;
    const step = blanks - previousBlanks;
    const isDeeper = step > 0 && begins > 0;
    if (isDeeper && opens.test(text.slice(previousBegins, begins - 1))) steps.set(step, (steps.get(step) ?? 0) + 1);
    [previousBegins, previousBlanks] = [begins, blanks];
  }
  return { tabs, spaces, step: [...steps].sort(([, a], [, b]) => b - a)[0]?.[0] };
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
