import { describe, it } from 'node:test';
import { type Case, checkCase, thrown } from './explained.ts';

const cases: readonly Case[] = [
  {
    it: 'pending while the cluster is paused',
    facts: { publishStatus: 'PENDING' },
    rest: { control: { paused: true, pause: thrown } },
    next: ['RESUME', 'person'],
    says: /billcast is paused since 2026-11-25 08:59:00, by person alice: maintenance\..*`billcast resume`/s,
  },
  {
    it: 'an SMS while the fallback is stopped',
    facts: { channel: 'SMS' },
    rest: { control: { fallbackStopped: thrown } },
    next: ['RESUME', 'person'],
    says: /`billcast resume --fallback`/,
  },
  {
    it: 'an e-mail while the fallback is stopped, which does not concern it',
    facts: {},
    rest: { control: { fallbackStopped: thrown } },
    next: ['CLAIM', 'dispatcher'],
    says: /The SMS fallback is stopped since/,
  },
  {
    it: 'an e-mail while e-mail is stopped',
    facts: {},
    rest: { control: { sendingStopped: { EMAIL: thrown, SMS: null } } },
    next: ['RESUME', 'person'],
    says: /`billcast resume --channel EMAIL`/,
  },
];

describe('under a switch that is thrown', () => {
  for (const one of cases) it(one.it, () => checkCase(one));
});
