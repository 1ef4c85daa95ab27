/** What a message may have several of: each has a place for its list in a body. */
export const lists = ['buttons', 'attachments'] as const;

export type ListName = (typeof lists)[number];

/** Of which list a text is the place. */
export function listOf(text: unknown): ListName | undefined {
  return lists.find((name) => text === placeOf(name));
}

/** How often the place stands in a body, and whether each time as a field of an object that has others. */
export function listPlacesIn(
  body: unknown,
  name: ListName,
): { readonly count: number; readonly areRight: boolean } {
  const count = JSON.stringify(body).split(placeOf(name)).length - 1;
  return { count, areRight: rightPlaces(body, name) === count };
}

export function placeOf(name: ListName): string {
  return `{{${name}}}`;
}

function rightPlaces(value: unknown, name: ListName): number {
  if (typeof value !== 'object' || value === null) return 0;
  const items = Object.values(value);
  const isField = !Array.isArray(value) && items.some((item) => listOf(item) === undefined);
  const own = isField ? items.filter((item) => listOf(item) === name).length : 0;
  return own + items.reduce((sum: number, item) => sum + rightPlaces(item, name), 0);
}
