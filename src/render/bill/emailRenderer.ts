import type { Channel } from '../../channels.ts';
import { createAddLink } from '../link/linkPrinter.ts';
import type { LinkingBill } from '../link/viewLinks.ts';
import type { ByteWriter } from '../template/byteWriter.ts';
import { createPrinter } from '../template/printer.ts';
import type { EmailTemplates } from '../template/templateFiles.ts';
import type { LoadedBill } from './billModel.ts';
import { createFieldOpener } from './fieldOpener.ts';
import { openContact } from './openContact.ts';
import type { PlacedEmail, UnpreparableBill } from './renderedBill.ts';
import type { MessageDeps } from './rendererDeps.ts';

/** Makes the function that prints a channel's e-mail: subject, HTML part and text part. */
export function createEmailRenderer(
  channel: Channel,
  templates: EmailTemplates,
  { ciphers, model, format, links, isPage = false }: MessageDeps,
) {
  const printHtml = createPrinter(templates.html, 'html');
  const printText = createPrinter(templates.text, 'text');
  const printSubject = createPrinter(templates.subject, 'text');
  const addLink = createAddLink(links, templates.html, templates.text, templates.subject);
  return (out: ByteWriter, loaded: LoadedBill, bill: LinkingBill): PlacedEmail | UnpreparableBill => {
    const opener = createFieldOpener(ciphers, loaded.memberId);
    const contact = openContact(channel, model.contactsOf(loaded), opener);
    if (contact.kind === 'unpreparable' && !(isPage && contact.reason === 'NO_CONTACT')) return contact;
    const to = contact.kind === 'usable' ? contact.to : '';
    const view = addLink(model.emailView(loaded, to, { open: opener.open, format }), bill);
    const failed = opener.failure();
    if (failed !== undefined) return failed;
    const start = out.length;
    printSubject(view, out);
    const subject = out.cutText(start);
    printHtml(view, out);
    const htmlEnd = out.length;
    printText(view, out);
    return { kind: 'email', to, subject, htmlEnd, textEnd: out.length };
  };
}
