import { join } from 'node:path';

/** The project's folder; templates and the data of the embedded servers are in it. */
export const projectDir = join(import.meta.dirname, '..', '..');
