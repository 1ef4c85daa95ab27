/** The result of one check, in one line. If it is not `ok`, the line says what to do. */
export interface Finding {
  readonly check: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly text: string;
}

export function ok(check: string, text: string): Finding {
  return { check, verdict: 'ok', text };
}
export function warn(check: string, text: string): Finding {
  return { check, verdict: 'warn', text };
}
export function fail(check: string, text: string): Finding {
  return { check, verdict: 'fail', text };
}

/** Runs a check. If it throws, it has failed, and the other checks are still made. */
export async function guarded(check: string, make: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await make();
  } catch (error) {
    return [fail(check, faultText(error))];
  }
}

/** The error and its causes, in one line. */
export function faultText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error instanceof AggregateError ? error.errors.map(faultText).join(', ') : error.message;
  const cause = error.cause === undefined ? '' : ` (${faultText(error.cause)})`;
  return `${text}${cause}`.replaceAll(/:?\n\s*/g, ', ');
}
