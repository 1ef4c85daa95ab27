/** A rule of Prometheus that keeps the value of an expression under a name. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

/** The windows of the burn rates: SRE workbook, chapter 5, table 5-8. */
export const burnWindows = ['5m', '30m', '1h', '6h', '3d'] as const;

export type BurnWindow = (typeof burnWindows)[number];

/** The name under which the share of bad answers over a window is kept. */
export function badRatioOf(window: BurnWindow): string {
  return `billcast:sends_bad:ratio_rate${window}`;
}

/** An answer is bad if the member has nothing of it: refused, or nobody knows. */
export const recordingRules: readonly RecordingRule[] = [
  ...burnWindows.map((window) => ({
    record: badRatioOf(window),
    expr:
      `sum by (channel) (rate(billcast_sends_total{outcome=~"refused|unknown|misconfigured"}[${window}])) / ` +
      `(sum by (channel) (rate(billcast_sends_total[${window}])) > 0)`,
  })),
  // The name that kafka_exporter uses, for boards that exist already.
  { record: 'kafka_consumergroup_lag', expr: 'max by (topic, partition) (billcast_consumer_lag_records)' },
];
