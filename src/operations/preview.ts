import { randomUUID } from 'node:crypto';
import type { BillId, Claim, ClaimToken } from '../bill.ts';
import { firstChannel, type PerChannel, perChannel } from '../channels.ts';
import type { Config } from '../config/loadConfig.ts';
import { findBill } from '../db/reads/findBill.ts';
import { largestBillBytes } from '../db/source/billLoader.ts';
import { createBillLoader } from '../db/source/loadBills.ts';
import { BillcastError } from '../errors.ts';
import type { BillModel } from '../render/bill/billModel.ts';
import { createBillModel } from '../render/bill/createBillModel.ts';
import type { RenderedBill } from '../render/bill/renderedBill.ts';
import { createRenderer } from '../render/bill/renderer.ts';
import { forecastTexts, textWarning } from '../render/bill/textForecast.ts';
import { createFieldCiphers, type FieldCiphers } from '../render/cipher/fieldCiphers.ts';
import type { Templates } from '../render/template/templateFiles.ts';
import type { OperationDeps } from './operationDeps.ts';

export interface PreviewDeps extends Pick<OperationDeps, 'config' | 'database'> {
  readonly templates: Templates;
}

/** A bill's messages, as they would be sent. */
export interface PreviewFacts {
  readonly messages: PerChannel<RenderedBill>;
  /** What is wrong with the templates of short texts, if anything. */
  readonly templateWarning: string | undefined;
}

/**
 * Renders the messages of a bill. Sends and writes nothing.
 * @throws BillcastError USAGE for an unknown bill
 */
export async function previewBill(
  { config, database, templates }: PreviewDeps,
  { billId }: { readonly billId: BillId },
): Promise<PreviewFacts> {
  const text = await loadBillText({ config, database }, billId);
  const model = await createBillModel(config.billModel);
  return render(text, { config, templates, ciphers: createFieldCiphers(config.cipher), model });
}

/** Renders the built-in sample bill, without any database. */
export async function previewSample({
  config,
  templates,
}: Omit<PreviewDeps, 'database'>): Promise<PreviewFacts> {
  const ciphers = createFieldCiphers(config.cipher);
  const model = await createBillModel(config.billModel);
  return render(model.sampleText(ciphers, null), { config, templates, ciphers, model });
}

interface RenderDeps {
  readonly config: Config;
  readonly templates: Templates;
  readonly ciphers: FieldCiphers;
  readonly model: BillModel;
}

/** @param text the bill as the database gives it to a dispatcher */
function render(text: string, { config, templates, ciphers, model }: RenderDeps): PreviewFacts {
  const renderer = createRenderer({ ...config.billModel, templates, ciphers, model });
  return {
    messages: perChannel((channel) => renderer.render(channel, text)),
    templateWarning: textWarning(forecastTexts({ ...config.billModel, templates, model })),
  };
}

/**
 * Loads a bill as a dispatcher would that had claimed it.
 * @throws BillcastError USAGE for an unknown bill
 */
export async function loadBillText(
  { config, database }: Pick<PreviewDeps, 'config' | 'database'>,
  billId: BillId,
): Promise<string> {
  const owner = await findBill(database, billId);
  if (owner === undefined) throw new BillcastError('USAGE', `there is no bill ${billId}`);
  const token = randomUUID() as string as ClaimToken;
  const claim: Claim = { billId, ...owner, channel: firstChannel, attempts: 0, triedMs: 0, token };
  const loaded = await createBillLoader(config.source)(database, [claim], largestBillBytes);
  return loaded.get(billId)?.text ?? '';
}
