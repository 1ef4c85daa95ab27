import { describe, it } from 'node:test';
import { braked, type Case, checkCase, thrown } from './explained.ts';

const cases: readonly Case[] = [
  {
    it: 'pending while the cluster is paused',
    facts: { publishStatus: 'PENDING' },
    rest: { control: { paused: true, pause: thrown } },
    next: ['RESUME', 'person'],
    says: /Sending is paused since 2026-11-25 08:59:00, by person alice: maintenance\..*`billcast resume`/s,
  },
  {
    it: 'an SMS while a person must look at refused e-mails',
    facts: { channel: 'SMS' },
    rest: { brakes: { SMS: braked({ kind: 'refusals', cause: '50 of 50 refused', nextTrialAt: null }) } },
    next: ['RESUME', 'person'],
    says: /Sending by SMS is stopped since .*too many bills are refused: 50 of 50 refused\..*`billcast resume --channel SMS`/s,
  },
  {
    it: 'an e-mail while SMS is braked, which does not concern it',
    facts: {},
    rest: { brakes: { SMS: braked({ kind: 'settings' }) } },
    next: ['CLAIM', 'dispatcher'],
    says: /Sending by SMS is stopped since/,
  },
  {
    it: 'an e-mail while its provider is in trouble',
    facts: {},
    rest: { brakes: { EMAIL: braked() } },
    next: ['RESUME', 'person'],
    says: /does not say whether it accepts bills: HTTP 500.*one bill tries that.*`billcast resume --channel EMAIL`/s,
  },
  {
    it: 'an e-mail while its provider asks for fewer bills at a time: it is only slower',
    facts: {},
    rest: { brakes: { EMAIL: braked({ kind: 'pace', by: null, cause: 'HTTP 429; 47.5 bills a second' }) } },
    next: ['CLAIM', 'dispatcher'],
    says: /slowed down since .*asks for fewer bills at a time: HTTP 429; 47.5 bills a second/,
  },
];

describe('under a switch that is thrown', () => {
  for (const one of cases) it(one.it, () => checkCase(one));
});
