import { timeIn } from '../lib/timeText.ts';
import { hindranceText, readHindrances } from '../operations/hindrances.ts';
import type { OperationDeps } from '../operations/operationDeps.ts';
import { printNote } from './output.ts';

/**
 * Notes what prevents bills from being sent now. Without these lines, a command that has no effect yet looks
 * like one that works.
 */
export async function noteHindrances(deps: Pick<OperationDeps, 'config' | 'database'>): Promise<void> {
  for (const hindrance of await readHindrances(deps)) {
    printNote(hindranceText(hindrance, timeIn(deps.config.timeZone)));
  }
}
