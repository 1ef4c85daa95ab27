import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { threadEnvironment } from '../channels.ts';
import { BillcastError } from '../errors.ts';
import type { SampleViews } from '../render/bill/billModel.ts';
import type { TemplateSet, Templates } from '../render/template/templateFiles.ts';

/** The thread's task. */
export interface CompileTask {
  readonly set: TemplateSet;
  /** Sample bills, against which the placeholders are checked. */
  readonly views: SampleViews;
}

export type CompileReply =
  | { readonly kind: 'compiled'; readonly templates: Templates }
  | { readonly kind: 'refused'; readonly message: string };

/**
 * Compiles the templates in a thread that ends with it: MJML takes 85 MB of memory and 0.4 s to load, which
 * no thread needs after the start.
 * @throws BillcastError TEMPLATE_INVALID, or RENDER_POOL_FAILED if the thread itself fails
 */
export async function compileInThread(set: TemplateSet, views: SampleViews): Promise<Templates> {
  const workerData: CompileTask = { set, views };
  const worker = new Worker(new URL('./compileThread.ts', import.meta.url), {
    workerData,
    env: threadEnvironment,
  });
  try {
    const [reply]: CompileReply[] = await once(worker, 'message');
    if (reply === undefined) throw new Error('it gave no answer');
    if (reply.kind === 'compiled') return reply.templates;
    throw new BillcastError('TEMPLATE_INVALID', reply.message);
  } catch (error) {
    if (error instanceof BillcastError) throw error;
    throw new BillcastError('RENDER_POOL_FAILED', 'The thread that compiles the templates failed', {
      cause: error,
    });
  } finally {
    await worker.terminate();
  }
}
