import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownTopics } from '../../src/config/billTopics.ts';
import { type Config, loadConfig } from '../../src/config/loadConfig.ts';
import type { Database } from '../../src/db/database.ts';
import { countBillStates, type StateCounts } from '../../src/db/reads/stateCounts.ts';
import { ensureTopics } from '../../src/kafka/ensureTopics.ts';
import { fetchGroupLag } from '../../src/kafka/groupOffsets.ts';
import { createKafka, type Kafka } from '../../src/kafka/kafkaClient.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { createLogger } from '../../src/log/log.ts';
import { addSampleBills } from '../../src/operations/addSampleBills.ts';
import type { Verdict } from '../../src/operations/reconcile.ts';
import { releaseAll } from '../../src/operations/releaseBills.ts';
import { verify } from '../../src/operations/verify.ts';
import { bareEnvironment } from './bareEnvironment.ts';
import { createTestDatabase } from './testDatabase.ts';
import { testKafkaBrokers } from './testKafka.ts';

/** A whole billcast for one test: a database, topics, a group and a ledger that nobody else uses. */
export interface TestSystem {
  readonly config: Config;
  /** Its settings, for processes that a test starts itself. */
  readonly environment: Readonly<Record<string, string>>;
  readonly database: Database;
  readonly kafka: Kafka;
  /** Adds sample bills and releases them. */
  publish(bills: number): Promise<void>;
  /** Starts a service process, with these settings changed; resolves when it consumes. */
  startDispatcher(changes?: Record<string, string>): Promise<LaunchedProcess>;
  /** The same without waiting: its servers may be unreachable. */
  launchDispatcher(changes?: Record<string, string>): LaunchedProcess;
  states(): Promise<StateCounts>;
  lag(): Promise<number>;
  /** Polls until a fact holds: other processes send no signal. */
  until(
    what: string,
    isTrue: (states: StateCounts) => boolean | Promise<boolean>,
    limitMs?: number,
  ): Promise<void>;
  verdict(): Promise<Verdict>;
  /** Keys, values and headers of the dead letter topic as text, when there are `count` of them. */
  deadLetters(count: number): Promise<string[]>;
  /** Kills what is still running and removes everything. */
  destroy(): Promise<void>;
}

/** A running `src/main.ts`. */
export interface DispatcherProcess {
  readonly pid: number;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Everything it logged so far. */
  output(): string;
}

/** A `src/main.ts` that may still be starting. */
export interface LaunchedProcess extends DispatcherProcess {
  /** Resolves when it consumes; rejects when it ends before. */
  ready(): Promise<void>;
  /** Resolves when it has logged this text; rejects when it ends before. */
  said(text: string): Promise<void>;
  /** Resolves with its exit code. */
  ended(): Promise<number | null>;
}

/** Every wait as short as the servers allow: a dead dispatcher's bills are back in seconds. */
const quick = {
  SIMULATED_DELAY_MS: '200',
  SIMULATED_SEED: '7',
  START_DEADLINE_MS: '1000',
  SEND_TIMEOUT_MS: '1500',
  LOOKUP_HORIZON_MS: '2500',
  CLAIM_TTL_MS: '2000',
  SWEEP_INTERVAL_MS: '1000',
  KAFKA_SESSION_TIMEOUT_MS: '6000',
  KAFKA_PARTITIONS: '4',
  EARLY_EVENT_MAX_MS: '2000',
  LOG_LEVEL: 'info',
};

