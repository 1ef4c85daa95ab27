import { defaultBillRules } from './billRules.ts';
import { smsViewOf } from './billView.ts';
import { isPhoneNumber } from './contact.ts';
import { createFieldOpener } from './fieldOpener.ts';
import type { CompleteBill } from './loadedBill.ts';
import { type RenderedSms, type UnpreparableBill, unpreparable } from './renderedBill.ts';
import type { RendererParts } from './renderer.ts';
import type { ByteWriter } from './template/byteWriter.ts';
import { createPrinter } from './template/printer.ts';

/** Makes the function that prints a bill's SMS; it opens the phone number and the name, nothing else. */
export const createSmsRenderer = ({ templates, ciphers, rules = defaultBillRules }: RendererParts) => {
  const printSms = createPrinter(templates.sms, 'text');
  return (out: ByteWriter, loaded: CompleteBill): RenderedSms | UnpreparableBill => {
    const { member, bill } = loaded;
    if (bill.totalBilledAmount <= 0 && !rules.smsWhenNothingDue) {
      return unpreparable('NOTHING_DUE', 'there is nothing to pay and SMS_WHEN_NOTHING_DUE is false');
    }
    if (!member.phone) return unpreparable('NO_CONTACT', 'there is no phone number');
    const { open, failure } = createFieldOpener(ciphers);
    const phone = open('phone', member.phone);
    if (failure() === undefined && !isPhoneNumber(phone)) {
      return unpreparable('NO_CONTACT', 'what is stored as phone number cannot be one');
    }
    const name = open('name', member.name);
    const failed = failure();
    if (failed !== undefined) return failed;
    const start = out.length;
    printSms(smsViewOf(loaded, name), out);
    return { kind: 'sms', to: phone, text: out.cutText(start) };
  };
};
