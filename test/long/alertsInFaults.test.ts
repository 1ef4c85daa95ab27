import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningApi, runApi } from '../../src/api/runApi.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { createKafkajsConsumer } from '../../src/consumer/intake/kafkajsConsumer.ts';
import { setPaused } from '../../src/db/control.ts';
import { addSampleBills } from '../../src/operations/addSampleBills.ts';
import { freePort } from '../../tools/bench/system/freePort.ts';
import { ask } from '../support/ask.ts';
import { silentLog } from '../support/capturedLog.ts';
import { type LivePrometheus, startPrometheus } from '../support/livePrometheus.ts';
import { findPrometheus } from '../support/promtool.ts';
import { startedRun } from '../support/startedRun.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { startTestGateway } from '../support/testGateway.ts';
import {
  createTestSystem,
  isFinished,
  type LaunchedProcess,
  type TestSystem,
} from '../support/testSystem.ts';

/** `ALERT_TIMES=1` for the rules as they are written; it takes hours. */
const times = Number(process.env.ALERT_TIMES ?? '20');
const patienceMs = 6_000_000 / times;

/**
 * Each alert fires in the fault that causes it, in none of a clean run, and ends with the fault: live
 * processes, the real Prometheus, and our rules with their times divided by `times`. The faults come one
 * after the other, so that an alert of another fault shows.
 */
