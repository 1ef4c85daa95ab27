import { move, transferableSymbol, valueSymbol } from 'piscina';
import { type Channel, channelNames } from '../channels.ts';
import { BillcastError } from '../errors.ts';
import type { Encode } from '../providers/provider.ts';
import type { Encoder } from '../providers/providerKind.ts';
import type { RouteName } from '../providers/providerShares.ts';
import type { BillModel } from '../render/bill/billModel.ts';
import { createBillModel } from '../render/bill/createBillModel.ts';
import type { RenderedBill, UnpreparableBill } from '../render/bill/renderedBill.ts';
import { createRenderer, type Renderer } from '../render/bill/renderer.ts';
import { type FieldCiphers, openFieldCiphers } from '../render/cipher/fieldCiphers.ts';
import { openContentKey } from '../render/proof/contentHasher.ts';
import { loadWritePdf } from './loadWritePdf.ts';
import type { RenderThreadOptions, ThreadReply, ThreadTask, WarmUpTask } from './messages.ts';
import { createTaskRenderer } from './renderTask.ts';

/** Wraps a thread's renderer: tests make it crash. */
export type RendererWrap = (renderer: Renderer) => Renderer;

/**
 * Makes the function by which a thread answers tasks. Everything is set up in the first task and not on
 * import: if a thread throws on import, piscina's later tasks wait for ever.
 */
export function createTaskServer(settings: RenderThreadOptions, wrap: RendererWrap = (renderer) => renderer) {
  let started: Started | undefined;
  let keysVersion = 0;
  return async (task: ThreadTask): Promise<unknown> => {
    try {
      const keys = task.kind === 'render' ? task.keys : undefined;
      if (keys !== undefined && keys.version !== keysVersion) {
        started = await start({ ...settings, ciphers: { ...settings.ciphers, keys: keys.keys } }, wrap);
        keysVersion = keys.version;
      }
      started ??= await start(settings, wrap);
    } catch (error) {
      return startFailed(error);
    }
    return task.kind === 'warmUp' ? warmUp(started, task) : moved(started.renderTask(task));
  };
}

interface Started {
  readonly model: BillModel;
  readonly ciphers: FieldCiphers;
  readonly renderer: Renderer;
  readonly languages: readonly { readonly language: string; readonly printed: readonly Channel[] }[];
  readonly renderTask: ReturnType<typeof createTaskRenderer>;
}

async function start(settings: RenderThreadOptions, wrap: RendererWrap): Promise<Started> {
  const { templates } = settings;
  const languages = Object.entries(templates.languages).map(([language, { messages }]) => ({
    language,
    printed: channelNames.filter((channel) => messages[channel] !== undefined),
  }));
  const encoders = new Map<RouteName, Encode>();
  for (const [route, encoder] of Object.entries(settings.encoders)) {
    if (encoder !== undefined) encoders.set(route as RouteName, await loadEncoder(encoder));
  }
  const ciphers = await openFieldCiphers(settings.ciphers);
  const model = await createBillModel(settings.model);
  const writePdf = await loadWritePdf(settings.model.pdf);
  const [current] = settings.ciphers.keys;
  const proof = current && { key: openContentKey(current), program: settings.program };
  const renderer = wrap(createRenderer({ ...settings.model, templates, ciphers, model, writePdf, proof }));
  return { model, ciphers, renderer, languages, renderTask: createTaskRenderer(renderer, encoders) };
}

async function loadEncoder({ module, options }: Encoder): Promise<Encode> {
  const { createEncode }: { createEncode: (options: unknown) => Encode | Promise<Encode> } = await import(
    module
  );
  return createEncode(options);
}

const warmUpBills = 100;

function warmUp(
  { model, ciphers, renderer, languages }: Started,
  { arrived, threads, waitMs }: WarmUpTask,
): ThreadReply {
  const samples = languages.map(({ language, printed }) => ({
    text: model.sampleText(ciphers, language),
    printed,
  }));
  for (let count = 0; count < warmUpBills; count += 1) {
    const { text, printed } = samples[count % samples.length] ?? { text: '', printed: [] };
    const failed = printed.map((channel) => renderer.render(channel, text)).find(isUnpreparable);
    if (failed !== undefined) {
      const code = failed.reason === 'CIPHER_FAILED' ? 'CIPHER_FAILED' : 'TEMPLATE_INVALID';
      return { kind: 'startFailed', code, message: `the sample bill cannot be rendered: ${failed.detail}` };
    }
  }
  awaitOthers(arrived, threads, waitMs);
  return { kind: 'warm' };
}

function isUnpreparable(rendered: RenderedBill): rendered is UnpreparableBill {
  return rendered.kind === 'unpreparable';
}

/**
 * Keeps this thread busy until the others are at work too: piscina gives a task to any thread that is free.
 */
function awaitOthers(arrived: Int32Array, threads: number, waitMs: number): void {
  Atomics.add(arrived, 0, 1);
  Atomics.notify(arrived, 0);
  const deadline = performance.now() + waitMs;
  for (;;) {
    const count = Atomics.load(arrived, 0);
    const leftMs = deadline - performance.now();
    if (count >= threads || leftMs <= 0) return;
    Atomics.wait(arrived, 0, count, leftMs);
  }
}

function startFailed(error: unknown): ThreadReply {
  return {
    kind: 'startFailed',
    code: error instanceof BillcastError ? error.code : 'RENDER_POOL_FAILED',
    message: error instanceof Error ? error.message : String(error),
  };
}

function moved(reply: Extract<ThreadReply, { kind: 'rendered' }>) {
  const bodies = reply.bills.flatMap((bill) => (bill.kind === 'encoded' ? [bill.body.buffer] : []));
  return move({ [transferableSymbol]: [reply.bytes, ...bodies], [valueSymbol]: reply });
}
