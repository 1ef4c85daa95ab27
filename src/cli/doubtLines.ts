import type { StandingDoubt } from '../db/reads/selectDoubts.ts';
import { timeIn } from '../lib/timeText.ts';
import { wayOf } from '../operations/explain/wording.ts';
import { tableText } from './tableText.ts';

/** Bills in doubt as a table, one line per bill. */
export function doubtLines(doubts: readonly StandingDoubt[], timeZone: string): string {
  if (doubts.length === 0) return 'no bill is in doubt\n';
  const time = timeIn(timeZone);
  const rows = doubts.map(({ billId, channel, cycle, since, reason }) => [
    ...[billId, wayOf(channel), String(cycle), time(since)],
    reason ?? '',
  ]);
  const table = [['bill', 'channel', 'cycle', `since (${timeZone})`, 'reason'], ...rows];
  return tableText(table);
}
