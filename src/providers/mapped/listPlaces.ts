/** Lists that a message may have. A body has a place for each. */
export const lists = ['buttons', 'attachments'] as const;

export type ListName = (typeof lists)[number];

/** The list whose place this text is; undefined if it is none. */
export function listOf(text: unknown): ListName | undefined {
  return lists.find((name) => text === placeOf(name));
}

/**
 * How often the place occurs in a body, and whether each time it is a field of an object with other fields.
 */
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
