/**
 * All values at a JSON pointer (RFC 6901); the segment `*` stands for each item of a list, and for each value
 * of an object.
 */
export function valuesAt(value: unknown, pointer: string): unknown[] {
  let found = [value];
  for (const segment of segmentsOf(pointer)) found = found.flatMap((one) => stepInto(one, segment));
  return found.filter((one) => one !== undefined);
}

/** The text or number at a JSON pointer. */
export function textAt(value: unknown, pointer: string): string | undefined {
  const [found] = valuesAt(value, pointer);
  if (typeof found === 'string') return found === '' ? undefined : found;
  return typeof found === 'number' ? String(found) : undefined;
}

function segmentsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function stepInto(value: unknown, segment: string): unknown[] {
  if (Array.isArray(value)) return segment === '*' ? value : [value[Number(segment)]];
  if (typeof value !== 'object' || value === null) return [];
  if (segment === '*') return Object.values(value);
  if (!Object.hasOwn(value, segment)) return [];
  return [(value as Readonly<Record<string, unknown>>)[segment]];
}
