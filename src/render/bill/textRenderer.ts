import { type Channel, channels } from '../../channels.ts';
import { createAddLink } from '../link/linkPrinter.ts';
import type { LinkingBill } from '../link/viewLinks.ts';
import type { HashContent } from '../proof/contentHasher.ts';
import type { ByteWriter } from '../template/byteWriter.ts';
import { createPrinter, type Scope } from '../template/printer.ts';
import type { TextTemplates } from '../template/templateFiles.ts';
import type { LoadedBill } from './billModel.ts';
import { defaultBillRules } from './billRules.ts';
import { createFieldOpener } from './fieldOpener.ts';
import { openContact } from './openContact.ts';
import { type RenderedText, type UnpreparableBill, unpreparable } from './renderedBill.ts';
import type { MessageDeps } from './rendererDeps.ts';
import { asSmsText, smsByteLimit } from './smsBytes.ts';

/** Makes the function that prints a channel's short text; it opens the contact and the name, nothing else. */
export function createTextRenderer(
  channel: Channel,
  templates: TextTemplates,
  { ciphers, model, format, links, hasherOf, rules = defaultBillRules }: MessageDeps,
) {
  const isSms = channels[channel].forms.includes('sms');
  const print = createPrinter(templates.text, 'text');
  const printTitle = templates.title === undefined ? undefined : createPrinter(templates.title, 'text');
  const addLink = createAddLink(links, templates.text, templates.title ?? []);
  const hashContent = hasherOf?.(channel, { shown: [templates.text], hidden: [templates.title ?? []] });
  return (out: ByteWriter, loaded: LoadedBill, bill: LinkingBill): RenderedText | UnpreparableBill => {
    if (!rules.smsWhenNothingDue && model.isNothingDue(loaded)) {
      return unpreparable('NOTHING_DUE', 'there is nothing to pay and SMS_WHEN_NOTHING_DUE is false');
    }
    const opener = createFieldOpener(ciphers, loaded.memberId);
    const contact = openContact(channel, model.contactsOf(loaded), opener);
    if (contact.kind === 'unpreparable') return contact;
    const { to } = contact;
    const view = addLink(model.textView(loaded, { open: opener.open, format }), bill);
    const failed = opener.failure();
    if (failed !== undefined) return failed;
    const start = out.length;
    print(view, out);
    const printed = out.cutText(start);
    const rendered = withHash(isSms ? asSms(to, printed) : asReviewed(to, printed), view, hashContent);
    if (!isSms || printTitle === undefined || rendered.bytes <= smsByteLimit) return rendered;
    printTitle(view, out);
    return { ...rendered, title: asSmsText(out.cutText(start)).text };
  };
}

function withHash(rendered: RenderedText, view: Scope, hashContent: HashContent | undefined): RenderedText {
  if (hashContent === undefined) return rendered;
  const { to, text } = rendered;
  return { ...rendered, contentHash: hashContent({ to, title: '', text, view }) };
}

function asSms(to: string, printed: string): RenderedText {
  const { text, bytes, replaced } = asSmsText(printed);
  const sms: RenderedText = { kind: 'text', to, text, bytes };
  if (bytes <= smsByteLimit && replaced.length === 0) return sms;
  return {
    ...sms,
    ...(bytes > smsByteLimit && { isLms: true }),
    ...(replaced.length > 0 && { replaced }),
  };
}

/** It does not go through carriers, which would change letters, and must be what was reviewed. */
function asReviewed(to: string, printed: string): RenderedText {
  return { kind: 'text', to, text: printed, bytes: asSmsText(printed).bytes };
}
