/** Cuts a list into pieces of at most `maxBytes`. A larger item is a piece by itself. */
export function* piecesByBytes<Item>(
  items: readonly Item[],
  sizeOf: (item: Item) => number,
  maxBytes: number,
): Generator<readonly Item[]> {
  let start = 0;
  let bytes = 0;
  for (const [index, item] of items.entries()) {
    const size = sizeOf(item);
    if (index > start && bytes + size > maxBytes) {
      yield items.slice(start, index);
      start = index;
      bytes = 0;
    }
    bytes += size;
  }
  if (start < items.length) yield items.slice(start);
}
