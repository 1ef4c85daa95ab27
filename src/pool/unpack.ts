import type { RenderedBill } from '../render/bill/renderedBill.ts';
import type { EncodedBill, RenderedReply } from './messages.ts';
import type { RenderThreads } from './threads.ts';

/** Gives each e-mail that is not encoded its part of the batch's bytes. Nothing is copied. */
export function unpack(
  { bytes, bills }: RenderedReply,
  threads: Pick<RenderThreads, 'giveBack'>,
): (RenderedBill | EncodedBill)[] {
  let start = 0;
  const release = (): void => threads.giveBack(bytes);
  return bills.map((bill) => {
    if (bill.kind !== 'email') return bill;
    const { kind, to, subject, htmlEnd, textEnd, contentHash } = bill;
    const html = Buffer.from(bytes, start, htmlEnd - start);
    const text = Buffer.from(bytes, htmlEnd, textEnd - htmlEnd);
    start = textEnd;
    const email = { kind, to, subject, html, text, release };
    return contentHash === undefined ? email : { ...email, contentHash };
  });
}
