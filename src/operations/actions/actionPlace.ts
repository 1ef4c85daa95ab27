import type { ActionKey, BillAction } from '../../db/billActions.ts';

/** A place in the list of actions: the time of the one before it in microseconds, and its id. */
export const actionPlacePattern =
  /^(\d{1,16})\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** Undefined if it is none. */
export function readActionPlace(text: string): ActionKey | undefined {
  const [, atMicros, id] = actionPlacePattern.exec(text) ?? [];
  return atMicros === undefined || id === undefined ? undefined : { atMicros, id };
}

/** Where the page behind this one begins; null at the end. @param limit actions of a page */
export function nextActionPlace(page: readonly BillAction[], limit: number): string | null {
  const last = page.at(-1);
  return last === undefined || page.length < limit ? null : `${last.requestedMicros}.${last.id}`;
}
