/**
 * PostgreSQL array literals for values that need no quoting: digits and UUIDs. The driver's own serialization
 * quotes and escapes each value, which on the path of a bill costs more than the rest of the call.
 */
export function plainArray(values: readonly (string | number)[]): string {
  return `{${values.join(',')}}`;
}
