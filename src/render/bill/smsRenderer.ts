import type { ByteWriter } from '../template/byteWriter.ts';
import { createPrinter } from '../template/printer.ts';
import { defaultBillRules } from './billRules.ts';
import { smsViewOf } from './billView.ts';
import { createFieldOpener } from './fieldOpener.ts';
import { readPhoneNumber } from './phoneNumber.ts';
import { type RenderedSms, type UnpreparableBill, unpreparable, withoutContact } from './renderedBill.ts';
import type { RendererDeps } from './renderer.ts';
import { asSmsText } from './smsBytes.ts';
import type { CompleteBill } from './sourceBill.ts';

/** Makes the function that prints a bill's SMS; it opens the phone number and the name, nothing else. */
export function createSmsRenderer({ templates, ciphers, rules = defaultBillRules }: RendererDeps) {
  const printSms = createPrinter(templates.sms, 'text');
  return (out: ByteWriter, loaded: CompleteBill): RenderedSms | UnpreparableBill => {
    const { member, bill } = loaded;
    if (bill.totalBilledAmount <= 0 && !rules.smsWhenNothingDue) {
      return unpreparable('NOTHING_DUE', 'there is nothing to pay and SMS_WHEN_NOTHING_DUE is false');
    }
    const { open, failure } = createFieldOpener(ciphers, loaded.memberId);
    const contact = readPhoneNumber(open('phone', member.phone ?? ''));
    if (failure() === undefined && contact.kind !== 'usable') return withoutContact('SMS', contact.kind);
    const to = contact.kind === 'usable' ? contact.to : '';
    const name = open('name', member.name);
    const failed = failure();
    if (failed !== undefined) return failed;
    const start = out.length;
    printSms(smsViewOf(loaded, name), out);
    const { text, bytes, replaced } = asSmsText(out.cutText(start));
    return replaced.length === 0
      ? { kind: 'sms', to, text, bytes }
      : { kind: 'sms', to, text, bytes, replaced };
  };
}
