import assert from 'node:assert/strict';
import { it } from 'node:test';
import { draftText } from '../../../../src/cli/commands/run/runLines.ts';
import { completePlan } from '../../../../src/runs/plan.ts';
import type { ProposedSum } from '../../../../src/runs/proposal.ts';

it('a plan names its gates in one order, with limits as people write them', () => {
  const surroundings = { templates: {}, timeZone: 'Asia/Seoul', now: new Date() };
  const request = { selection: { month: '2026-11' }, canary: { bills: 9 }, gates: { failed: 0.07 } };
  const { gates, ...plan } = completePlan(request, surroundings);
  const kept = { ...plan, gates: Object.fromEntries(Object.entries(gates).toReversed()) };
  const counts = { notHeld: 0, unknown: 0, amount: null, channels: {}, overlaps: [] };
  const proposal = { asOf: '2026-11-01T00:00:00Z', bills: 9, ...counts };
  const text = draftText({ plan: kept, proposal, forecast: null, planHash: 'h', fourEyes: false }, 'UTC');
  assert.match(
    text,
    /at most refused 5 %, unknown 2 %, turned 20 %, policy 1 %, failed 7 %, bounced 5 % within/,
  );
});

it('a plan says the sum in its currency, and one minute in the singular', () => {
  const surroundings = { templates: {}, timeZone: 'Asia/Seoul', now: new Date() };
  const request = { selection: { month: '2026-11' }, canary: { bills: 1 }, gates: { waitMinutes: 1 } };
  const plan = { ...completePlan(request, surroundings) };
  const counts = {
    asOf: '2026-11-01T00:00:00Z',
    bills: 9,
    notHeld: 0,
    unknown: 0,
    channels: {},
    overlaps: [],
  };
  const textOf = (sum: ProposedSum): string =>
    draftText(
      { plan, proposal: { ...counts, ...sum }, forecast: null, planHash: 'h', fourEyes: false },
      'UTC',
    );
  assert.match(textOf({ amount: '1234500', currency: 'KRW' }), /^amount +KRW 1,234,500$/m);
  assert.match(textOf({ amount: '1234500', currency: 'USD' }), /^amount +USD 12,345.00$/m);
  assert.match(textOf({ amount: '1234500', currency: null }), /^amount +in several currencies$/m);
  assert.match(textOf({ amount: '1234500' }), /^amount +1,234,500 minor units$/m);
  assert.match(textOf({ amount: null }), /^canary +1 bill first$.*within 1 minute;/ms);
});
