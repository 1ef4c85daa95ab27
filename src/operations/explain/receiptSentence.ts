import type { ReceiptFacts } from '../../db/reads/billReceipts.ts';
import type { ReceiptKind } from '../../providers/inbound/receipt.ts';
import type { View } from './explanation.ts';
import { wayOf } from './wording.ts';

/** The content of a receipt, as a line of the history. */
export function receiptSentence(receipt: ReceiptFacts, { time }: Pick<View, 'time'>): string {
  const { cycle, channel, kind, provider, cameBy, code, happenedAt, times } = receipt;
  const aside = [
    ...(code === null ? [] : [code]),
    ...(happenedAt === null ? [] : [`at ${time(happenedAt)} by its clock`]),
    `${cameBy} of ${provider}`,
    ...(times === 1 ? [] : [`came ${times} times`]),
  ];
  return `cycle ${cycle}, ${wayOf(channel)}: a receipt says that it ${receiptText(kind)} (${aside.join(', ')})`;
}

/** A kind of receipt as the end of a sentence about a message. */
function receiptText(kind: ReceiptKind): string {
  switch (kind) {
    case 'delivered':
      return 'arrived';
    case 'relayed':
      return 'was passed on to a server that sends no receipts';
    case 'bounced_hard':
      return 'came back, and the address does not work';
    case 'bounced_soft':
      return 'came back';
    case 'blocked':
      return 'was turned away for its sender or its content';
    case 'complained':
      return 'arrived, and the member reported it as unwanted';
    default:
      return kind satisfies never;
  }
}
