import { fileURLToPath } from 'node:url';
import { KAFKA_VERSION } from '../../src/embedded/kafkaJars.ts';

/** The project's own jars, so that tests fetch nothing twice. */
export const jarsDir = fileURLToPath(new URL(`../../.billcast/kafka/jars-${KAFKA_VERSION}`, import.meta.url));