export async function createTestSystem(settings: Record<string, string> = {}): Promise<TestSystem> {
  const { database, url, drop } = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'billcast-test-'));
  const suffix = randomUUID();
  const environment = {
    ...quick,
    KAFKA_BROKERS: testKafkaBrokers(),
    DATABASE_URL: url,
    KAFKA_GROUP_ID: `group-${suffix}`,
    TOPIC_EMAIL: `email-${suffix}`,
    TOPIC_SMS: `sms-${suffix}`,
    TOPIC_DLT: `dlt-${suffix}`,
    SIMULATED_LEDGER: join(folder, 'ledger.jsonl'),
    DATA_DIR: folder,
    ...settings,
  };
  const config = loadConfig(environment);
  const { ledgerFile } = config.providerSettings.simulated;
  const log = createLogger({ level: 'silent', pretty: false });
  const { brokers = [], security } = config.kafka;
  const kafka = createKafka({ brokers, security, clientId: 'test', log });
  await ensureTopics({ kafka, topics: ownTopics(config) });
  const children: ChildProcess[] = [];
  const { groupId, topics } = config.kafka;

  const lag = async (): Promise<number> => {
    const lags = await fetchGroupLag({
      kafka,
      groupId,
      topics: config.ladder.order.map((channel) => topics[channel]),
    });
    return [...lags.values()].reduce((sum, one) => sum + one, 0);
  };
  const states = (): Promise<StateCounts> => countBillStates(database, 'EMAIL');

  return {
    config,
    environment,
    database,
    kafka,
    async publish(bills) {
      await addSampleBills(
        { database, config: { ...config, production: false } },
        { members: bills, seed: 1 },
      );
      await database.query(noQuietHours);
      await releaseAll(database, config.ladder);
    },
    async startDispatcher(changes) {
      const dispatcher = launchDispatcher({ ...environment, ...changes }, folder, children);
      await dispatcher.ready();
      return dispatcher;
    },
    launchDispatcher: (changes) => launchDispatcher({ ...environment, ...changes }, folder, children),
    states,
    lag,
    async until(what, isTrue, limitMs = 60_000) {
      const deadline = performance.now() + limitMs;
      while (!(await isTrue(await states()))) {
        if (performance.now() > deadline) {
          throw new Error(`${what}: not within ${limitMs} ms: ${JSON.stringify(await states())}`);
        }
        await sleep(50);
      }
    },
    // Its own ledger, whichever provider writes it; one that accepted nothing has none.
    verdict: () =>
      verify({ config, database, kafka }, existsSync(ledgerFile) ? { ledgerFiles: [ledgerFile] } : {}),
    deadLetters: (count) => readLetters(kafka, config, count),
    async destroy() {
      for (const child of children) child.kill('SIGKILL');
      await drop();
      const admin = kafka.admin();
      await admin.connect();
      await admin.deleteTopics({ topics: ownTopics(config).map(({ name }) => name) });
      await admin.disconnect();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A run must not depend on the time of day. */
const noQuietHours = {
  name: 'no-quiet-hours',
  text: 'update member set do_not_disturb_start = null where do_not_disturb_start is not null',
};

function launchDispatcher(
  environment: Record<string, string>,
  folder: string,
  children: ChildProcess[],
): LaunchedProcess {
  const child = spawn(process.execPath, [join(projectDir, 'src', 'main.ts')], {
    // Not in the project's folder, because of its .env.
    cwd: folder,
    env: { ...bareEnvironment, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.push(child);
  let output = '';
  const written = new EventEmitter();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk;
      written.emit('more');
    });
  }
  const closed = once(child, 'close');
  const messaged = once(child, 'message');
  const endedEarly = closed.then(() => {
    throw new Error(`dispatcher ended too early:\n${output}`);
  });
  endedEarly.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    async ready() {
      await Promise.race([messaged, endedEarly]);
    },
    async said(text) {
      while (!output.includes(text)) await Promise.race([once(written, 'more'), endedEarly]);
    },
    async ended() {
      await closed;
      return child.exitCode;
    },
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
    signal: (name) => child.kill(name),
    async stop() {
      child.kill('SIGTERM');
      await closed;
      return child.exitCode;
    },
    output: () => output,
  };
}

async function readLetters(kafka: Kafka, config: Config, count: number): Promise<string[]> {
  const consumer = kafka.consumer({ groupId: `letters-${randomUUID()}` });
  const letters: string[] = [];
  const { promise: complete, resolve } = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topics: [config.kafka.topics.deadLetter], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message: { key, value, headers } }) => {
      letters.push([key, value, ...Object.entries(headers ?? {}).flat()].map(String).join(' '));
      if (letters.length === count) resolve();
    },
  });
  await complete;
  await consumer.disconnect();
  return letters;
}

/** Every bill is delivered or failed, and every event is committed. */
export function isFinished(states: StateCounts): boolean {
  return states.delivered + states.failed === states.total && states.owed === 0 && states.earlyEvents === 0;
}
