import { workerData } from 'node:worker_threads';
import { createTaskServer } from './taskServer.ts';

/** The entry of a render thread: piscina calls it once per task. */
export const runTask = createTaskServer(workerData);
