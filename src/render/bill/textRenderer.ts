import { type Channel, channels } from '../../channels.ts';
import { isAbroad } from '../../lib/abroadNumber.ts';
import { createAddLink } from '../link/linkPrinter.ts';
import type { LinkingBill } from '../link/viewLinks.ts';
import type { HashContent } from '../proof/contentHasher.ts';
import type { ByteWriter } from '../template/byteWriter.ts';
import { createPrinter, type Scope } from '../template/printer.ts';
import { buttonsFile, type TextTemplates } from '../template/templateFiles.ts';
import type { LoadedBill } from './billModel.ts';
import { defaultBillRules } from './billRules.ts';
import { createFieldOpener } from './fieldOpener.ts';
import { readButtons } from './messageButtons.ts';
import { openContact } from './openContact.ts';
import { type RenderedText, type UnpreparableBill, unpreparable } from './renderedBill.ts';
import type { MessageDeps } from './rendererDeps.ts';
import { asSmsText, smsByteLimit } from './smsBytes.ts';

/** Makes the function that prints a channel's short text. It opens only the contact and the name. */
export function createTextRenderer(
  channel: Channel,
  templates: TextTemplates,
  { ciphers, model, format, links, hasherOf, rules = defaultBillRules }: MessageDeps,
) {
  const isSms = channels[channel].forms.includes('sms');
  const print = createPrinter(templates.text, 'text');
  const { title = [], buttons = [] } = templates;
  const [shape, beside, longest] = isSms
    ? ([asSms, title, smsByteLimit] as const)
    : ([asReviewed, buttons, 0] as const);
  const printMore = beside.length === 0 ? undefined : createPrinter(beside, 'text');
  const addLink = createAddLink(links, templates.text, title, buttons);
  const hashContent = hasherOf?.(channel, { shown: [templates.text], hidden: [title, buttons] });
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
    const rendered = withHash(shape(to, printed), view, hashContent);
    if (printMore === undefined || rendered.bytes <= longest) return rendered;
    printMore(view, out);
    return isSms ? withTitle(rendered, out.cutText(start)) : withButtons(rendered, out.cutText(start));
  };
}

/** Adds the title to a long text. */
function withTitle(rendered: RenderedText, printed: string): RenderedText {
  return { ...rendered, title: isAbroad(rendered.to) ? printed : asSmsText(printed).text };
}

function withButtons(rendered: RenderedText, printed: string): RenderedText | UnpreparableBill {
  const read = readButtons(printed);
  return read.kind === 'wrong'
    ? unpreparable('TEMPLATE_FAILED', `line ${read.line} of ${buttonsFile} ${read.message}`)
    : { ...rendered, buttons: read.buttons };
}

function withHash(rendered: RenderedText, view: Scope, hashContent: HashContent | undefined): RenderedText {
  if (hashContent === undefined) return rendered;
  const { to, text } = rendered;
  return { ...rendered, contentHash: hashContent({ to, title: '', text, view }) };
}

function asSms(to: string, printed: string): RenderedText {
  if (isAbroad(to)) return asSmsAbroad(to, printed);
  const { text, bytes, replaced } = asSmsText(printed);
  const sms: RenderedText = { kind: 'text', to, text, bytes };
  if (bytes <= smsByteLimit && replaced.length === 0) return sms;
  return {
    ...sms,
    ...(bytes > smsByteLimit && { isLms: true }),
    ...(replaced.length > 0 && { replaced }),
  };
}

/**
 * A text for abroad: foreign carriers show every letter and split a long text into parts, since CP949 and LMS
 * are Korean only. The no-break spaces in amounts and dates are replaced: GSM-7 does not have them, and they
 * would double the parts.
 */
function asSmsAbroad(to: string, printed: string): RenderedText {
  const text = printed.replaceAll(/[\u00a0\u202f]/g, ' ');
  return { kind: 'text', to, text, bytes: text.length };
}

/** A text that must be what was reviewed. It does not pass carriers, which would change letters. */
function asReviewed(to: string, printed: string): RenderedText {
  return { kind: 'text', to, text: printed, bytes: asSmsText(printed).bytes };
}
