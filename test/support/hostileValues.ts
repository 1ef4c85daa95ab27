/** Must not come back. */
export const mark = '<img src=x onerror=alert(1)>';
/** How deep a value is nested. */
export const deep = 20_000;

/** Values of JSON that nobody expects, as text. */
export const hostileValues: readonly string[] = [
  ...['null', 'true', '[]', '{}', '""', '0', '-1', '1e400', '-1e400', '1e21', '9223372036854775808', '0.1'],
  ...['"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udfff\\ud800"', '"\\u202e\\u0007"', `"${mark}"`],
  ...[
    '{"__proto__":{"kind":"delivered"}}',
    '{"constructor":{"prototype":{}}}',
    '[[["x"]]]',
    '{"toString":1}',
  ],
  ...['"+275760-09-13T00:00:00Z"', '"-271821-04-20T00:00:00Z"', '"0000-00-00"', '8.64e15', '-8.64e15'],
  ...[`"${'9'.repeat(400)}"`, `"${'x'.repeat(100_000)}"`, '["42:EMAIL:1","42:SMS:1"]'],
  ...['"99999999999999999999:EMAIL:1"', '"42:EMAIL:999999999"', '"42:EMAIL:2147483648"', '"0:EMAIL:1"'],
  `${'['.repeat(deep)}${']'.repeat(deep)}`,
];

const place = 'the place of the value';

/** The value with each of its values in turn replaced by the place of another. */
function holesOf(body: unknown): unknown[] {
  if (Array.isArray(body)) {
    return [place, ...body.flatMap((one, index) => holesOf(one).map((hole) => body.with(index, hole)))];
  }
  if (typeof body !== 'object' || body === null) return [place];
  return [
    place,
    ...Object.entries(body).flatMap(([key, one]) => holesOf(one).map((hole) => ({ ...body, [key]: hole }))),
  ];
}

/** The value as JSON, each time with one hostile value at one place. */
export function withHoles(body: unknown): string[] {
  return holesOf(body).flatMap((hole) =>
    hostileValues.map((value) => JSON.stringify(hole).replace(JSON.stringify(place), () => value)),
  );
}
