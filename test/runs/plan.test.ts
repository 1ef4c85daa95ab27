import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BillcastError } from '../../src/errors.ts';
import { completePlan, type Plan, usualGates } from '../../src/runs/plan.ts';
import { canonicalJson, planHash } from '../../src/runs/planHash.ts';
import { parsePlanRequest } from '../../src/runs/planRequest.ts';
import { type Fingerprint, judgeProposal, type Proposal, whatChanged } from '../../src/runs/proposal.ts';

const surroundings = {
  templates: { bill: 'a'.repeat(64) },
  timeZone: 'Asia/Seoul',
  now: new Date('2026-11-20T00:00:00Z'),
};

function planOf(request: unknown): Plan {
  return completePlan(parsePlanRequest(request), surroundings);
}

function complaint(request: unknown): string {
  try {
    planOf(request);
  } catch (error) {
    assert.ok(error instanceof BillcastError && error.code === 'USAGE', String(error));
    return error.message;
  }
  throw new Error('it was taken');
}

describe('a plan', () => {
  it('says everything, also what was not asked for', () => {
    assert.deepEqual(planOf({ selection: { month: '2026-11' } }), {
      selection: { month: '2026-11' },
      templates: surroundings.templates,
      windows: [],
      deadline: null,
      pace: null,
      notBefore: null,
      expectNext: null,
      canary: null,
      gates: usualGates,
      seeds: false,
    });
  });

  it('is the same for the same bills, days, channels and times, however they are written', () => {
    const one = planOf({
      selection: { billIds: ['10', '9', '10'] },
      windows: [{ from: '09:00', to: '18:00', days: ['fri', 'mon'] }],
      deadline: '2026-11-25T18:00:00+09:00',
    });
    assert.deepEqual(one.selection, { billIds: ['9', '10'] });
    assert.deepEqual(one.windows[0]?.days, ['mon', 'fri']);
    assert.equal(one.windows[0]?.timeZone, 'Asia/Seoul');
    assert.equal(one.deadline, '2026-11-25T09:00:00.000Z');
    const fields = { grade: ['VIP', 'GOLD', 'VIP'], channel: ['SMS', 'EMAIL'] };
    const by = { fields: { grade: ['GOLD', 'VIP'], channel: ['EMAIL', 'SMS'] } };
    assert.deepEqual(planOf({ selection: { fields } }).selection, by);
  });

  it('expects of its gate what the planner expects to turn', () => {
    const selection = { month: '2026-11' };
    assert.equal(planOf({ selection, expectNext: 0.4 }).gates.turned, 0.4);
    assert.equal(planOf({ selection, expectNext: 0.4, gates: { turned: 0.1 } }).gates.turned, 0.1);
  });

  it('that cannot be used says what is wrong with each part', () => {
    const selection = { month: '2026-11' };
    assert.match(complaint({}), /selection/);
    assert.match(complaint({ selection: {} }), /selection wants one of month, billIds and fields/);
    assert.match(
      complaint({ selection: { month: '2026-13' } }),
      /selection\.month wants a month such as 2026-11/,
    );
    assert.match(complaint({ selection: { ...selection, billIds: ['1'] } }), /wants one of month/);
    assert.match(complaint({ selection: { billIds: [] } }), /names no bill/);
    assert.match(complaint({ selection: { fields: {} } }), /at least one of month, grade and channel/);
    assert.match(complaint({ selection: { fields: { sql: '1=1' } } }), /sql/);
    assert.match(
      complaint({ selection, canary: { bills: 1, percent: 1 } }),
      /wants one of bills and percent/,
    );
    assert.match(complaint({ selection, windows: [{ from: '18:00', to: '09:00' }] }), /write two windows/);
    assert.match(
      complaint({ selection, windows: [{ from: '9', to: '18:00' }] }),
      /windows\.0\.from wants a time/,
    );
    assert.match(
      complaint({ selection, windows: [{ from: '09:00', to: '18:00', timeZone: 'Seoul' }] }),
      /not an IANA time zone/,
    );
    assert.match(complaint({ selection, gates: { refused: 5 } }), /gates\.refused/);
    assert.match(complaint({ selection, deadline: '2026-11-25' }), /deadline wants a time with an offset/);
    assert.match(
      complaint({ selection, deadline: '2026-11-19T00:00:00Z' }),
      /the deadline 2026-11-19 09:00:00 \(Asia\/Seoul\) is past: it is 2026-.+ \(Asia\/Seoul\)$/,
    );
    const times = { deadline: '2026-11-25T00:00:00Z', notBefore: '2026-11-26T00:00:00Z' };
    assert.match(complaint({ selection, ...times }), /not before the deadline/);
  });
});

const proposal: Proposal = {
  asOf: '2026-11-20T00:00:00.123456Z',
  bills: 2,
  notHeld: 0,
  unknown: 0,
  amount: '90071992547409930',
  channels: { EMAIL: 2 },
  overlaps: [],
};

describe('the hash of a plan', () => {
  it('does not depend on the order of names, and on nothing else less', () => {
    assert.equal(canonicalJson({ b: [{ d: 1, c: 0.05 }], a: 'x' }), '{"a":"x","b":[{"c":0.05,"d":1}]}');
    const plan = planOf({ selection: { month: '2026-11' } });
    const again = JSON.parse(canonicalJson(plan)) as Plan;
    assert.equal(planHash(again, proposal), planHash(plan, proposal));
    assert.match(planHash(plan, proposal), /^[0-9a-f]{64}$/);
    assert.notEqual(planHash({ ...plan, seeds: true }, proposal), planHash(plan, proposal));
    assert.notEqual(planHash(plan, { ...proposal, bills: 3 }), planHash(plan, proposal));
  });
});

describe('what was approved', () => {
  it('may have lost bills to others, but has no more of them, and no other sum', () => {
    const fingerprint = { bills: 'a', selection: 'b' };
    const approved = { ...proposal, fingerprint };
    const { amount } = approved;
    const judge = (now: { bills: number; amount?: string; fingerprint?: Partial<Fingerprint> }) =>
      judgeProposal(approved, { amount, ...now, fingerprint: { ...fingerprint, ...now.fingerprint } });
    const moved = { bills: 'x' };
    assert.deepEqual(judge({ bills: 2 }), { kind: 'same' });
    assert.deepEqual(judge({ bills: 3 }), { kind: 'more', bills: 3 });
    assert.deepEqual(judge({ bills: 2, amount: '1', fingerprint: moved }), {
      kind: 'amount',
      now: { amount: '1', currency: undefined },
    });
    assert.deepEqual(judge({ bills: 2, fingerprint: moved }), { kind: 'others', gone: 0 });
    assert.deepEqual(judge({ bills: 1, amount: '1', fingerprint: moved }), { kind: 'fewer', gone: 1 });
    assert.deepEqual(judge({ bills: 1, fingerprint: { selection: 'x' } }), { kind: 'others', gone: 1 });
    const older = judgeProposal(proposal, { bills: 2, amount, fingerprint });
    assert.deepEqual([older, whatChanged(proposal, older)], [{ kind: 'same' }, undefined]);
  });
});
