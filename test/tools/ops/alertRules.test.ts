import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { alertRules } from '../../../tools/ops/alertRules.ts';
import { findPrometheus } from '../../support/promtool.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const run = promisify(execFile);
const rules = join(projectDir, 'ops', 'prometheus', 'rules.yml');

type Alert = (typeof alertRules)[number]['alert'];
type Series = Readonly<Record<string, string>>;

/** Four days of a cluster that works: every series as promtool writes them, one value per minute. */
const minutes = 4 * 24 * 60;
const clean: Series = {
  billcast_cluster_read: `1+0x${minutes}`,
  'billcast_dispatchers{state="alive"}': `2+0x${minutes}`,
  'billcast_dispatchers{state="silent"}': `0+0x${minutes}`,
  'billcast_bills{state="pending"}': `1000+0x${minutes}`,
  'billcast_bills{state="sending"}': `10+0x${minutes}`,
  'billcast_bills{state="sent"}': `10+0x${minutes}`,
  'billcast_bills{state="in_doubt"}': `0+0x${minutes}`,
  'billcast_run_deadline_timestamp_seconds{run="r"}': `1000000+0x${minutes}`,
  'billcast_run_expected_end_timestamp_seconds{run="r"}': `900000+0x${minutes}`,
  billcast_rehearsal: `0+0x${minutes}`,
  billcast_owed_records: `0+0x${minutes}`,
  'billcast_sweeper_moves_total{kind="dead_dispatcher"}': `3+0x${minutes}`,
  billcast_dead_letters: `7+0x${minutes}`,
  'billcast_consumer_lag_records{topic="t",partition="0"}': `50+0x${minutes}`,
  'billcast_in_flight_bills{lane="EMAIL"}': `100+0x${minutes}`,
  'billcast_watermark_age_seconds{topic="t",partition="0"}': `1+0x${minutes}`,
  'billcast_switch_thrown{switch="paused",by="person"}': `0+0x${minutes}`,
  'billcast_switch_thrown{switch="EMAIL",by="guard"}': `0+0x${minutes}`,
  'billcast_sends_total{channel="EMAIL",outcome="accepted",reason="none"}': `0+100000x${minutes}`,
  'billcast_sends_total{channel="EMAIL",outcome="refused",reason="none"}': `0+100x${minutes}`,
  billcast_sweeper_last_success_timestamp_seconds: `0+60x${minutes}`,
  billcast_relay_last_success_timestamp_seconds: `0+60x${minutes}`,
  billcast_bills_counted_timestamp_seconds: `0+60x${minutes}`,
};

const refused = 'billcast_sends_total{channel="EMAIL",outcome="refused",reason="none"}';
const still = `0+0x${minutes}`;

/** What a fault does to the series; undefined: the series is gone. */
const faults: Readonly<Record<Alert, Readonly<Record<string, string | undefined>>>> = {
  BillcastApiGone: { billcast_cluster_read: undefined },
  BillcastClusterUnread: { billcast_cluster_read: still },
  BillcastNoDispatcher: { 'billcast_dispatchers{state="alive"}': still },
  BillcastDispatcherSilent: {
    'billcast_sweeper_moves_total{kind="dead_dispatcher"}': `0+1x${minutes}`,
  },
  BillcastStuck: { 'billcast_in_flight_bills{lane="EMAIL"}': still },
  BillcastWatermarkStuck: { 'billcast_watermark_age_seconds{topic="t",partition="0"}': `0+60x${minutes}` },
  BillcastBrakeOn: { 'billcast_switch_thrown{switch="EMAIL",by="guard"}': `1+0x${minutes}` },
  BillcastPausedLong: { 'billcast_switch_thrown{switch="paused",by="person"}': `1+0x${minutes}` },
  BillcastDeadlineInDanger: {
    'billcast_run_expected_end_timestamp_seconds{run="r"}': `1100000+0x${minutes}`,
  },
  BillcastRunHolds: { 'billcast_run_hold{run="r",reason="gate"}': `1+0x${minutes}` },
  BillcastRunWaitsForApproval: { 'billcast_run_waits_for_approval_timestamp_seconds{run="r"}': still },
  BillcastRehearsalOn: { billcast_rehearsal: `1+0x${minutes}` },
  BillcastInDoubt: { 'billcast_bills{state="in_doubt"}': `3+0x${minutes}` },
  BillcastDeadLetters: { billcast_dead_letters: `0+1x${minutes}` },
  BillcastSendErrorsFast: { [refused]: `0+30000x${minutes}` },
  BillcastSendErrorsSlow: { [refused]: `0+8000x${minutes}` },
  BillcastSendErrorsLong: { [refused]: `0+2000x${minutes}` },
  BillcastSweeperSilent: { billcast_sweeper_last_success_timestamp_seconds: still },
  BillcastRelaySilent: { billcast_relay_last_success_timestamp_seconds: still },
  BillcastCountsOld: { billcast_bills_counted_timestamp_seconds: still },
};

/** These follow from a fault of another name. */
const consequences: Partial<Record<Alert, readonly Alert[]>> = {
  BillcastSendErrorsFast: ['BillcastSendErrorsSlow', 'BillcastSendErrorsLong'],
  BillcastSendErrorsSlow: ['BillcastSendErrorsLong'],
};

describe('the alerts, by promtool', async () => {
  const folder = useTemporaryFolder();
  const prometheus = await findPrometheus();
  const skip = prometheus === undefined && 'apt cannot fetch prometheus';

  it('fire by their own faults only, and never while all is well', { skip, timeout: 300_000 }, async () => {
    const cases = [
      testOf('clean', clean, []),
      ...alertRules.map(({ alert }) => {
        const series = Object.entries({ ...clean, ...faults[alert] }).filter(
          ([, values]) => values !== undefined,
        );
        return testOf(alert, Object.fromEntries(series), [alert, ...(consequences[alert] ?? [])]);
      }),
    ];
    const file = join(folder, 'alerts.test.yml');
    await writeFile(file, JSON.stringify({ rule_files: [rules], evaluation_interval: '30m', tests: cases }));
    const { stdout } = await run(join(prometheus ?? '', 'promtool'), ['test', 'rules', file]);
    assert.match(stdout, /SUCCESS/);
  });
});

function testOf(
  name: string,
  series: Readonly<Record<string, string | undefined>>,
  expected: readonly Alert[],
) {
  return {
    name,
    interval: '1m',
    input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
    promql_expr_test: [
      {
        expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
        eval_time: `${minutes - 30}m`,
        exp_samples: expected.map((alertname) => ({ labels: `{alertname="${alertname}"}`, value: 1 })),
      },
    ],
  };
}
