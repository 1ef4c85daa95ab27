import { join } from 'node:path';
import type { BillId, Claim } from '../../../src/bill.ts';
import { type Config, loadConfig } from '../../../src/config/loadConfig.ts';
import { createDatabase, type Database } from '../../../src/db/database.ts';
import { largestBillBytes } from '../../../src/db/source/billLoader.ts';
import { ownBillSource } from '../../../src/db/source/billSource.ts';
import { createBillLoader } from '../../../src/db/source/loadBills.ts';
import { createKafka } from '../../../src/kafka/kafkaClient.ts';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { createLogger } from '../../../src/log/log.ts';
import { readTemplates } from '../../../src/pool/readTemplates.ts';
import { createRenderPool, type RenderOutcome, type RenderPool } from '../../../src/pool/renderPool.ts';
import { encodersOf } from '../../../src/providers/registry.ts';
import { createBatchLoop } from './batchLoop.ts';
import { createFloorSender } from './floorSender.ts';
import { claimAll, handOffAll, settleAll } from './floorStatements.ts';
import { readEvents } from './readEvents.ts';

/*
 * The floor: the work that cannot be left out when a bill is read from Kafka, claimed, loaded, decrypted,
 * rendered, handed off, sent and settled, as cheaply as we know how. It checks no state, and watches and
 * repairs nothing. It is what the product is compared with, and must never send a real bill.
 *
 * node tools/bench/floor/floorProcess.ts <bills per batch>
 */

const batchesAtOnce = 4;
const settlersAtOnce = 2;
const loadBills = createBillLoader(ownBillSource());
const largestSettleBatch = 1_000;

async function main(largest: number): Promise<void> {
  const config = loadConfig();
  const {
    kafka: { brokers = [], groupId, topics },
    database: { url = '' },
  } = config;
  const log = createLogger({ level: 'warn', pretty: true });
  const database = createDatabase({ url, poolSize: batchesAtOnce + settlersAtOnce, log, patienceMs: 0 });
  const renderPool = await startRenderPool(config);
  const settling = createBatchLoop<BillId>({
    largest: largestSettleBatch,
    atOnce: settlersAtOnce,
    work: (billIds) => settleAll(database, billIds),
    onError: fail,
  });
  const send = createFloorSender(config);
  const sending = createBatchLoop<Claim>({
    largest,
    atOnce: batchesAtOnce,
    work: async (claims) => {
      const messages = await prepare(database, renderPool, claims);
      for (const [index, claim] of claims.entries()) {
        send(claim, messages[index], () => settling.add([claim.billId]));
      }
    },
    onError: fail,
  });
  await readEvents(
    createKafka({ brokers, clientId: 'floor', log }),
    { groupId, topic: topics.EMAIL },
    sending,
  );
  process.send?.('ready');
}

async function prepare(
  database: Database,
  renderPool: RenderPool,
  claims: readonly Claim[],
): Promise<RenderOutcome[]> {
  await claimAll(database, claims);
  const loaded = await loadBills(database, claims, largestBillBytes);
  const rendered = await renderPool.render(
    'EMAIL',
    claims.map((claim) => ({ text: loaded.get(claim.billId)?.text ?? 'null', bill: { claim } })),
  );
  await handOffAll(database, claims);
  for (const bill of rendered) if (bill.kind === 'email') bill.release();
  return rendered;
}

async function startRenderPool({
  poolThreads,
  cipher,
  billModel,
  ladder,
  ...config
}: Config): Promise<RenderPool> {
  return createRenderPool({
    threads: poolThreads,
    encoders: encodersOf(config.providers, config.providerSettings),
    renderer: {
      templates: await readTemplates({
        dir: join(projectDir, 'templates'),
        name: 'bill',
        language: 'ko',
        channels: ladder.order,
      }),
      ciphers: cipher,
      ...billModel,
    },
  });
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

main(Number(process.argv[2])).catch(fail);
