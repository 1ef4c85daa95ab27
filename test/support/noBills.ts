import type { StateCounts } from '../../src/db/reads/stateCounts.ts';

/** The counts of a database without bills. */
export const noBills: StateCounts = {
  pending: 0,
  waiting: 0,
  held: 0,
  owed: 0,
  sending: 0,
  sent: 0,
  delivered: 0,
  failed: 0,
  inDoubt: 0,
  cancelled: 0,
  total: 0,
  deadLetters: 0,
  retransmissions: 0,
  sms: 0,
  earlyEvents: 0,
  confirmed: 0,
  bounced: 0,
};
