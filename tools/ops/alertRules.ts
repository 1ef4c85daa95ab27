import { type BurnWindow, badRatioOf } from './recordingRules.ts';

/** An alert. Its name is that of its page in docs/runbooks. */
export interface AlertRule {
  readonly alert: `Billcast${string}`;
  readonly expr: string;
  /** How long the expression must hold. */
  readonly for: string;
  /** `page`: somebody gets up; `ticket`: it can wait for the morning. */
  readonly severity: 'page' | 'ticket';
  readonly summary: string;
  /** A sentence with the numbers, in Prometheus' template language. */
  readonly description: string;
  /** The command that looks at it. */
  readonly command: string;
}

/** The share of the first channel's answers that should be good. */
const objective = 0.99;

function burn(factor: number, long: BurnWindow, short: BurnWindow): string {
  const limit = (factor * (1 - objective)).toFixed(3).replace(/0+$/, '');
  return `${badRatioOf(long)} > ${limit} and ${badRatioOf(short)} > ${limit}`;
}

const badShare =
  'Of the sends by {{ $labels.channel }}, {{ $value | humanizePercentage }} were refused, misconfigured or unknown.';

export const alertRules: readonly AlertRule[] = [
  {
    alert: 'BillcastApiGone',
    expr: 'absent(billcast_cluster_read)',
    for: '5m',
    severity: 'page',
    summary: 'The api gives no metrics',
    description: 'Nobody sees how the month goes: bills, lag and brakes are not known.',
    command: 'billcast status',
  },
  {
    alert: 'BillcastClusterUnread',
    expr: 'max(billcast_cluster_read) == 0',
    for: '5m',
    severity: 'page',
    summary: 'The api cannot read the database',
    description: 'The numbers of the cluster have been missing for five minutes.',
    command: 'billcast doctor',
  },
  {
    alert: 'BillcastNoDispatcher',
    expr:
      'max(billcast_dispatchers{state="alive"}) == 0 and ' +
      'max(billcast_owed_records) + sum(max by (state) (billcast_bills{state=~"pending|sending|sent"})) > 0',
    for: '2m',
    severity: 'page',
    summary: 'Bills are due and no dispatcher is alive',
    description: 'Nothing goes out.',
    command: 'billcast doctor',
  },
  {
    alert: 'BillcastDispatcherSilent',
    // A silent one is forgotten by the next sweep, so its state lasts for seconds only.
    expr: 'sum(increase(billcast_sweeper_moves_total{kind="dead_dispatcher"}[15m])) > 0',
    for: '0s',
    severity: 'ticket',
    summary: 'A dispatcher is silent',
    description: 'A dispatcher was not heard of in the last 15 minutes. The sweeper takes its bills back.',
    command: 'billcast doctor',
  },
  {
    alert: 'BillcastStuck',
    expr:
      'sum(max by (topic, partition) (billcast_consumer_lag_records)) > 0 and ' +
      'sum(billcast_in_flight_bills) == 0 unless max(billcast_switch_thrown) == 1',
    for: '5m',
    severity: 'page',
    summary: 'Events wait and nobody takes them',
    description:
      '{{ $value }} events are published, no bill is in flight, and no pause or brake explains it.',
    command: 'billcast doctor',
  },
  {
    alert: 'BillcastWatermarkStuck',
    expr: 'max by (topic, partition) (billcast_watermark_age_seconds) > 300',
    for: '1m',
    severity: 'ticket',
    summary: 'A partition does not move on',
    description:
      'In {{ $labels.topic }}/{{ $labels.partition }} no offset could pass for {{ $value | humanizeDuration }}.',
    command: 'billcast doctor',
  },
  {
    alert: 'BillcastBrakeOn',
    expr: 'max by (switch) (billcast_switch_thrown{by="guard"}) == 1',
    for: '1m',
    severity: 'page',
    summary: 'A brake is on',
    description: 'Nothing goes out by {{ $labels.switch }}.',
    command: 'billcast status',
  },
  {
    alert: 'BillcastPausedLong',
    expr: 'max(billcast_switch_thrown{switch="paused"}) == 1',
    for: '1h',
    severity: 'ticket',
    summary: 'Sending has been paused for an hour',
    description: 'Nothing goes out until somebody ends the pause.',
    command: 'billcast resume',
  },
  {
    alert: 'BillcastDeadlineInDanger',
    expr:
      'max by (run) (billcast_run_expected_end_timestamp_seconds) > ' +
      'max by (run) (billcast_run_deadline_timestamp_seconds)',
    for: '10m',
    severity: 'page',
    summary: 'A run ends after its deadline',
    description: 'At the present rate, run {{ $labels.run }} ends after its deadline.',
    command: 'billcast run show',
  },
  {
    alert: 'BillcastRunHolds',
    expr: 'max by (run, reason) (billcast_run_hold) == 1',
    for: '1m',
    severity: 'page',
    summary: 'A run is held',
    description: 'Nothing more of run {{ $labels.run }} is released: {{ $labels.reason }}.',
    command: 'billcast run show',
  },
  {
    alert: 'BillcastRunWaitsForApproval',
    expr: 'time() - max by (run) (billcast_run_waits_for_approval_timestamp_seconds) > 3600',
    for: '1m',
    severity: 'ticket',
    summary: 'A run waits for its approval',
    description: 'Run {{ $labels.run }} has waited for {{ $value | humanizeDuration }}.',
    command: 'billcast run list',
  },
  {
    alert: 'BillcastRehearsalOn',
    expr: 'max(billcast_rehearsal) == 1',
    for: '1m',
    severity: 'ticket',
    summary: 'A rehearsal runs',
    description:
      'A rehearsal is open, or DELIVER_ONLY_TO or REDIRECT_ALL_TO is set: no member gets a bill by it.',
    command: 'billcast status',
  },
  {
    alert: 'BillcastInDoubt',
    expr: 'max(billcast_bills{state="in_doubt"}) > 0',
    for: '10m',
    severity: 'page',
    summary: 'Bills are in doubt',
    description: 'Of {{ $value }} bills nobody knows whether the provider took them.',
    command: 'billcast explain',
  },
  {
    alert: 'BillcastDeadLetters',
    expr: 'max(billcast_dead_letters) - max(billcast_dead_letters offset 15m) > 0',
    for: '0s',
    severity: 'ticket',
    summary: 'Dead letters are new',
    description: '{{ $value }} bills failed for good, or records could not be used, in 15 minutes.',
    command: 'billcast status',
  },
  {
    alert: 'BillcastSendErrorsFast',
    expr: burn(14.4, '1h', '5m'),
    for: '2m',
    severity: 'page',
    summary: 'Sends go wrong, fast',
    description: badShare,
    command: 'billcast status',
  },
  {
    alert: 'BillcastSendErrorsSlow',
    expr: burn(6, '6h', '30m'),
    for: '15m',
    severity: 'page',
    summary: 'Sends go wrong, for hours',
    description: badShare,
    command: 'billcast status',
  },
  {
    alert: 'BillcastSendErrorsLong',
    expr: burn(1, '3d', '6h'),
    for: '1h',
    severity: 'ticket',
    summary: 'More sends go wrong than the objective allows',
    description: badShare,
    command: 'billcast status',
  },
  {
    alert: 'BillcastSweeperSilent',
    expr: 'time() - max(billcast_sweeper_last_success_timestamp_seconds) > 60',
    for: '1m',
    severity: 'page',
    summary: 'No sweep has ended',
    description: 'The last one ended {{ $value | humanizeDuration }} ago. Bills of dead dispatchers wait.',
    command: 'billcast sweep',
  },
  {
    alert: 'BillcastRelaySilent',
    expr: 'time() - max(billcast_relay_last_success_timestamp_seconds) > 60',
    for: '1m',
    severity: 'page',
    summary: 'The relay publishes nothing',
    description: 'Its last round ended {{ $value | humanizeDuration }} ago. Released bills get no event.',
    command: 'billcast doctor',
  },
  {
    alert: 'BillcastCountsOld',
    expr: 'time() - max(billcast_bills_counted_timestamp_seconds) > 600',
    for: '1m',
    severity: 'ticket',
    summary: 'The counts are old',
    description: 'billcast_bills was counted {{ $value | humanizeDuration }} ago.',
    command: 'billcast status',
  },
];
