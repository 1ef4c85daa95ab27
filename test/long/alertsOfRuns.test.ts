import { describe, it } from 'node:test';
import { setPaused } from '../../src/db/control.ts';
import { addSampleBills } from '../../src/operations/addSampleBills.ts';
import { times, useAlertSystem } from '../support/alertSystem.ts';
import { ask } from '../support/ask.ts';
import { startedRun } from '../support/startedRun.ts';

const month = '2026-10';
const bills = 500;

/**
 * Each alert about runs and pauses fires in what causes it, and ends with it. With times divided by 20 the
 * file takes less than 6 minutes.
 */
describe(`the alerts of runs, times divided by ${times}`, async () => {
  const { alerts, skip } = await useAlertSystem();
  const change = (text: string) => ask(alerts.system().database, text);

  it('tell of a run that is late', { skip }, async () => {
    const { database, config } = alerts.system();
    await addSampleBills({ database, config }, { members: bills, seed: 2, month: `${month}-01` });
    const late = { pace: { perSecond: 1 }, deadline: new Date(Date.now() + 60_000).toISOString() };
    await startedRun(database, { id: 'late', selection: { month }, bills, ...late });
    await alerts.fires(['BillcastDeadlineInDanger'], {
      heal: () => change(`update run set plan = plan - 'deadline' where id = 'late'`),
    });
  });

  it('tell of a run that holds', { skip }, async () => {
    await change(
      `update run set state = 'PAUSED', previous_state = state, hold = 'PERSON', hold_since = now() where id = 'late'`,
    );
    await alerts.fires(['BillcastRunHolds'], {
      heal: () =>
        change(
          `update run set state = 'DONE', previous_state = state, hold = null, hold_since = null where id = 'late'`,
        ),
    });
  });

  it('tell of a run that waits for its approval', { skip }, async () => {
    await change(
      `insert into run (id, kind, state, plan, plan_hash, proposal, requested_by, changed_at)
       values ('waits', 'PLANNED', 'DRAFT', '{}', 'h', '{"bills": 7}', 'ann', now() - interval '2 h')`,
    );
    await alerts.fires(['BillcastRunWaitsForApproval'], {
      heal: () => change(`update run set state = 'CLOSED', previous_state = state where id = 'waits'`),
    });
  });

  it('tell of a rehearsal that goes on', { skip }, async () => {
    await change(
      `insert into run (id, kind, state, plan, plan_hash, approved_hash, requested_by)
       values ('rehearsal', 'REHEARSAL', 'RUNNING', '{}', 'h', 'h', 'ann')`,
    );
    await alerts.fires(['BillcastRehearsalOn'], {
      heal: () => change(`update run set state = 'DONE', previous_state = state where id = 'rehearsal'`),
    });
  });

  it('tell of a pause that goes on', { skip }, async () => {
    const pause = (isPaused: boolean) =>
      setPaused(alerts.system().database, isPaused, { by: 'ann', reason: 'a test' });
    await pause(true);
    await alerts.fires(['BillcastPausedLong'], { heal: () => pause(false) });
  });
});
