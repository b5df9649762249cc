/**
 * Interleaves sequences: takes one item of each in turn, from `atATime` sequences at a time. So neighbouring items, which the lanes of
 * a batch read side by side, come from different sequences.
 * @param begin starts the sequence of a source when its turn has come
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
