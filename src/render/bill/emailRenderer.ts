import type { Channel } from '../../channels.ts';
import { BillcastError } from '../../errors.ts';
import { homeCountry } from '../../homeCountry.ts';
import { createAddLink } from '../link/linkPrinter.ts';
import type { LinkingBill } from '../link/viewLinks.ts';
import type { Attachment } from '../pdf/attachment.ts';
import { createPdfPart } from '../pdf/pdfPart.ts';
import type { ByteWriter } from '../template/byteWriter.ts';
import { createPrinter, type Scope } from '../template/printer.ts';
import { type EmailTemplates, pdfFile } from '../template/templateFiles.ts';
import type { LoadedBill } from './billModel.ts';
import { createFieldOpener, type FieldOpener } from './fieldOpener.ts';
import { openContact } from './openContact.ts';
import { readPhoneNumber } from './phoneNumber.ts';
import type { PlacedEmail, UnpreparableBill } from './renderedBill.ts';
import type { MessageDeps } from './rendererDeps.ts';

/** Makes the function that prints a channel's e-mail: subject, HTML part and text part. */
export function createEmailRenderer(channel: Channel, templates: EmailTemplates, deps: MessageDeps) {
  const { ciphers, model, format, links, hasherOf, isPage = false } = deps;
  const attach = createAttach(templates, deps);
  const printHtml = createPrinter(templates.html, 'html');
  const printText = createPrinter(templates.text, 'text');
  const printSubject = createPrinter(templates.subject, 'text');
  const addLink = createAddLink(links, templates.html, templates.text, templates.subject);
  const { html, text, subject: title, pdf = [] } = templates;
  const hashContent = hasherOf?.(channel, { shown: [title, text], hidden: [html, pdf] });
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
    const textEnd = out.length;
    const printed = { kind: 'email', to, subject, htmlEnd, textEnd } as const;
    const placed =
      hashContent === undefined
        ? printed
        : { ...printed, contentHash: hashContent({ to, title: subject, text: out.from(htmlEnd), view }) };
    if (attach === undefined) return placed;
    return { ...placed, attachments: attach(view, { loaded, opener, subject, bill }) };
  };
}

interface Attaching {
  readonly loaded: LoadedBill;
  readonly opener: FieldOpener;
  readonly subject: string;
  readonly bill: LinkingBill;
}

/**
 * Makes the function that makes the attachments; undefined if there are none. If PDFs have a password, a
 * member without a usable phone number gets no PDF.
 * @throws BillcastError TEMPLATE_INVALID if the language has no file for it
 */
function createAttach(
  { pdf: nodes }: EmailTemplates,
  { pdf, writePdf, isPage = false, language, model }: MessageDeps,
): ((view: Scope, attaching: Attaching) => readonly Attachment[]) | undefined {
  if (pdf === undefined || writePdf === undefined || isPage) return undefined;
  if (nodes === undefined) {
    throw new BillcastError(
      'TEMPLATE_INVALID',
      `${language}/${pdfFile}:1: the file is missing: ATTACH_PDF needs it`,
    );
  }
  const print = createPdfPart(nodes, writePdf);
  return (view, { loaded, opener, subject, bill: { datedAtMs: createdAtMs = 0 } }) => {
    const facts = { title: subject, language, createdAtMs };
    if (pdf.password === 'none') return [print(view, { ...facts, password: undefined })];
    const phone = readPhoneNumber(opener.open('phone', model.contactsOf(loaded).phone ?? ''));
    if (phone.kind !== 'usable') return [];
    return [print(view, { ...facts, password: dialled(phone.to) })];
  };
}

/** The digits in the form in which the member knows the number. */
function dialled(phone: string): string {
  return homeCountry.numbers?.nationalDigits(phone) ?? phone.replaceAll(/\D/g, '');
}
