import { receiptKinds } from '../../providers/inbound/receipt.ts';
import { receiptOutcome } from './owedReceipts.ts';

/** The outcomes of the journal. */
export const journalOutcomes = [
  ...(['ACCEPTED', 'REFUSED', 'NOT_SENT', 'UNKNOWN', 'NEVER', 'UNPREPARABLE', 'NOT_ASKED', 'QUIET'] as const),
  ...(['RETRANSMITTED', 'RETRIED', 'ASKED_AGAIN', 'RESENT', 'BOUNCED', 'TURNED_BACK', 'CANCELLED'] as const),
  ...(['RESOLVED_DELIVERED', 'RESOLVED_RESEND', 'RESOLVED_FAILED'] as const),
];

/** All outcomes that can be published, including what providers said later. */
export const outcomeKinds: readonly string[] = [
  ...journalOutcomes,
  ...receiptKinds.map((kind) => `${receiptOutcome}${kind.toUpperCase()}`),
];
