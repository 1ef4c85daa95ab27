import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Action } from '../../../src/api/contract/actionsContract.ts';
import { actionFacts, actionLines } from '../../../src/cli/commands/actionCommand.ts';

const action: Action = {
  actionId: '0b9b0bd4-2f5c-4c1c-a6f5-8d4a1f8e7a10',
  kind: 'retry',
  state: 'RUNNING',
  request: {},
  requestedBy: 'ann',
  requestedAt: '2026-11-25T00:00:00.000Z',
  asOf: '2026-11-25T00:00:01.000Z',
  expiresAt: '2026-11-25T00:30:00.000Z',
  selected: 1_300,
  count: 1_234,
  refusedBefore: null,
  notEligible: [{ reason: 'addressRefused', count: 66 }],
  sample: [],
  reason: 'provider is back',
  startedBy: 'ben',
  startedAt: '2026-11-25T00:01:00.000Z',
  ratePerSecond: null,
  moved: 200,
  skipped: 1,
  stoppedBy: null,
  finishedAt: null,
  problem: null,
  problemTold: [],
};

it('actions are listed with who, how far and why', () => {
  assert.equal(actionLines([], 'Asia/Seoul'), 'there is no action\n');
  const [, line = ''] = actionLines([action], 'Asia/Seoul').split('\n');
  assert.match(line, /RUNNING {2}200 of 1,234 {2}ben {2}2026-11-25 09:01:00 +provider is back$/);
});

it('an action says what it left alone, and nothing that is not known', () => {
  const facts = actionFacts(action, 'Asia/Seoul');
  assert.equal(facts['left alone, addressRefused'], 66);
  assert.equal('ended at' in facts, false);
  assert.equal('refused before' in facts, false, 'it has started');
});

it('a retry of too many bills says that nobody has counted the refused addresses', () => {
  const facts = actionFacts({ ...action, state: 'READY', count: 10_001 }, 'Asia/Seoul');
  assert.equal(facts['refused before'], 'not counted: billcast retry --dry-run counts it');
});
