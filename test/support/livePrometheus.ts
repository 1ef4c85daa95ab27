import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { projectDir } from '../../src/lib/projectDir.ts';

/** The real Prometheus with our rules, scraping each second. */
export interface LivePrometheus {
  /** The names of the alerts that fire. */
  firing(): Promise<string[]>;
  /** The names of those that fired within these seconds. */
  firedWithin(seconds: number): Promise<string[]>;
  stop(): Promise<void>;
}

const units = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
const longestForS = 30;

/** An extra divisor for the ranges of rates, since an alert goes on until its range has passed. */
const rangeTimes = 12;

/**
 * Pure: the rules with their times divided, so that a fault need not last for hours: how long an expression
 * must hold (30 s at most), its ranges, and its limits on ages of minutes.
 */
function quickerRules(text: string, times: number): string {
  const divided = (count: string, unit: string): number =>
    Math.max(1, Math.round((Number(count) * units[unit as keyof typeof units]) / times));
  return text
    .replaceAll(/for: (\d+)([smhd])/g, (_, count, unit) =>
      count === '0' ? 'for: 0s' : `for: ${Math.min(longestForS, divided(count, unit))}s`,
    )
    .replaceAll(
      /\[(\d+)([mhd])\]/g,
      (_, count, unit) =>
        `[${Math.max(5, Math.round(divided(count, unit) / (times === 1 ? 1 : rangeTimes)))}s]`,
    )
    .replaceAll(/offset (\d+)([mhd])/g, (_, count, unit) => `offset ${divided(count, unit)}s`)
    .replaceAll(/> (300|600)\b/g, (_, seconds) => `> ${divided(seconds, 's')}`);
}

const answerShape = z.object({
  data: z.object({ result: z.array(z.object({ metric: z.object({ alertname: z.string() }) })) }),
});

export async function startPrometheus(options: {
  readonly bin: string;
  readonly folder: string;
  readonly port: number;
  /** The port of the api, which names the processes. */
  readonly apiPort: number;
  /** The divisor of the times in the rules. */
  readonly times: number;
}): Promise<LivePrometheus> {
  const { bin, folder, port, apiPort, times } = options;
  const rules = join(folder, 'rules.yml');
  await writeFile(
    rules,
    quickerRules(await readFile(join(projectDir, 'ops/prometheus/rules.yml'), 'utf8'), times),
  );
  const target = `127.0.0.1:${apiPort}`;
  const settings = {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [rules],
    scrape_configs: [
      {
        job_name: 'billcast',
        http_sd_configs: [{ url: `http://${target}/metrics/targets`, refresh_interval: '1s' }],
      },
    ],
  };
  const file = join(folder, 'prometheus.yml');
  await writeFile(file, JSON.stringify(settings));
  const child = spawn(
    join(bin, 'prometheus'),
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      // A target that is gone is gone after as many seconds as there are minutes by the rules as written.
      '--query.lookback-delta=15s',
    ],
    { stdio: 'ignore' },
  );
  const names = async (query: string): Promise<string[]> => {
    const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`;
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok !== true) return [];
    const { data } = answerShape.parse(await answer.json());
    return data.result.map(({ metric }) => metric.alertname).sort();
  };
  return {
    firing: () => names('count by (alertname) (ALERTS{alertstate="firing"})'),
    firedWithin: (seconds) =>
      names(`count by (alertname) (count_over_time(ALERTS{alertstate="firing"}[${Math.ceil(seconds)}s]))`),
    stop: () => stopChild(child),
  };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit');
}
