import { fileURLToPath } from 'node:url';
import { kafkaVersion } from '../../src/embedded/kafkaJars.ts';

/** The project's own jars, so that tests fetch nothing twice. */
export const jarsDir = fileURLToPath(new URL(`../../.billcast/kafka/jars-${kafkaVersion}`, import.meta.url));
