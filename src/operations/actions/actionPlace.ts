import type { ActionKey, BillAction } from '../../db/billActions.ts';

/** A place in the list of actions: the time, in microseconds, and the id of the action before it. */
export const actionPlacePattern =
  /^(-?\d{1,17}|[12]\d{17})\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** Undefined if the text is no place. */
export function readActionPlace(text: string): ActionKey | undefined {
  const [, atMicros, id] = actionPlacePattern.exec(text) ?? [];
  return atMicros === undefined || id === undefined ? undefined : { atMicros, id };
}

/** Where the next page begins; null at the end. @param limit the number of actions on a page */
export function nextActionPlace(page: readonly BillAction[], limit: number): string | null {
  const last = page.at(-1);
  return last === undefined || page.length < limit ? null : `${last.requestedMicros}.${last.id}`;
}
