import { describe, it } from 'node:test';
import { attempt, type Case, checkCase, inMs } from './explained.ts';

const cases: readonly Case[] = [
  {
    it: 'delivered, with the provider’s own id',
    facts: { sendStatus: 'DELIVERED', claimed: true },
    rest: { journal: [attempt({ providerId: 'sim-42' })] },
    next: ['NOTHING', 'nobody'],
    says: /accepted it by e-mail at 2026-11-25 08:59:59 \(its id for it: sim-42\)/,
  },
  {
    it: 'loaded as delivered',
    facts: { sendStatus: 'DELIVERED' },
    next: ['NOTHING', 'nobody'],
    says: /billcast did not send it/,
  },
  {
    it: 'delivered, as a person settled',
    facts: { sendStatus: 'DELIVERED', claimed: true },
    rest: {
      journal: [attempt({ outcome: 'RESOLVED_DELIVERED', actor: 'person alice', reason: 'on the phone' })],
    },
    next: ['NOTHING', 'nobody'],
    says: /It was in doubt, and person alice settled at 2026-11-25 08:59:59 that it was delivered by e-mail\./,
  },
  {
    it: 'failed before its dead letter is published',
    facts: { sendStatus: 'FAILED', reason: 'CIPHER_FAILED', publishStatus: 'PENDING' },
    next: ['DEAD_LETTER', 'relay'],
    says: /could not be decrypted.*Then: Nothing more happens automatically.*CIPHER_KEYS/s,
  },
  {
    it: 'failed with its retransmission',
    facts: { sendStatus: 'FAILED', reason: 'SMS_REFUSED', retransmitAt: inMs(600_000) },
    next: ['NEXT_CYCLE', 'sweeper'],
    at: inMs(600_000),
    says: /At 2026-11-25 09:10:00 \(in 10 min\) cycle 2 of 3 begins/,
  },
  {
    it: 'failed in its last cycle',
    facts: { sendStatus: 'FAILED', reason: 'SMS_REFUSED', retransmitAt: inMs(600_000), cycle: 3 },
    next: ['RETRY', 'person'],
    says: /Nothing more happens automatically/,
  },
  {
    it: 'cancelled, by whom and why',
    facts: { sendStatus: 'CANCELLED', reason: 'REPLACED_BY 43' },
    rest: { journal: [attempt({ outcome: 'CANCELLED', actor: 'person alice', reason: 'REPLACED_BY 43' })] },
    next: ['NOTHING', 'nobody'],
    says: /cancelled at 2026-11-25 08:59:59, by person alice\.\nThe reason given: REPLACED_BY 43\./,
  },
];

describe('a bill that has ended', () => {
  for (const one of cases) it(one.it, () => checkCase(one));
});
