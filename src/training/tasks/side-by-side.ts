/**
 * The items of some sequences, one of each in turn, of so many sequences at a time: what comes out one after another, and is read
 * side by side by the lanes of a batch, then comes from different ones.
 * @param begin gives the sequence of a source whose turn has come
 */
export function* sideBySide<S, T>(
  sources: readonly S[],
  begin: (source: S) => Iterable<T>,
  atATime: number,
): Generator<T, void, undefined> {
  const iteratorOf = (source: S): Iterator<T> => begin(source)[Symbol.iterator]();
  const current = sources.slice(0, atATime).map(iteratorOf);
  let begun = current.length;
  let turn = 0;
  try {
    for (;;) {
      turn %= Math.max(1, current.length);
      const item = current[turn]?.next();
      if (!item) return;
      if (item.done) {
        current.splice(turn, 1, ...sources.slice(begun, begun + 1).map(iteratorOf));
        begun++;
      } else {
        turn++;
        yield item.value;
      }
    }
  } finally {
    for (const iterator of current) iterator.return?.();
  }
}
