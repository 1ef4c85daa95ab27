import type { Channel } from '../../channels.ts';
import type { FieldCiphers } from '../cipher/fieldCiphers.ts';
import { type ByteWriter, createByteWriter } from '../template/byteWriter.ts';
import type { Templates } from '../template/templates.ts';
import { type BillRules, defaultBillRules } from './billRules.ts';
import { findContradiction } from './billSums.ts';
import { createEmailRenderer } from './emailRenderer.ts';
import { parseSourceBill } from './parseSourceBill.ts';
import { type PlacedBill, type RenderedBill, unpreparable } from './renderedBill.ts';
import { createSmsRenderer } from './smsRenderer.ts';

export interface RendererDeps {
  readonly templates: Templates;
  readonly ciphers: FieldCiphers;
  /** `TIME_ZONE`, of the day a bill was issued on; an IANA name. */
  readonly timeZone: string;
  /** Default `defaultBillRules`. */
  readonly rules?: BillRules | undefined;
}

/** Opens, masks and prints bills. Never throws for a bad bill: it comes back as unpreparable. */
export interface Renderer {
  /** One bill by itself. */
  render(channel: Channel, loadedText: string): RenderedBill;
  /** As `render`, with the parts of an e-mail appended to `out`; for anything else `out` stays as it was. */
  renderInto(out: ByteWriter, channel: Channel, loadedText: string): PlacedBill;
}

/** Throws RangeError for an unknown time zone. */
export function createRenderer(parts: RendererDeps): Renderer {
  const renderInto = createRenderInto(parts);
  return {
    renderInto,
    render: (channel, loadedText) => {
      const out = createByteWriter(bytesOfAnEmail);
      const placed = renderInto(out, channel, loadedText);
      if (placed.kind !== 'email') return placed;
      const { kind, to, subject, htmlEnd, textEnd } = placed;
      const bytes = out.take();
      const [html, text] = [bytes.subarray(0, htmlEnd), bytes.subarray(htmlEnd, textEnd)];
      return { kind, to, subject, html, text, release: () => undefined };
    },
  };
}

const bytesOfAnEmail = 16_384;

/**
 * About 30,000 items. JSON.parse cannot be interrupted: what it does not find room for ends the whole process,
 * not just the thread.
 */
const maxCharacters = 4_000_000;

function createRenderInto(parts: RendererDeps): Renderer['renderInto'] {
  const renderers = { EMAIL: createEmailRenderer(parts), SMS: createSmsRenderer(parts) };
  const { toleranceWon } = parts.rules ?? defaultBillRules;
  return (out, channel, loadedText) => {
    const start = out.length;
    if (loadedText.length > maxCharacters) {
      return unpreparable('TEMPLATE_FAILED', `it is too large: ${loadedText.length} characters`);
    }
    try {
      const parsed = parseSourceBill(loadedText);
      if (parsed.kind === 'tooLarge') {
        return unpreparable('TEMPLATE_FAILED', `it is too large: ${parsed.bytes} bytes`);
      }
      if (parsed.kind === 'incomplete') return unpreparable('BILL_INCOMPLETE', parsed.detail);
      const contradiction = findContradiction(parsed.bill, toleranceWon);
      if (contradiction !== undefined) return unpreparable('BILL_INCOMPLETE', contradiction);
      return renderers[channel](out, parsed.bill);
    } catch (error) {
      out.truncate(start);
      // Only the name: the message may quote the bill.
      const name = error instanceof Error ? error.name : typeof error;
      return unpreparable('TEMPLATE_FAILED', `rendering threw ${name}`);
    }
  };
}
