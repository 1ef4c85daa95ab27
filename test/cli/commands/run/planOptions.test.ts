import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Command } from 'commander';
import { addPlanOptions, type PlanOptions, readPlan } from '../../../../src/cli/commands/run/planOptions.ts';
import { loadConfig } from '../../../../src/config/loadConfig.ts';
import type { PlanRequest } from '../../../../src/runs/planRequest.ts';
import { noDatabase } from '../../../support/testApi.ts';

const system = { config: loadConfig({}), database: noDatabase };

async function planOf(words: string, before?: PlanRequest) {
  const command = addPlanOptions(new Command().exitOverride());
  command.parse(words.split(' '), { from: 'user' });
  return readPlan(system, command.opts<PlanOptions>(), before);
}

describe('the options of a plan', () => {
  it('write the parts that they name', async () => {
    const plan = await planOf(
      '--month 2026-11 --canary 1% --gate refused=0.1 wait=5 --release person --per-second 500 --seeds ' +
        '--window mon-fri/09:00-18:00 sat/09:00-12:00 --deadline 2099-11-25T18:00 --expect-next 0.4',
    );
    assert.deepEqual(plan, {
      selection: { month: '2026-11' },
      canary: { percent: 1 },
      gates: { refused: 0.1, waitMinutes: 5, release: 'person' },
      windows: [
        { from: '09:00', to: '18:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] },
        { from: '09:00', to: '12:00', days: ['sat'] },
      ],
      pace: { perSecond: 500 },
      deadline: '2099-11-25T09:00:00.000Z',
      expectNext: 0.4,
      seeds: true,
    });
    assert.deepEqual((await planOf('--bill 7 9 --canary 10')).selection, { billIds: ['7', '9'] });
  });

  it('keep what they do not name, and remove a part by the value none', async () => {
    const before = await planOf('--month 2026-11 --grade VIP --canary 1% --gate refused=0.1 --per-second 5');
    const { selection, canary, gates, pace } = await planOf(
      '--month 2026-12 --canary none --gate wait=1',
      before,
    );
    assert.deepEqual(selection, { fields: { month: '2026-12', grade: ['VIP'] } });
    assert.deepEqual([canary, gates, pace], [null, { refused: 0.1, waitMinutes: 1 }, { perSecond: 5 }]);
    assert.deepEqual((await planOf('--grade GOLD', before)).selection, {
      fields: { month: '2026-11', grade: ['GOLD'] },
    });
  });

  it('that make no plan say what to do', async () => {
    await assert.rejects(planOf('--canary 1'), /say which bills: --month, --file/);
    await assert.rejects(planOf('--bill 7 --month 2026-11'), /leave out --month/);
    await assert.rejects(planOf('--month 2026-11 --window 9-18'), /write it as 09:00-18:00/);
    await assert.rejects(planOf('--month 2026-11 --window fri-mon/09:00-18:00'), /write it as/);
    await assert.rejects(planOf('--month 2026-11 --canary many'), {
      code: 'USAGE', // commander's own errors are printed while it parses, and never later
      message: '--canary wants a number, not many',
    });
    await assert.rejects(planOf('--month 2026-11 --gate speed=1'), /speed/);
    await assert.rejects(planOf('--plan /nonexistent'), /cannot be read as a plan/);
  });
});
