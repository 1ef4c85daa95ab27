import { describe, it } from 'node:test';
import { alive, type Case, checkCase, inMs, now } from './explained.ts';

const cases: readonly Case[] = [
  {
    it: 'in preparation',
    facts: { sendStatus: 'SENDING', claimed: true, batch: { claimedAt: inMs(-700), dispatcher: alive } },
    next: ['HAND_OFF', 'dispatcher'],
    says: /nothing is sent yet.*Dispatcher host:1 has held it since/s,
  },
  {
    it: 'in preparation by a dispatcher that has gone',
    facts: { sendStatus: 'SENDING', claimed: true, batch: { claimedAt: inMs(-700), dispatcher: null } },
    next: ['TAKE_BACK', 'sweeper'],
    at: now,
    says: /is gone.*Now the sweeper takes it back/s,
  },
  {
    it: 'in preparation by a claim without a batch',
    facts: { sendStatus: 'SENDING', claimed: true },
    next: ['TAKE_BACK', 'sweeper'],
    at: inMs(119_000),
    says: /No dispatcher has a batch with this claim/,
  },
  {
    it: 'handed off, before the answer',
    facts: {
      sendStatus: 'SENT',
      claimed: true,
      handedOffAt: inMs(-600),
      batch: { claimedAt: inMs(-700), dispatcher: alive },
    },
    next: ['ANSWER', 'provider'],
    says: /handed to the provider by e-mail at 2026-11-25 08:59:59.*It is not sent again/s,
  },
  {
    it: 'handed off by a dispatcher that is silent',
    facts: {
      sendStatus: 'SENT',
      claimed: true,
      handedOffAt: inMs(-600),
      batch: { claimedAt: inMs(-700), dispatcher: { ...alive, heartbeatAt: inMs(-20_000) } },
    },
    next: ['DOUBT', 'sweeper'],
    says: /puts it in doubt/,
  },
  {
    it: 'in doubt, with its next lookup',
    facts: {
      sendStatus: 'IN_DOUBT',
      claimed: true,
      reason: 'OWNER_GONE',
      notBefore: inMs(30_000),
      handedOffAt: inMs(-600),
      inDoubtAt: inMs(-300),
    },
    next: ['LOOKUP', 'sweeper'],
    at: inMs(30_000),
    says: /died before settling it.*not sent again until.*`billcast resolve --bill 42`.*in 30 s\) the provider is asked again/s,
  },
  {
    it: 'in doubt at a provider that cannot be asked',
    facts: { sendStatus: 'IN_DOUBT', claimed: true, reason: 'CONNECTION_BROKEN', inDoubtAt: inMs(-300) },
    rest: { canBeAsked: false },
    next: ['LOOKUP', 'person'],
    at: null,
    says: /`billcast resolve --bill 42`.*Nothing by itself: its provider has no look-up/s,
  },
];

describe('an unfinished bill that is', () => {
  for (const one of cases) it(one.it, () => checkCase(one));
});
