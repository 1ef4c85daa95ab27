import { readBrokers } from './brokerCount.ts';
import { dataFolder, kafkaOptions, locked } from './dataFolder.ts';
import { launchKafkaBroker, stopKafkaBroker, untilKafkaBroker } from './embeddedKafka.ts';
import type { EmbeddedOptions } from './openEmbedded.ts';

/**
 * Starts one broker of the embedded cluster again, on its data and its ports; returns when it answers, for which
 * most of the others have to be up: several may be started at once.
 * @throws BillcastError EMBEDDED_FAILED
 */
export async function startBroker(options: EmbeddedOptions, broker: number): Promise<void> {
  const folder = await dataFolder(options.dataDir);
  const kafka = await locked(folder, options, async () => {
    const found = kafkaOptions(folder, options, await readBrokers(folder));
    await launchKafkaBroker(found, broker);
    return found;
  });
  await untilKafkaBroker(kafka, broker);
}

/**
 * Stops one broker of the embedded cluster cleanly, and returns when it is gone.
 * @throws BillcastError EMBEDDED_FAILED
 */
export async function stopBroker(options: EmbeddedOptions, broker: number): Promise<void> {
  const folder = await dataFolder(options.dataDir);
  await locked(folder, options, async () =>
    stopKafkaBroker({ folder: folder.kafka, brokers: await readBrokers(folder) }, broker),
  );
}
