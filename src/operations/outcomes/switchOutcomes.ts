import type { Database } from '../../db/database.ts';
import {
  type OutcomeProgress,
  readOutcomeProgress,
  turnOutcomesOff,
  turnOutcomesOn,
} from '../../db/outcomes/outcomeSwitch.ts';

export interface OutcomeFacts extends OutcomeProgress {
  /** False if this was already so. */
  readonly changed: boolean;
}

/**
 * Turns outcomes on or off in the whole cluster, from this moment on: every statement that writes the journal
 * reads the same row. No process has to be started again.
 * @param request.actor `person <name>`
 */
export async function switchOutcomes(
  { database }: { readonly database: Database },
  { on, actor }: { readonly on: boolean; readonly actor: string },
): Promise<OutcomeFacts> {
  const changed = on ? await turnOutcomesOn(database, actor) : await turnOutcomesOff(database);
  return { ...(await readOutcomeProgress(database)), changed };
}

/** The facts as the API and the commands show them: times as text, and null if there is none. */
export function progressFacts({ on, owed, last, firstKept, published }: OutcomeProgress) {
  return {
    on: on !== undefined,
    since: on?.since.toISOString() ?? null,
    by: on?.by ?? null,
    owed,
    last,
    firstKept: firstKept ?? null,
    published,
  };
}
