import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { factsByKind, isViolated, reportOf } from '../../../tools/chaos/chaosReport.ts';
import type { RunResult } from '../../../tools/chaos/runChaos.ts';

function resultOf(result: Partial<RunResult> = {}): RunResult {
  return {
    lost: 0,
    duplicated: 0,
    untrue: 0,
    inDoubt: 0,
    delivered: 9,
    failed: 1,
    violations: [],
    quiet: true,
    injections: [],
    crashes: 0,
    seconds: 60,
    poisonLost: 0,
    lettersLost: 0,
    recordsLost: 0,
    unexplained: 0,
    ...result,
  };
}

const figures = [
  ...['lost', 'duplicated', 'untrue', 'poisonLost', 'lettersLost', 'recordsLost', 'unexplained'],
];

function injectionOf(kind: 'kill' | 'stop', recoveredAfterMs: number | undefined) {
  return {
    kind,
    recoveredAfterMs,
    what: '',
    undone: () => undefined,
  };
}

describe('the report of a run', () => {
  it('has for each kind that struck how often and the slowest recovery', () => {
    const injections = [
      injectionOf('kill', 1_000),
      injectionOf('kill', 3_210),
      injectionOf('stop', undefined),
    ];
    assert.deepEqual(factsByKind(injections), {
      kill: { count: 2, slowestRecoveryMs: 3_210 },
      stop: { count: 1, slowestRecoveryMs: null },
    });
    const report = reportOf(resultOf({ injections }));
    assert.match(report, /kill +2 +3\.2 s\n/);
    assert.match(report, /stop +1 +-\n/);
    assert.match(report, /^lost=0 duplicated=0 in doubt=0 delivered=9 failed=1$/m);
  });

  it('calls every broken promise a violation, and nothing else', () => {
    assert.equal(isViolated(resultOf({ inDoubt: 3, failed: 4, crashes: 1 })), false);
    for (const name of figures) assert.equal(isViolated(resultOf({ [name]: 1 })), true, name);
    assert.equal(isViolated(resultOf({ quiet: false })), true);
  });
});
