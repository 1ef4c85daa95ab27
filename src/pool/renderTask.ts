import { channels } from '../channels.ts';
import type { Attempt, Encode } from '../providers/provider.ts';
import type { RouteName } from '../providers/providerShares.ts';
import { testMessage } from '../providers/testMessage.ts';
import {
  type PlacedBill,
  type PlacedEmail,
  type RenderedText,
  unpreparable,
} from '../render/bill/renderedBill.ts';
import type { Renderer } from '../render/bill/renderer.ts';
import { type ByteWriter, createByteWriter } from '../render/template/byteWriter.ts';
import type { EncodedBill, RenderedReply, RenderTask } from './messages.ts';

/**
 * Makes the function that renders a task's bills in a thread. It notes in `progress` which bill it is at.
 * Without an encoder the e-mails of a batch stand in one memory; with one, each message is encoded as soon as
 * it is rendered, and only what the encoder made leaves the thread.
 */
export function createTaskRenderer(
  renderer: Renderer,
  encoders: ReadonlyMap<RouteName, Encode>,
): (task: RenderTask) => RenderedReply {
  const printBatch = createBatchPrinter(renderer);
  // Overwritten by each message that is encoded.
  let scratch: ByteWriter | undefined;
  return (task) => {
    const { route, attempts } = task;
    const encode = encoders.get(route);
    if (encode === undefined || attempts === undefined) return printBatch(task);
    scratch ??= createByteWriter(scratchBytes);
    const bills = encodeEach(renderer, scratch, { task, attempts, encode });
    if (scratch.length > maxBytesPerBill) scratch = undefined;
    return { kind: 'rendered', bytes: new ArrayBuffer(), bills };
  };
}

/** Renders a batch into one memory. */
function createBatchPrinter(renderer: Renderer): (task: RenderTask) => RenderedReply {
  // The room that the last batches needed, so that the memory need not grow and be copied.
  let bytesPerBill = 12_288;
  return (task) => {
    const { channel, ends, spare } = task;
    const isEmail = channels[channel].message.kind === 'email';
    const out = createByteWriter(isEmail ? bytesPerBill * ends.length + 65_536 : 1_024, spare);
    const bills: PlacedBill[] = [];
    for (const text of textsOf(task)) {
      bills.push(withoutFiles(renderer.renderInto(out, channel, text, task.attempts?.[bills.length])));
    }
    if (isEmail && ends.length > 0) {
      bytesPerBill = Math.min(maxBytesPerBill, Math.ceil(out.length / ends.length));
    }
    return { kind: 'rendered', bytes: out.take().buffer, bills };
  };
}

/** A message that is not encoded is not sent with files, so they are not copied to the main loop. */
function withoutFiles(placed: PlacedBill): PlacedBill {
  if (placed.kind !== 'email' || placed.attachments === undefined) return placed;
  const { attachments: _, ...rest } = placed;
  return rest;
}

const scratchBytes = 65_536;

// A batch of unusually large bills must not set the size of the memory for the next one.
const maxBytesPerBill = 32_768;

function* textsOf({ texts, ends, progress }: RenderTask): Generator<string> {
  const bytes = Buffer.from(texts);
  let start = 0;
  for (const [index, end] of ends.entries()) {
    progress[0] = index;
    yield bytes.toString('utf16le', start, end);
    start = end;
  }
  progress[0] = ends.length;
}

interface Encoding {
  readonly task: RenderTask;
  readonly attempts: readonly Attempt[];
  readonly encode: Encode;
}

function encodeEach(
  renderer: Renderer,
  out: ByteWriter,
  { task, attempts, encode }: Encoding,
): (PlacedBill | EncodedBill)[] {
  const bills: (PlacedBill | EncodedBill)[] = [];
  for (const text of textsOf(task)) {
    out.truncate(0);
    const attempt = attempts[bills.length];
    const placed = renderer.renderInto(out, task.channel, text, attempt);
    bills.push(
      placed.kind === 'unpreparable' || attempt === undefined
        ? placed
        : encoded(placed, out, (message) =>
            encode(attempt.test === undefined ? message : testMessage(message, attempt.test), attempt),
          ),
    );
  }
  return bills;
}

type EncodeHere = (message: Parameters<Encode>[0]) => Uint8Array<ArrayBuffer>;

function encoded(placed: PlacedEmail | RenderedText, out: ByteWriter, encode: EncodeHere) {
  const { to, contentHash } = placed;
  try {
    const body = encode(placed.kind === 'email' ? emailOf(placed, out.view()) : placed);
    const plain = { kind: 'encoded', to, body: ownMemory(body) } as const;
    const bill = contentHash === undefined ? plain : { ...plain, contentHash };
    return placed.kind === 'text' && placed.isLms ? ({ ...bill, isLms: true } as const) : bill;
  } catch (error) {
    // Only the name of the error: its message may quote the bill.
    const name = error instanceof Error ? error.name : typeof error;
    return unpreparable('TEMPLATE_FAILED', `encoding threw ${name}`);
  }
}

function emailOf({ kind, to, subject, htmlEnd, textEnd, attachments }: PlacedEmail, printed: Buffer) {
  const html = printed.subarray(0, htmlEnd);
  const text = printed.subarray(htmlEnd, textEnd);
  return attachments === undefined
    ? { kind, to, subject, html, text }
    : { kind, to, subject, html, text, attachments };
}

/** Copies a body into memory of its own, since the memory is moved to the main loop as a whole. */
function ownMemory(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return body.byteLength === body.buffer.byteLength ? body : Uint8Array.from(body);
}
