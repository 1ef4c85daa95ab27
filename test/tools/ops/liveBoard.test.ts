import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { z } from 'zod';
import { runApi } from '../../../src/api/runApi.ts';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { addSampleBills } from '../../../src/operations/addSampleBills.ts';
import { boardRows } from '../../../tools/ops/boardPanels.ts';
import { silentLog } from '../../support/capturedLog.ts';
import { findPrometheus } from '../../support/promtool.ts';
import { startedRun } from '../../support/startedRun.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { createTestSystem, isFinished, type TestSystem } from '../../support/testSystem.ts';

const apiPort = '28082';
const prometheusAddress = '127.0.0.1:29090';
const answerShape = z.object({ data: z.object({ result: z.array(z.unknown()) }) });

/** As docs/metrics.md says, only quicker. */
const settings = {
  global: { scrape_interval: '1s', evaluation_interval: '1s' },
  rule_files: [join(projectDir, 'ops/prometheus/rules.yml')],
  scrape_configs: [
    {
      job_name: 'billcast',
      http_sd_configs: [{ url: `http://127.0.0.1:${apiPort}/metrics/targets`, refresh_interval: '1s' }],
    },
  ],
};

describe('the board, on the real Prometheus', async () => {
  const bin = await findPrometheus();
  const skip = bin === undefined && 'apt cannot fetch prometheus';
  const folder = useTemporaryFolder();
  let system: TestSystem | undefined;
  let prometheus: ChildProcess | undefined;
  before(async () => {
    if (bin === undefined) return;
    system = await createTestSystem({
      SIMULATED_DELAY_MS: '300',
      MAX_IN_FLIGHT: '200',
      API_PORT: apiPort,
      METRICS_PORT: '29664',
    });
    const file = join(folder, 'prometheus.yml');
    await writeFile(file, JSON.stringify(settings));
    prometheus = spawn(
      join(bin, 'prometheus'),
      [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${prometheusAddress}`,
      ],
      { stdio: 'ignore' },
    );
  });
  after(async () => {
    if (prometheus?.exitCode === null && prometheus.kill('SIGKILL')) await once(prometheus, 'exit');
    await system?.destroy();
  });

  it('has data for every expression during a run, and no alert fires', { skip }, async () => {
    assert.ok(system !== undefined);
    const { environment } = system;
    const api = await runApi({
      config: loadConfig({ ...environment }),
      servers: {
        kafkaBrokers: environment.KAFKA_BROKERS?.split(',') ?? [],
        databaseUrl: environment.DATABASE_URL ?? '',
        embedded: { kafka: false, postgres: false },
        close: async () => undefined,
      },
      log: silentLog,
    });
    const dispatcher = await system.startDispatcher();
    await system.publish(20_000);
    await startPacedRun(system);
    try {
      const missing = new Set(
        boardRows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ expr }) => expr))),
      );
      await system
        .until(
          'every expression has data',
          async () => {
            for (const expr of missing) if (await hasData(expr)) missing.delete(expr);
            return missing.size === 0;
          },
          90_000,
        )
        .catch(() => assert.deepEqual([...missing], []));
      assert.ok(!isFinished(await system.states()), 'the run was over');
      assert.equal(await hasData('ALERTS{alertstate="firing"}'), false);
    } finally {
      await dispatcher.stop();
      await api.stop();
    }
  });
});

/** It goes on for ten minutes, which is well before its deadline. */
async function startPacedRun({ database, config }: TestSystem): Promise<void> {
  const [month, bills] = ['2026-10', 600];
  await addSampleBills({ database, config }, { members: bills, seed: 2, month: `${month}-01` });
  const deadline = new Date(Date.now() + 2 * 3_600_000).toISOString();
  await startedRun(database, { id: 'r', selection: { month }, bills, pace: { perSecond: 1 }, deadline });
}

async function hasData(expr: string): Promise<boolean> {
  const query = expr.replaceAll('$__rate_interval', '15s').replaceAll('$instance', '.*');
  const url = `http://${prometheusAddress}/api/v1/query?query=${encodeURIComponent(query)}`;
  const answer = await fetch(url).catch(() => undefined);
  if (answer?.ok !== true) return false;
  return answerShape.parse(await answer.json()).data.result.length > 0;
}
