/** In a body, the place of the list of a message's buttons. */
export const buttonsPlace = '{{buttons}}';

/** How often the place stands in a body, and whether each time as a field of an object that has others. */
export function buttonPlacesIn(body: unknown): { readonly count: number; readonly areRight: boolean } {
  const count = JSON.stringify(body).split(buttonsPlace).length - 1;
  return { count, areRight: rightPlaces(body) === count };
}

function rightPlaces(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const items = Object.values(value);
  const isField = !Array.isArray(value) && items.some((item) => item !== buttonsPlace);
  const own = isField ? items.filter((item) => item === buttonsPlace).length : 0;
  return own + items.reduce((sum: number, item) => sum + rightPlaces(item), 0);
}
