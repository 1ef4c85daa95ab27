import assert from 'node:assert/strict';
import { it } from 'node:test';
import { draftText } from '../../../../src/cli/commands/run/runLines.ts';
import { completePlan } from '../../../../src/runs/plan.ts';

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
