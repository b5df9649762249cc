/**
 * Milliseconds from handling a keystroke to having its answer, including the time to learn the keystroke. One more passes while the two
 * messages are on their way.
 */
const answerTime = 9;

/** The least and the most milliseconds of it that are kept for the end of an answer: until code is compiled, it takes longer. */
const reserves = { least: 2.5, most: 6.5 } as const;
/** Milliseconds added to what the end of an answer took, for writing the answer. */
const writing = 1;
/** How much of the reserve remains with each answer that needed less. */
const decay = 0.9;

/** An editor that sends its request this many milliseconds after the edit waits before it asks: its time starts at the request. */
const longestWay = 25;

/**
 * Divides the time of a keystroke's answer. Decoding ends by a clock, and what runs then has to end: at most a step of the network and
 * the judging of what was decoded. How long that takes depends on the machine and on what else it does, so the reserve for it follows the
 * answers: it grows at once, and shrinks over some ten answers.
 */
export class AnswerTime {
  #reserve: number = reserves.most;

  /** Milliseconds that decoding may take. @param passed milliseconds since the last edit was handled */
  budget(passed: number): number {
    return Math.max(0, answerTime - this.#reserve - (passed < longestWay ? passed : 0));
  }

  /** Takes note of how long an answer took that ran out of its budget. Both in milliseconds. */
  ranOut(budget: number, taken: number): void {
    // Without any budget, all of an answer's work would count as its end.
    if (budget === 0) return;
    const needed = Math.max(taken - budget + writing, decay * this.#reserve);
    this.#reserve = Math.min(Math.max(needed, reserves.least), reserves.most);
  }
}
