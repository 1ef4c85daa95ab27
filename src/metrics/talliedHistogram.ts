import { Histogram, type Registry } from 'prom-client';
import type { BucketTally } from './bucketTally.ts';

/** One series of a histogram: its labels, and what was counted. */
export interface TalliedSeries<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly tally: BucketTally;
}

export interface TalliedOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
  /** One or more; all have the same bounds. */
  readonly series: readonly TalliedSeries<Label>[];
  readonly registry: Registry;
}

interface Line {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly sharedLabels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * A histogram whose values a `BucketTally` counts. prom-client reads it when somebody asks for the metrics.
 */
export class TalliedHistogram<Label extends string> extends Histogram<Label> {
  readonly #options: TalliedOptions<Label>;

  constructor(options: TalliedOptions<Label>) {
    const { name, help, labelNames, series, registry } = options;
    const buckets = [...(series[0]?.tally.bounds ?? [])];
    super({ name, help, labelNames: [...labelNames], buckets, registers: [registry] });
    this.#options = options;
  }

  /** The registry of prom-client prints these counts. */
  async getForPromString() {
    const { name, help, series } = this.#options;
    const values = series.flatMap((one) => linesOf(name, one));
    return { name, help, type: 'histogram', aggregator: 'sum', values };
  }
}

/** In Prometheus a bucket counts all values up to its bound. */
function linesOf<Label extends string>(name: string, { labels, tally }: TalliedSeries<Label>): Line[] {
  const lines: Line[] = [];
  const add = (suffix: string, value: number, own: Line['labels'] = {}): void => {
    lines.push({ metricName: `${name}_${suffix}`, labels: own, sharedLabels: labels, value });
  };
  let count = 0;
  for (const [index, inBucket] of tally.counts.entries()) {
    count += inBucket;
    add('bucket', count, { le: tally.bounds[index] ?? '+Inf' });
  }
  add('sum', tally.sum);
  add('count', count);
  return lines;
}
