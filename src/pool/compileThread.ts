import { parentPort, workerData } from 'node:worker_threads';
import { BillcastError } from '../errors.ts';
import { compileTemplates } from '../render/template/templates.ts';
import type { CompileReply, CompileTask } from './compileInThread.ts';

/** The entry of the thread that compiles the templates: one reply, then it is ended. */
async function compile(): Promise<CompileReply> {
  try {
    const { set, views }: CompileTask = workerData;
    return { kind: 'compiled', templates: await compileTemplates(set, views) };
  } catch (error) {
    if (error instanceof BillcastError) return { kind: 'refused', message: error.message };
    throw error;
  }
}

parentPort?.postMessage(await compile());