describe(`the alerts in faults, times divided by ${times}`, async () => {
  const bin = await findPrometheus();
  const skip = bin === undefined && 'apt cannot fetch prometheus';
  const folder = useTemporaryFolder();
  let system: TestSystem;
  let prometheus: LivePrometheus;
  let gateway: Awaited<ReturnType<typeof startTestGateway>>;
  let api: RunningApi | undefined;
  const dispatchers: LaunchedProcess[] = [];

  before(async () => {
    if (bin === undefined) return;
    gateway = await startTestGateway(folder);
    const apiPort = await freePort();
    system = await createTestSystem({
      PROVIDER_EMAIL: 'http',
      HTTP_EMAIL_URL: gateway.url,
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
    });
    api = await startApi();
    dispatchers.push(await system.startDispatcher(), await system.startDispatcher(another()));
    prometheus = await startPrometheus({ bin, folder, port: await freePort(), apiPort, times });
  });
  after(async () => {
    await prometheus?.stop();
    await api?.stop();
    await gateway?.close();
    await system?.destroy();
  });

  const another = () => ({ NODE_APP_INSTANCE: '1' });
  const publish = (bills: number) => system.publish(bills);
  const settled = () => system.until('all bills have ended', isFinished, patienceMs);

  const startApi = (): Promise<RunningApi> =>
    runApi({
      config: loadConfig({ ...system.environment }),
      servers: {
        kafkaBrokers: system.environment['KAFKA_BROKERS']?.split(',') ?? [],
        databaseUrl: system.environment['DATABASE_URL'] ?? '',
        embedded: { kafka: false, postgres: false },
        close: async () => undefined,
      },
      log: silentLog,
    });

  const until = async (what: string, isTrue: () => Promise<boolean>): Promise<void> => {
    const deadline = performance.now() + patienceMs;
    while (!(await isTrue())) {
      assert.ok(performance.now() < deadline, `${what}; firing: ${await prometheus.firing()}`);
      await sleep(250);
    }
  };

  /** These fire, and beside them at most these others; all of them end when the fault is healed. */
  const fires = async (
    expected: readonly string[],
    { with: others = [], heal }: { readonly with?: readonly string[]; heal(): Promise<unknown> },
  ): Promise<void> => {
    const beganMs = performance.now();
    const seen = new Set<string>();
    await until(`${expected} did not fire`, async () => {
      for (const name of await prometheus.firing()) seen.add(name);
      return expected.every((name) => seen.has(name));
    });
    const firedS = Math.round((performance.now() - beganMs) / 1_000);
    await heal();
    await until(`${expected} did not end`, async () => (await prometheus.firing()).length === 0);
    const endedS = Math.round((performance.now() - beganMs) / 1_000);
    for (const name of await prometheus.firedWithin(endedS)) seen.add(name);
    console.log(`${expected.join(', ')}: fired after ${firedS} s, over after ${endedS} s`);
    assert.deepEqual(
      [...seen].filter((name) => ![...expected, ...others].includes(name)),
      [],
    );
  };

  it('do not fire in a clean run', { skip }, async () => {
    const beganMs = performance.now();
    await publish(2_000);
    await settled();
    await sleep(900_000 / times);
    assert.deepEqual(await prometheus.firedWithin((performance.now() - beganMs) / 1_000), []);
  });

  it('tell of a provider that is away, by its brake', { skip }, async () => {
    const { port } = gateway;
    await gateway.close();
    await publish(300);
    await fires(['BillcastBrakeOn'], {
      with: ['BillcastWatermarkStuck'],
      async heal() {
        gateway = await startTestGateway(folder, { port });
        await settled();
      },
    });
  });

  it('tell of a dispatcher that hangs', { skip }, async () => {
    const [, second] = dispatchers;
    second?.signal('SIGSTOP');
    await fires(['BillcastDispatcherSilent'], {
      with: ['BillcastWatermarkStuck'],
      async heal() {
        await second?.kill();
        dispatchers[1] = await system.startDispatcher(another());
      },
    });
  });

  it('tell that nobody sends', { skip }, async () => {
    for (const dispatcher of dispatchers) await dispatcher.kill();
    await publish(300);
    await fires(['BillcastNoDispatcher'], {
      with: ['BillcastDispatcherSilent'],
      async heal() {
        dispatchers[0] = await system.startDispatcher();
        dispatchers[1] = await system.startDispatcher(another());
        await settled();
      },
    });
  });

  it('tell of events that nobody takes', { skip }, async () => {
    const { kafka, config } = system;
    const hung = createKafkajsConsumer(
      {
        kafka,
        groupId: config.kafka.groupId,
        sessionTimeoutMs: 10_000,
        maxBytesPerPartition: 1_000,
        log: silentLog,
      },
      () => ({ partitions: {}, sinceMs: 0 }),
    );
    await hung.connect();
    await hung.subscribe({ topics: [config.kafka.topics.EMAIL, config.kafka.topics.SMS] });
    const { promise: joined, resolve } = Promise.withResolvers<void>();
    hung.on('consumer.group_join', () => resolve());
    // It is alive for Kafka, and does nothing.
    const healed = new AbortController();
    await hung.run({
      autoCommit: false,
      eachBatch: async ({ heartbeat }) => {
        while (!healed.signal.aborted) {
          await heartbeat();
          await sleep(500);
        }
      },
    });
    await joined;
    await publish(300);
    await fires(['BillcastStuck'], {
      async heal() {
        healed.abort();
        await Promise.race([hung.disconnect(), sleep(15_000)]);
        await settled();
      },
    });
  });

  it('tell of a run that is late, waits for approval, or holds', { skip }, async () => {
    const { database, config } = system;
    const month = '2026-10';
    const bills = 500;
    await addSampleBills({ database, config }, { members: bills, seed: 2, month: `${month}-01` });
    const late = { pace: { perSecond: 1 }, deadline: new Date(Date.now() + 60_000).toISOString() };
    await startedRun(database, { id: 'late', selection: { month }, bills, ...late });
    await fires(['BillcastDeadlineInDanger'], {
      heal: () => ask(database, `update run set plan = plan - 'deadline' where id = 'late'`),
    });
    await ask(
      database,
      `update run set state = 'PAUSED', previous_state = state, hold = 'PERSON', hold_since = now()
       where id = 'late'`,
    );
    await fires(['BillcastRunHolds'], {
      heal: () =>
        ask(
          database,
          `update run set state = 'DONE', previous_state = state, hold = null, hold_since = null where id = 'late'`,
        ),
    });
    await ask(
      database,
      `insert into run (id, kind, state, plan, plan_hash, proposal, requested_by, changed_at)
       values ('waits', 'PLANNED', 'DRAFT', '{}', 'h', '{"bills": 7}', 'ann', now() - interval '2 h')`,
    );
    await fires(['BillcastRunWaitsForApproval'], {
      heal: () => ask(database, `update run set state = 'CLOSED', previous_state = state where id = 'waits'`),
    });
  });

  it('tell of a pause that goes on', { skip }, async () => {
    await setPaused(system.database, true, { by: 'ann', reason: 'a test' });
    await fires(['BillcastPausedLong'], {
      heal: () => setPaused(system.database, false, { by: 'ann', reason: 'a test' }),
    });
  });

  it('tell of an api that is gone', { skip }, async () => {
    await api?.stop();
    await fires(['BillcastApiGone'], {
      async heal() {
        api = await startApi();
      },
    });
  });

  it('tell of a relay that makes no progress', { skip }, async () => {
    await system.database.withConnection(async (connection) => {
      await connection.run('begin');
      await connection.run('lock table lease in access exclusive mode');
      await fires(['BillcastRelaySilent'], {
        with: ['BillcastCountsOld', 'BillcastSweeperSilent'],
        heal: () => connection.run('rollback'),
      });
    });
  });
});
