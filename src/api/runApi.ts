import { randomUUID } from 'node:crypto';
import type { DispatcherId } from '../bill.ts';
import type { Config } from '../config/loadConfig.ts';
import { createDatabase } from '../db/database.ts';
import type { LeasedLoop } from '../db/leasedLoop.ts';
import { checkSchema } from '../db/schemaState.ts';
import { checkSource } from '../db/source/checkSource.ts';
import type { Endpoints } from '../embedded/resolveEndpoints.ts';
import { BillcastError } from '../errors.ts';
import { createKafka } from '../kafka/kafkaClient.ts';
import { firstChannel } from '../ladder.ts';
import { readProductVersion } from '../lib/productVersion.ts';
import type { Logger } from '../log/log.ts';
import { ReceiptMeter } from '../metrics/receiptMeter.ts';
import { createActionWorker } from '../operations/actions/actionWorker.ts';
import { createContactIndexer } from '../operations/contactIndexer.ts';
import { sayEachMinute } from '../operations/testSends/sayEachMinute.ts';
import { readTemplates } from '../pool/readTemplates.ts';
import { templateVersion } from '../render/template/templateVersion.ts';
import { createCountKeeper } from '../sweeper/countKeeper.ts';
import type { ApiApp } from './apiApp.ts';
import { createApiServer } from './apiServer.ts';
import type { BuildInfo } from './contract/serviceContract.ts';
import { startMailIntake } from './inbound/mailIntake.ts';

const patienceMs = 5_000;
const statementTimeoutMs = 25_000;

/** The api process: listens until it is stopped. */
export interface RunningApi {
  /** The address at which it listens: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Finishes open requests, then closes. May be called twice. */
  stop(): Promise<void>;
  /** Requests that are being answered. */
  open(): number;
}

/** @throws BillcastError API_FAILED if it cannot listen, SCHEMA_MISMATCH if the database is not up to date */
export async function runApi(options: {
  readonly config: Config;
  readonly servers: Endpoints;
  readonly log: Logger;
}): Promise<RunningApi> {
  const { config, servers, log } = options;
  const database = createDatabase({
    url: servers.databaseUrl,
    poolSize: config.database.poolSize,
    log,
    patienceMs,
    statementTimeoutMs,
    source: config.source,
  });
  let stopping: Promise<void> | undefined;
  try {
    await checkSchema(database);
    await checkSource(database, config.source);
    const receiptMeter = new ReceiptMeter();
    const parts = {
      config,
      database,
      kafka: createKafka({
        brokers: servers.kafkaBrokers,
        security: config.kafka.security,
        clientId: 'billcast-api',
        log,
      }),
      log,
      build: await readBuild(config),
      isStopping: () => stopping !== undefined,
    };
    const app = await createApiServer(parts, receiptMeter);
    let open = 0;
    app.addHook('onRequest', async () => void open++);
    app.addHook('onResponse', async () => void open--);
    const worker = createActionWorker({ config, database, log });
    const contacts = await createContactIndexer({ config, database, log });
    const counts = createCountKeeper({
      database,
      log,
      owner: randomUUID() as string as DispatcherId,
      first: firstChannel(config.ladder),
    });
    const endSaying = config.safeMode === undefined ? undefined : sayEachMinute(log);
    const mails = await startMailIntake({ config, database, log, receiptMeter });
    const address = await listen(() => app.listen({ port: config.api.port, host: config.api.host }), config);
    worker.start();
    contacts?.start();
    counts.start();
    log.info({ url: address }, 'api listens');
    return {
      url: address,
      open: () => open,
      stop() {
        endSaying?.();
        stopping ??= Promise.all([close(app, worker), contacts?.stop(), counts.stop(), mails.stop()])
          .then(() => undefined)
          .finally(() => database.close());
        return stopping;
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function close(app: ApiApp, worker: LeasedLoop): Promise<void> {
  await app.close();
  await worker.stop();
}

async function listen(start: () => Promise<string>, { api: { host, port } }: Config): Promise<string> {
  try {
    return await start();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new BillcastError(
      'API_FAILED',
      `the api cannot listen on ${host}:${port} (${code}): set API_HOST and API_PORT to an address that is free`,
      { cause },
    );
  }
}

async function readBuild({ templates }: Config): Promise<BuildInfo> {
  const set = await readTemplates(templates);
  return {
    name: 'billcast',
    version: readProductVersion(),
    node: process.version,
    startedAt: new Date().toISOString(),
    template: { name: set.name, version: templateVersion(set) },
  };
}
