import type { Channel } from '../../channels.ts';
import type { ByteWriter } from '../template/byteWriter.ts';
import { createPrinter } from '../template/printer.ts';
import type { EmailTemplates } from '../template/templateFiles.ts';
import { createDayFormatter } from './billingDates.ts';
import { billViewOf } from './billView.ts';
import { createFieldOpener } from './fieldOpener.ts';
import { openContact } from './openContact.ts';
import type { PlacedEmail, UnpreparableBill } from './renderedBill.ts';
import type { MessageDeps } from './rendererDeps.ts';
import type { CompleteBill } from './sourceBill.ts';

/** Makes the function that prints a channel's e-mail: subject, HTML part and text part. */
export function createEmailRenderer(
  channel: Channel,
  templates: EmailTemplates,
  { ciphers, timeZone, words }: MessageDeps,
) {
  const format = { words, dayOf: createDayFormatter(timeZone, words.day) };
  const printHtml = createPrinter(templates.html, 'html');
  const printText = createPrinter(templates.text, 'text');
  const printSubject = createPrinter(templates.subject, 'text');
  return (out: ByteWriter, loaded: CompleteBill): PlacedEmail | UnpreparableBill => {
    const { member, bill } = loaded;
    const opener = createFieldOpener(ciphers, loaded.memberId);
    const contact = openContact(channel, member, opener);
    if (contact.kind === 'unpreparable') return contact;
    const { to } = contact;
    const { open, failure } = opener;
    const personal = {
      name: open('name', member.name),
      email: to,
      address: open('address', member.address ?? ''),
      paymentOwnerName: open('paymentOwnerName', bill.paymentOwnerName),
      paymentNumber: open('paymentNumber', bill.paymentNumber),
    };
    const failed = failure();
    if (failed !== undefined) return failed;
    const view = billViewOf(loaded, personal, format);
    const start = out.length;
    printSubject(view, out);
    const subject = out.cutText(start);
    printHtml(view, out);
    const htmlEnd = out.length;
    printText(view, out);
    return { kind: 'email', to, subject, htmlEnd, textEnd: out.length };
  };
}
