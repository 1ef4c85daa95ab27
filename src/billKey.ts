const longestKey = 200;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * An id of the billing system that is not a number, as the database writes it; undefined if the value is no
 * such id.
 */
export function keyOf(value: unknown, idKind: 'uuid' | 'text'): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > longestKey) return undefined;
  if (idKind === 'text') return /\p{Cc}/u.test(value) ? undefined : value;
  const key = value.toLowerCase();
  return uuid.test(key) ? key : undefined;
}
