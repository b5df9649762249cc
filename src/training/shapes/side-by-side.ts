/**
 * The items of some sequences, one of each in turn, of so many sequences at a time: what comes out one after another, and is read
 * side by side by the lanes of a batch, then comes from different ones.
 */
export function* sideBySide<T>(sequences: Iterable<Iterable<T>>, atATime: number): Generator<T, void, undefined> {
  const waiting = sequences[Symbol.iterator]();
  const open: Iterator<T>[] = [];
  try {
    for (let turn = 0; ; ) {
      while (open.length < atATime) {
        const next = waiting.next();
        if (next.done) break;
        open.push(next.value[Symbol.iterator]());
      }
      if (open.length === 0) return;
      turn %= open.length;
      const item = open[turn]?.next();
      if (!item || item.done) {
        open.splice(turn, 1);
      } else {
        turn++;
        yield item.value;
      }
    }
  } finally {
    for (const iterator of open) iterator.return?.();
  }
}
