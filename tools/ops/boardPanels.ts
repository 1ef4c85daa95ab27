import { type BoardRow, lines, stat } from './boardPanel.ts';
import { runsRow } from './runPanels.ts';

const ofInstance = 'instance=~"$instance"';

function quantile(share: number, metric: string, labels: string): string {
  return `histogram_quantile(${share}, sum by (le, ${labels}) (rate(${metric}_bucket{${ofInstance}}[$__rate_interval])))`;
}

export const boardRows: readonly BoardRow[] = [
  {
    title: 'Run now',
    panels: [
      stat(
        ['Due', 'Bills that are to go out and are not settled', 'short'],
        'sum(max by (state) (billcast_bills{state=~"pending|sending|sent"}))',
      ),
      stat(['Delivered', 'Accepted by the provider', 'short'], 'max(billcast_bills{state="delivered"})'),
      stat(
        ['In doubt', 'Nobody knows whether the provider took them', 'short'],
        'max(billcast_bills{state="in_doubt"})',
      ),
      stat(
        ['Settled per second', 'In all processes', 'short'],
        'sum(rate(billcast_settlements_total[$__rate_interval]))',
      ),
      stat(
        ['Age of the counts', 'How long ago billcast_bills was counted', 's'],
        'time() - max(billcast_bills_counted_timestamp_seconds)',
      ),
      stat(
        ['Time left', 'At the rate of the last seconds; nothing if it is not known', 's'],
        'max(billcast_expected_end_timestamp_seconds) - time()',
      ),
      lines(
        ['Bills by state', 'As the api counts them', 'short'],
        [['max by (state) (billcast_bills)', '{{state}}']],
      ),
    ],
  },
  runsRow,
  {
    title: 'Outcome by channel and reason',
    panels: [
      {
        ...lines(
          ['Answers per second', 'Of the providers', 'ops'],
          [
            [
              `sum by (channel, outcome) (rate(billcast_sends_total{${ofInstance}}[$__rate_interval]))`,
              '{{channel}} {{outcome}}',
            ],
          ],
        ),
        kind: 'stacked',
      },
      lines(
        ['Not sent, by reason', 'They are tried again', 'ops'],
        [
          [
            `sum by (channel, reason) (rate(billcast_sends_total{${ofInstance},outcome="not_sent"}[$__rate_interval]))`,
            '{{channel}} {{reason}}',
          ],
        ],
      ),
      lines(
        ['Put back', 'Bills that are tried again in the same cycle', 'ops'],
        [[`sum by (kind) (rate(billcast_retries_total{${ofInstance}}[$__rate_interval]))`, '{{kind}}']],
      ),
      lines(
        ['Settled', 'By what became of them', 'ops'],
        [
          [
            `sum by (transition) (rate(billcast_settlements_total{${ofInstance}}[$__rate_interval]))`,
            '{{transition}}',
          ],
        ],
      ),
    ],
  },
  {
    title: 'Pipeline',
    panels: [
      lines(
        ['Stage p99', 'Per batch', 's'],
        [[quantile(0.99, 'billcast_stage_duration_seconds', 'stage'), '{{stage}}']],
      ),
      lines(
        ['Bills per batch, median', 'Batches grow with the backlog', 'short'],
        [[quantile(0.5, 'billcast_batch_bills', 'stage'), '{{stage}}']],
      ),
      lines(
        ['In a stage now', 'Bills', 'short'],
        [[`sum by (stage) (billcast_stage_bills{${ofInstance}})`, '{{stage}}']],
      ),
      lines(
        ['In flight', 'Bills from decode to settle', 'short'],
        [[`sum by (lane) (billcast_in_flight_bills{${ofInstance}})`, '{{lane}}']],
      ),
      lines(
        ['Lag', 'Records that are published and not consumed', 'short'],
        [['max by (topic, partition) (billcast_consumer_lag_records)', '{{topic}}/{{partition}}']],
      ),
      lines(
        ['Age of the watermark', 'How long a partition stands still', 's'],
        [['max by (topic, partition) (billcast_watermark_age_seconds)', '{{topic}}/{{partition}}']],
      ),
      lines(
        ['Records and commits', 'From and to Kafka', 'ops'],
        [
          [
            `sum by (kind) (rate(billcast_consumer_records_total{${ofInstance}}[$__rate_interval]))`,
            '{{kind}}',
          ],
          [
            `sum by (result) (rate(billcast_consumer_commits_total{${ofInstance}}[$__rate_interval]))`,
            '{{result}}',
          ],
        ],
      ),
    ],
  },
  {
    title: 'Providers',
    panels: [
      lines(
        ['Answer p50 and p99', 'From the start of a send to its answer', 's'],
        [
          [quantile(0.5, 'billcast_send_duration_seconds', 'channel'), '{{channel}} p50'],
          [quantile(0.99, 'billcast_send_duration_seconds', 'channel'), '{{channel}} p99'],
        ],
      ),
      lines(
        ['Brakes and pause', '1: nothing goes out', 'short'],
        [['max by (switch) (billcast_switch_thrown)', '{{switch}}']],
      ),
      lines(
        ['Brake as each process sees it', '1: it sends nothing', 'short'],
        [
          [
            `max by (channel, provider) (billcast_provider_circuit_state{${ofInstance}})`,
            '{{channel}} {{provider}}',
          ],
        ],
      ),
    ],
  },
  {
    title: 'Doubt and dead letters',
    panels: [
      stat(
        ['Oldest doubt', 'How long the oldest bill has been in doubt', 's'],
        'max(billcast_oldest_age_seconds{state="in_doubt"})',
      ),
      stat(['Dead letters', 'Published', 'short'], 'max(billcast_dead_letters)'),
      stat(
        ['Owed records', 'Events and dead letters that are due and not published', 'short'],
        'max(billcast_owed_records)',
      ),
      stat(['Early events', 'Their bill has no row yet', 'short'], 'max(billcast_early_events)'),
      lines(
        ['Sweeper', 'What sweeps and look-ups moved', 'ops'],
        [['sum by (kind) (rate(billcast_sweeper_moves_total[$__rate_interval]))', '{{kind}}']],
      ),
      lines(
        ['Since the last success', 'Of the sweeper and the relay', 's'],
        [
          ['time() - max(billcast_sweeper_last_success_timestamp_seconds)', 'sweeper'],
          ['time() - max(billcast_relay_last_success_timestamp_seconds)', 'relay'],
        ],
      ),
    ],
  },
  {
    title: 'Processes',
    panels: [
      stat(
        ['Dispatchers alive', 'Heard of within CLAIM_TTL_MS', 'short'],
        'max(billcast_dispatchers{state="alive"})',
      ),
      lines(
        ['CPU', 'Cores', 'short'],
        [[`rate(process_cpu_seconds_total{${ofInstance}}[$__rate_interval])`, '{{instance}}']],
      ),
      lines(
        ['Memory', 'Resident', 'bytes'],
        [[`process_resident_memory_bytes{${ofInstance}}`, '{{instance}}']],
      ),
      lines(
        ['Event loop p99', 'Lag', 's'],
        [[`nodejs_eventloop_lag_p99_seconds{${ofInstance}}`, '{{instance}}']],
      ),
      lines(
        ['Partitions', 'Per dispatcher', 'short'],
        [[`billcast_consumer_partitions{${ofInstance}}`, '{{instance}}']],
      ),
      lines(
        ['Versions', 'What runs', 'short'],
        [['count by (version, process) (billcast_build_info)', '{{process}} {{version}}']],
      ),
    ],
  },
];
