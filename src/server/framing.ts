import type { Readable } from "node:stream";
import { messageOf } from "../errors.ts";

/** The longest header, in bytes. LSP has two fields, of some forty bytes each. */
const longestHeader = 4096;

/** The longest message, in bytes. No editor sends documents of that length. */
const longestMessage = 1 << 28;

const headerEnd = "\r\n\r\n";
const fieldForm = /^[!-9;-~]+:[\t -~]*$/;
const lengthForm = /^content-length:[\t ]*(\d+)[\t ]*$/i;

/** Follows LSP's base protocol: a message is a header, which says how long its content is, and the content. */
class Framing {
  #header = "";
  /** The bytes of content that are still to come. */
  #missing = 0;
  #ended = 0;

  /** How many messages have ended. */
  get ended(): number {
    return this.#ended;
  }

  /** What has not arrived of a message that has begun; undefined between two messages. */
  get missing(): string | undefined {
    if (this.#missing > 0) return `the last ${this.#missing} bytes of a message`;
    return this.#header === "" ? undefined : "the end of a header";
  }

  /** Takes the next piece of the input. @throws Error if the end of a message can't be known */
  take(piece: Buffer): void {
    let rest = piece;
    while (rest.length > 0) {
      rest = rest.subarray(this.#missing > 0 ? this.#takeContent(rest) : this.#takeHeader(rest));
      if (this.missing === undefined) this.#ended++;
    }
  }

  /** @returns how many bytes belonged to the content */
  #takeContent({ length }: Buffer): number {
    const taken = Math.min(this.#missing, length);
    this.#missing -= taken;
    return taken;
  }

  /** @returns how many bytes belonged to the header */
  #takeHeader(piece: Buffer): number {
    const begun = this.#header;
    const header = begun + piece.toString("latin1", 0, longestHeader);
    const end = header.indexOf(headerEnd);
    if (end === -1 && header.length >= longestHeader) {
      throw new Error(`The header of a message is longer than ${longestHeader} bytes`);
    }
    this.#header = end === -1 ? header : "";
    if (end === -1) return piece.length;
    this.#missing = contentLength(header.slice(0, end));
    return end + headerEnd.length - begun.length;
  }
}

function contentLength(header: string): number {
  const fields = header.split("\r\n");
  const wrong = fields.find((field) => !fieldForm.test(field));
  if (wrong !== undefined) throw new Error(`The header of a message has a wrong line: ${JSON.stringify(wrong)}`);
  const [length, ...others] = fields.map((field) => lengthForm.exec(field)?.[1]).filter((found) => found !== undefined);
  if (length === undefined || others.length > 0) {
    throw new Error("The header of a message has no valid Content-Length");
  }
  if (Number(length) > longestMessage) {
    throw new Error(`A message has a Content-Length of ${length}, which is more than ${longestMessage}`);
  }
  return Number(length);
}

interface FramingReport {
  /** Takes a sentence for people. */
  readonly log: (sentence: string) => void;
  /** Called when nothing that comes can be read any more. */
  readonly end: () => void;
}

const ofThisProcess: FramingReport = {
  log: (sentence) => process.stderr.write(`murmur: ${sentence}\n`),
  // An editor starts a server again that ends; one that is deaf it keeps.
  end: () => process.exit(1),
};

/**
 * Looks on while messages are read, and reports where the reader would wait and not say so: for the end of a message that can't be known,
 * or that does not arrive. Must be called before the reader listens.
 * @param wait milliseconds after which a message that is still incomplete is reported
 */
export function watchFraming(input: Readable, { log, end } = ofThisProcess, wait = 10_000): void {
  const framing = new Framing();
  let timer: NodeJS.Timeout | undefined;
  const logLate = (): void =>
    log(`For ${wait / 1000} seconds, the client has not sent ${framing.missing}. Nothing is answered until it does.`);
  input.on("data", (piece: Buffer) => {
    const { ended } = framing;
    try {
      framing.take(piece);
    } catch (error) {
      clearTimeout(timer);
      log(`${messageOf(error)}. Where the next message begins can't be known. The server ends.`);
      return end();
    }
    // A long message arrives in many pieces, and is reported once.
    if (timer && framing.ended === ended) return;
    clearTimeout(timer);
    timer = framing.missing === undefined ? undefined : setTimeout(logLate, wait).unref();
  });
}
