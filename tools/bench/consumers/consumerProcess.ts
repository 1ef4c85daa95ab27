import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { createKafka } from '../../../src/kafka/kafkaClient.ts';
import { createLogger } from '../../../src/log/log.ts';
import { Ledger } from '../../../src/providers/simulated/ledger.ts';
import { asyncParallel } from './asyncParallel.ts';
import { blockingByKey } from './blockingByKey.ts';
import type { ConsumerUnderTest } from './consumerUnderTest.ts';
import { detachedEarlyCommit } from './detachedEarlyCommit.ts';
import { serial } from './serial.ts';

/*
 * A process with one of the consumers that billcast is compared with. All of them send in the same way: the
 * provider takes its time and then writes the acceptance to the ledger.
 *
 * node tools/bench/consumers/consumerProcess.ts <name>
 */

const consumers: Readonly<Record<string, ConsumerUnderTest>> = {
  serial,
  detachedEarlyCommit,
  blockingByKey,
  asyncParallel,
};

async function main(name: string): Promise<void> {
  const run = consumers[name];
  if (run === undefined) throw new Error(`no such consumer: ${name}`);
  const { kafka: settings, providerSettings } = loadConfig();
  const { simulated } = providerSettings;
  const log = createLogger({ level: 'warn', pretty: true });
  const ledger = new Ledger(simulated.ledgerFile);
  let inFlight = 0;
  const send = async (billId: string): Promise<void> => {
    inFlight++;
    await sleep(simulated.delayMs);
    await ledger.append({ key: `${billId}:EMAIL:1`, billId, channel: 'EMAIL', cycle: 1 });
    inFlight--;
  };
  const kafka = createKafka({ brokers: settings.brokers ?? [], clientId: name, log });
  const topic = settings.topics.EMAIL;
  const consumer = kafka.consumer({ groupId: settings.groupId, sessionTimeout: settings.sessionTimeoutMs });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await run({ consumer, topic, send });
  process.once('SIGTERM', async () => {
    await consumer.stop();
    while (inFlight > 0) await sleep(10);
    process.exit(0);
  });
  process.send?.('ready');
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
