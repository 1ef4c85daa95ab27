import type { Verdict } from '../operations/reconcile.ts';
import type { StatusFacts } from '../operations/status.ts';
import { formatCount } from './output.ts';

/** What became of every bill, as `start` prints it at its end. */
export function runSummary(
  verdict: Verdict,
  { sms, held, retransmissions }: Pick<StatusFacts, 'sms' | 'held' | 'retransmissions'>,
): string {
  const rows: [string, number | string, string][] = [
    ['bills', verdict.bills, ''],
    ['delivered', verdict.delivered, `${formatCount(sms)} of them by SMS`],
    ['failed', verdict.failed, `${formatCount(retransmissions)} will be sent again later`],
    ['cancelled', verdict.cancelled, ''],
    ['in doubt', verdict.inDoubt, ''],
    ['waiting', verdict.waiting, 'for quiet hours or their time'],
    ['held', held, ''],
    ['lost', verdict.lost, ''],
    ['duplicated', verdict.duplicated ?? 'unknown', "by the provider's ledger"],
  ];
  return `\n${rows.map(([label, value, note]) => row(label, value, note)).join('\n')}\n`;
}

function row(label: string, value: number | string, note: string): string {
  const shown = typeof value === 'number' ? formatCount(value) : value;
  return `  ${label.padEnd(11)}${shown.padStart(12)}  ${note}`.trimEnd();
}
