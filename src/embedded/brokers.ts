import { readBrokers } from './brokerCount.ts';
import { dataFolder, kafkaOptions, locked } from './dataFolder.ts';
import type { EmbeddedOptions } from './embedded.ts';
import { startKafkaBroker, stopKafkaBroker } from './kafka.ts';

/**
 * Starts one broker of the embedded cluster again, on its data and its ports; returns when it answers.
 * @throws BillcastError EMBEDDED_FAILED
 */
export async function startBroker(options: EmbeddedOptions, broker: number): Promise<void> {
  const folder = await dataFolder(options.dataDir);
  await locked(folder, options, async () =>
    startKafkaBroker(kafkaOptions(folder, options, await readBrokers(folder)), broker),
  );
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
