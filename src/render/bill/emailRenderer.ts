import type { ByteWriter } from '../template/byteWriter.ts';
import { createPrinter } from '../template/printer.ts';
import { createDayFormatter } from './billingDates.ts';
import { billViewOf } from './billView.ts';
import { readEmailAddress } from './emailAddress.ts';
import { createFieldOpener } from './fieldOpener.ts';
import { type PlacedEmail, type UnpreparableBill, withoutContact } from './renderedBill.ts';
import type { RendererDeps } from './renderer.ts';
import type { CompleteBill } from './sourceBill.ts';

/** Makes the function that prints a bill's e-mail: subject, HTML part and text part. */
export function createEmailRenderer({ templates, ciphers, timeZone }: RendererDeps) {
  const dayOf = createDayFormatter(timeZone);
  const printHtml = createPrinter(templates.html, 'html');
  const printText = createPrinter(templates.text, 'text');
  const printSubject = createPrinter(templates.subject, 'text');
  return (out: ByteWriter, loaded: CompleteBill): PlacedEmail | UnpreparableBill => {
    const { member, bill } = loaded;
    const { open, failure } = createFieldOpener(ciphers, loaded.memberId);
    const contact = readEmailAddress(open('email', member.email ?? ''));
    if (failure() === undefined && contact.kind !== 'usable') return withoutContact('EMAIL', contact.kind);
    const email = contact.kind === 'usable' ? contact.to : '';
    const personal = {
      name: open('name', member.name),
      email,
      address: open('address', member.address ?? ''),
      paymentOwnerName: open('paymentOwnerName', bill.paymentOwnerName),
      paymentNumber: open('paymentNumber', bill.paymentNumber),
    };
    const failed = failure();
    if (failed !== undefined) return failed;
    const view = billViewOf(loaded, personal, dayOf);
    const start = out.length;
    printSubject(view, out);
    const subject = out.cutText(start);
    printHtml(view, out);
    const htmlEnd = out.length;
    printText(view, out);
    return { kind: 'email', to: email, subject, htmlEnd, textEnd: out.length };
  };
}
