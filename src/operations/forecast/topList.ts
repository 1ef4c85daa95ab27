/** Keeps the few largest of many items. Among equal ones, those that came first. */
export class TopList<Item> {
  readonly #size: number;
  readonly #rankOf: (item: Item) => number;
  #items: Item[] = [];

  constructor(size: number, rankOf: (item: Item) => number) {
    this.#size = size;
    this.#rankOf = rankOf;
  }

  /** The items, largest first. */
  get items(): readonly Item[] {
    return this.#items;
  }

  add(item: Item): void {
    const rank = this.#rankOf(item);
    const last = this.#items.at(-1);
    if (this.#items.length === this.#size && last !== undefined && rank <= this.#rankOf(last)) return;
    const place = this.#items.findIndex((other) => this.#rankOf(other) < rank);
    this.#items.splice(place === -1 ? this.#items.length : place, 0, item);
    this.#items = this.#items.slice(0, this.#size);
  }
}
