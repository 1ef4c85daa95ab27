/**
 * The patch that turns `before` into `after` (RFC 7386); undefined if nothing has changed. Both are JSON. In
 * such a patch, a member that is null in `after` looks like a missing one; the reader takes both for null.
 */
export function mergePatchOf(before: unknown, after: unknown): unknown {
  return isObject(before) && isObject(after)
    ? patchOf(before, after)
    : isSame(before, after)
      ? undefined
      : after;
}

type JsonObject = Readonly<Record<string, unknown>>;

function patchOf(before: JsonObject, after: JsonObject): JsonObject | undefined {
  const gone = Object.keys(before).flatMap((name) => (Object.hasOwn(after, name) ? [] : [[name, null]]));
  const changed = Object.entries(after).flatMap(([name, value]) => {
    const part = Object.hasOwn(before, name) ? mergePatchOf(before[name], value) : value;
    return part === undefined ? [] : [[name, part]];
  });
  const members = [...gone, ...changed];
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
