import type { BillId } from '../bill.ts';
import { type Channel, type PerChannel, perChannel } from '../channels.ts';
import type { Config } from '../config/loadConfig.ts';
import { findBill } from '../db/reads/findBill.ts';
import { largestBillBytes } from '../db/source/billLoader.ts';
import { createBillLoader } from '../db/source/loadBills.ts';
import { unclaimed } from '../db/source/unclaimed.ts';
import { BillcastError } from '../errors.ts';
import { firstChannel } from '../ladder.ts';
import { loadWritePdf } from '../pool/loadWritePdf.ts';
import type { BillModel } from '../render/bill/billModel.ts';
import { createBillModel } from '../render/bill/createBillModel.ts';
import { createLanguageChoice } from '../render/bill/languageChoice.ts';
import type { RenderedBill } from '../render/bill/renderedBill.ts';
import { createRenderer } from '../render/bill/renderer.ts';
import { templateWarning } from '../render/bill/templateWarning.ts';
import { type FieldCiphers, openFieldCiphers } from '../render/cipher/fieldCiphers.ts';
import type { WritePdf } from '../render/pdf/attachment.ts';
import type { Templates } from '../render/template/templateFiles.ts';
import type { OperationDeps } from './operationDeps.ts';

export interface PreviewDeps extends Pick<OperationDeps, 'config' | 'database'> {
  readonly templates: Templates;
}

/** A bill's messages, as they would be sent. */
export interface PreviewFacts {
  /** The language whose folder they are printed from. */
  readonly language: string;
  /** `CHANNELS`, in their order. */
  readonly channels: readonly Channel[];
  readonly messages: PerChannel<RenderedBill>;
  /** What is wrong with the templates of short texts; undefined if nothing is. */
  readonly templateWarning: string | undefined;
}

/**
 * Renders the messages of a bill, in the member's language if none is named. It sends and writes nothing.
 * @throws BillcastError USAGE for an unknown bill or language
 */
export async function previewBill(
  { config, database, templates }: PreviewDeps,
  { billId, language }: { readonly billId: BillId; readonly language?: string | undefined },
): Promise<PreviewFacts> {
  const text = await loadBillText({ config, database }, billId);
  return renderIn(language, text, await openRenderDeps({ config, templates }));
}

/** Opens what messages are rendered with. @throws BillcastError SOURCE_INVALID or MODULE_INVALID */
export async function openRenderDeps({
  config,
  templates,
}: Omit<PreviewDeps, 'database'>): Promise<RenderDeps> {
  const model = await createBillModel(config.billModel);
  const writePdf = await loadWritePdf(config.billModel.pdf);
  return { config, templates, model, writePdf, ciphers: await openFieldCiphers(config.cipher) };
}

/** The built-in sample bill, sealed as the database would give it. */
export async function sampleText({ cipher, billModel }: Config): Promise<string> {
  const model = await createBillModel(billModel);
  return model.sampleText(await openFieldCiphers(cipher), null);
}

/** What messages are rendered with. */
export interface RenderDeps {
  readonly config: Config;
  readonly templates: Templates;
  readonly ciphers: FieldCiphers;
  readonly model: BillModel;
  readonly writePdf: WritePdf | undefined;
}

/**
 * @param language a folder; undefined: the member's language decides
 * @param text the bill in the form in which dispatchers get it from the database
 * @throws BillcastError USAGE for an unknown language
 */
export function renderIn(
  language: string | undefined,
  text: string,
  { config, templates, ciphers, model, writePdf }: RenderDeps,
  { isPage = false }: { readonly isPage?: boolean } = {},
): PreviewFacts {
  const used = language ?? languageOf(text, templates, model);
  const renderer = createRenderer({
    ...config.billModel,
    templates: onlyIn(used, templates),
    ciphers,
    model,
    writePdf,
    isPage,
  });
  return {
    language: used,
    channels: config.ladder.order,
    messages: perChannel((channel) => renderer.render(channel, text)),
    templateWarning: templateWarning({ ...config.billModel, templates, model, writePdf }),
  };
}

function languageOf(text: string, { languages, defaultLanguage }: Templates, model: BillModel): string {
  const read = model.read(text);
  const ofMember = read.kind === 'complete' ? read.bill.language : null;
  return createLanguageChoice(Object.keys(languages), defaultLanguage)(ofMember);
}

function onlyIn(language: string, templates: Templates): Templates {
  const chosen = templates.languages[language];
  if (chosen === undefined) {
    const known = Object.keys(templates.languages).join(', ');
    throw new BillcastError('USAGE', `there is no language ${language}: ${known}`);
  }
  return { ...templates, defaultLanguage: language, languages: { [language]: chosen } };
}

/**
 * Loads a bill in the way a dispatcher loads a claimed bill.
 * @throws BillcastError USAGE for an unknown bill
 */
export async function loadBillText(
  { config, database }: Pick<PreviewDeps, 'config' | 'database'>,
  billId: BillId,
): Promise<string> {
  const owner = await findBill(database, billId);
  if (owner === undefined) throw new BillcastError('USAGE', `there is no bill ${billId}`);
  const claim = unclaimed({ billId, ...owner, channel: firstChannel(config.ladder) });
  const loaded = await createBillLoader(config.source)(database, [claim], largestBillBytes);
  return loaded.get(billId)?.text ?? '';
}
