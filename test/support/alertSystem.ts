import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningApi, runApi } from '../../src/api/runApi.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { freePort } from '../../tools/bench/system/freePort.ts';
import type { GatewayOptions } from '../../tools/gateway/gatewayOptions.ts';
import { silentLog } from './capturedLog.ts';
import { type LivePrometheus, startPrometheus } from './livePrometheus.ts';
import { findPrometheus } from './promtool.ts';
import { useTemporaryFolder } from './temporaryFolder.ts';
import { startTestGateway } from './testGateway.ts';
import { createTestSystem, isFinished, type LaunchedProcess, type TestSystem } from './testSystem.ts';

/** `ALERT_TIMES=1` for the rules as they are written; it takes hours. */
export const times = Number(process.env.ALERT_TIMES ?? '20');
/** Nothing that a test waits for takes longer. */
const patienceMs = 6_000_000 / times;

/** Live processes, a gateway and the real Prometheus, with our rules whose times are divided by `times`. */
export interface AlertSystem {
  system(): TestSystem;
  readonly dispatchers: LaunchedProcess[];
  startFirst(): Promise<void>;
  startSecond(): Promise<void>;
  startApi(): Promise<void>;
  stopApi(): Promise<void>;
  /** Another gateway in its place, at the same address; undefined: none. */
  changeGateway(options?: Partial<GatewayOptions>): Promise<void>;
  stopGateway(): Promise<void>;
  settled(): Promise<void>;
  /** These alerts fire, and at most these others with them. All of them end when the fault is undone. */
  fires(
    expected: readonly string[],
    fault: { readonly with?: readonly string[]; heal(): Promise<unknown> },
  ): Promise<void>;
  /** What fires while the work goes on. */
  firedDuring(work: () => Promise<unknown>): Promise<string[]>;
}

/** For a file of tests whose faults come one after the other, so that an alert of another fault shows. */
export async function useAlertSystem(): Promise<{
  readonly alerts: AlertSystem;
  readonly skip: string | false;
}> {
  const bin = await findPrometheus();
  const folder = useTemporaryFolder();
  const dispatchers: LaunchedProcess[] = [];
  let system: TestSystem;
  let prometheus: LivePrometheus;
  let gateway: Awaited<ReturnType<typeof startTestGateway>>;
  let api: RunningApi | undefined;

  const alerts: AlertSystem = {
    system: () => system,
    dispatchers,
    async startFirst() {
      dispatchers[0] = await system.startDispatcher();
    },
    async startSecond() {
      dispatchers[1] = await system.startDispatcher({ NODE_APP_INSTANCE: '1' });
    },
    async startApi() {
      api = await startApi(system);
    },
    async stopApi() {
      await api?.stop();
    },
    async changeGateway(options) {
      const { port } = gateway;
      await gateway.close();
      gateway = await startTestGateway(folder, { ...options, port });
    },
    stopGateway: () => gateway.close(),
    settled: () => system.until('all bills have ended', isFinished, patienceMs),
    async fires(expected, { with: others = [], heal }) {
      const beganMs = performance.now();
      const seen = new Set<string>();
      const seconds = (): number => Math.round((performance.now() - beganMs) / 1_000);
      await until(prometheus, `${expected} did not fire`, async () => {
        for (const name of await prometheus.firing()) seen.add(name);
        return expected.every((name) => seen.has(name));
      });
      const firedS = seconds();
      await heal();
      await until(
        prometheus,
        `${expected} did not end`,
        async () => (await prometheus.firing()).length === 0,
      );
      for (const name of await prometheus.firedWithin(seconds())) seen.add(name);
      console.log(`${expected.join(', ')}: fired after ${firedS} s, over after ${seconds()} s`);
      const unexpected = [...seen].filter((name) => ![...expected, ...others].includes(name));
      assert.deepEqual(unexpected, []);
    },
    async firedDuring(work) {
      const beganMs = performance.now();
      await work();
      return prometheus.firedWithin((performance.now() - beganMs) / 1_000);
    },
  };

  before(async () => {
    if (bin === undefined) return;
    gateway = await startTestGateway(folder);
    const apiPort = await freePort();
    system = await createTestSystem(await settingsOf(gateway.url, apiPort));
    await alerts.startApi();
    await Promise.all([alerts.startFirst(), alerts.startSecond()]);
    prometheus = await startPrometheus({ bin, folder, port: await freePort(), apiPort, times });
  });
  after(async () => {
    await prometheus?.stop();
    await api?.stop();
    await gateway?.close();
    await system?.destroy();
  });
  return { alerts, skip: bin === undefined && 'apt cannot fetch prometheus' };
}

async function settingsOf(gatewayUrl: string, apiPort: number): Promise<Record<string, string>> {
  return {
    PROVIDER_EMAIL: 'http',
    HTTP_EMAIL_URL: gatewayUrl,
    HTTP_EMAIL_LOOKUP: 'authoritative',
    // The gateway is in this process, and a machine may be slow.
    SEND_TIMEOUT_MS: '10000',
    START_DEADLINE_MS: '5000',
    LOOKUP_HORIZON_MS: '20000',
    MAX_IN_FLIGHT: '100',
    // Shares of refusals are for the alerts here, not for the brake.
    FALLBACK_STOP_RATE: '0.9',
    SMS_TURN_STOP_RATE: '0.9',
    SIMULATED_REFUSAL_RATE: '0',
    RETRANSMIT_MAX_CYCLES: '1',
    API_PORT: String(apiPort),
    METRICS_PORT: String(await freePort()),
  };
}

function startApi({ environment }: TestSystem): Promise<RunningApi> {
  return runApi({
    config: loadConfig({ ...environment }),
    servers: {
      kafkaBrokers: environment.KAFKA_BROKERS?.split(',') ?? [],
      databaseUrl: environment.DATABASE_URL ?? '',
      embedded: { kafka: false, postgres: false },
      close: async () => undefined,
    },
    log: silentLog,
  });
}

async function until(
  prometheus: LivePrometheus,
  what: string,
  isTrue: () => Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await isTrue())) {
    assert.ok(performance.now() < deadline, `${what}; firing: ${await prometheus.firing()}`);
    await sleep(250);
  }
}
