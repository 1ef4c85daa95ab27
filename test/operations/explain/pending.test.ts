import { describe, it } from 'node:test';
import { type Case, checkCase, inMs, now } from './explained.ts';

const cases: readonly Case[] = [
  {
    it: 'held',
    facts: { publishStatus: 'HELD' },
    next: ['RELEASE', 'person'],
    says: /held.*releases it with `billcast publish --month 2026-11`/s,
  },
  {
    it: 'held, and only an approved run may release it',
    facts: { publishStatus: 'HELD' },
    rest: { fourEyes: true },
    next: ['RELEASE', 'person'],
    says: /plans a run of it with `billcast run create --month 2026-11`/,
  },
  {
    it: 'held, and a run that is running will release it',
    facts: { publishStatus: 'HELD' },
    rest: { runs: [{ run: '2026-11', state: 'RUNNING' }] },
    next: ['WAIT', 'dispatcher'],
    says: /Run 2026-11 releases it when its turn comes/,
  },
  {
    it: 'held, and a run that names it waits for a person',
    facts: { publishStatus: 'HELD' },
    rest: { runs: [{ run: '2026-11', state: 'DRAFT' }] },
    next: ['RELEASE', 'person'],
    says: /Run 2026-11 names it and is DRAFT; `billcast run show 2026-11` says more/,
  },
  {
    it: 'pending with its event owed, released by a run',
    facts: { publishStatus: 'PENDING', run: '2026-11' },
    next: ['PUBLISH', 'relay'],
    says: /Run 2026-11 released it/,
  },
  {
    it: 'pending with its event owed',
    facts: { publishStatus: 'PENDING' },
    next: ['PUBLISH', 'relay'],
    at: now,
    says: /to go by e-mail\.\nIts event is owed/,
  },
  {
    it: 'pending with its event published, and when it would be published again',
    facts: {},
    next: ['CLAIM', 'dispatcher'],
    says: /published at 2026-11-25 08:59:59 and waits.*At 2026-11-25 09:00:59 \(in 60 s\) at the earliest/s,
  },
  {
    it: 'waiting for a time',
    facts: { publishStatus: 'PENDING', notBefore: inMs(240_000), reason: 'START_DEADLINE', attempts: 1 },
    next: ['WAIT', 'relay'],
    at: inMs(240_000),
    says: /the last time its send did not start in time.*waits until 2026-11-25 09:04:00.*\(in 4 min\)/s,
  },
  {
    it: 'turned to SMS by a refusal',
    facts: { channel: 'SMS', reason: 'EMAIL_REFUSED', publishStatus: 'PENDING' },
    next: ['PUBLISH', 'relay'],
    says: /goes by SMS, because the provider refused the e-mail/,
  },
  {
    it: 'turned to SMS for want of an e-mail address',
    facts: { channel: 'SMS', reason: 'NO_CONTACT' },
    next: ['CLAIM', 'dispatcher'],
    says: /no e-mail address, so it goes by SMS/,
  },
  {
    it: 'in its next cycle',
    facts: { cycle: 2, reason: 'SMS_REFUSED' },
    next: ['CLAIM', 'dispatcher'],
    says: /Cycle 2 has begun with the e-mail; before that the provider refused the SMS/,
  },
];

describe('a pending bill that is', () => {
  for (const one of cases) it(one.it, () => checkCase(one));
});
