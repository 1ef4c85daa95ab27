import type { Verdict } from '../operations/reconcile.ts';
import type { StatusFacts } from '../operations/status.ts';
import { formatCount } from './output.ts';
import { laterChannels } from './progress.ts';

/** What became of every bill, as `start` prints it at its end. */
export function runSummary(
  verdict: Verdict,
  status: Pick<StatusFacts, 'sms' | 'held' | 'retransmissions' | 'channels'>,
): string {
  const rows: [string, number | string, string][] = [
    ['bills', verdict.bills, ''],
    [
      'delivered',
      verdict.delivered,
      `${formatCount(status.sms)} of them by ${laterChannels(status.channels, ' or ')}`,
    ],
    ['failed', verdict.failed, `${formatCount(status.retransmissions)} will be sent again later`],
    ['cancelled', verdict.cancelled, ''],
    ['in doubt', verdict.inDoubt, ''],
    ['waiting', verdict.waiting, 'for quiet hours or their time'],
    ['held', status.held, ''],
    ['lost', verdict.lost, ''],
    ['duplicated', verdict.duplicated ?? 'unknown', "by the provider's ledger"],
  ];
  return `\n${rows.map(([label, value, note]) => row(label, value, note)).join('\n')}\n`;
}

function row(label: string, value: number | string, note: string): string {
  const shown = typeof value === 'number' ? formatCount(value) : value;
  return `  ${label.padEnd(11)}${shown.padStart(12)}  ${note}`.trimEnd();
}
