import type { Config } from '../../config/loadConfig.ts';
import type { SentAttempt } from '../../db/reads/sentAttempts.ts';
import { BillcastError } from '../../errors.ts';
import { readProductVersion } from '../../lib/productVersion.ts';
import { createBillModel, type ModelOptions } from '../../render/bill/createBillModel.ts';
import type { RenderedBill, UnpreparableBill } from '../../render/bill/renderedBill.ts';
import { createRenderer } from '../../render/bill/renderer.ts';
import { openFieldCiphers } from '../../render/cipher/fieldCiphers.ts';
import type { ViewLinkOptions } from '../../render/link/viewLinks.ts';
import {
  type ContentKey,
  compareContentHash,
  contentEncoding,
  openContentKey,
} from '../../render/proof/contentHasher.ts';
import type { Edition } from '../../render/proof/edition.ts';
import { shortVersion } from '../../render/template/templateVersion.ts';
import { compileKept } from './compileKept.ts';
import type { Verdict } from './proof.ts';

/**
 * Prints a message again, from the present bill and the template that was kept, and compares the hashes.
 * @param text the bill in the form in which the database gives it
 */
export async function compareContent(config: Config, attempt: SentAttempt, text: string): Promise<Verdict> {
  const { contentHash, edition, template, channel } = attempt;
  if (contentHash === null) return notRecorded(attempt);
  if (edition === null) {
    return cannotTell('the table content_edition does not say what the message was printed with');
  }
  if (edition.encoding !== contentEncoding) {
    return cannotTell(
      `it was hashed in form ${edition.encoding}, and this billcast compares form ${contentEncoding}`,
    );
  }
  if (template === null) {
    return cannotTell(`the table template_version has no version ${shortVersion(edition.template)}`);
  }
  const key = keyOf(config, edition);
  if ('kind' in key) return key;
  const billModel = modelOptionsOf(config, edition);
  const model = await createBillModel(billModel);
  const set = {
    name: template.name,
    folder: `template ${template.name} ${shortVersion(edition.template)}`,
    defaultLanguage: edition.language,
    channels: [],
    files: template.files,
  };
  try {
    const renderer = createRenderer({
      ...billModel,
      templates: await compileKept(set, model.sampleViews()),
      ciphers: await openFieldCiphers(config.cipher),
      model,
      proof: { key, program: edition.program },
    });
    return compare(renderer.render(channel, text), contentHash, { key, edition });
  } catch (error) {
    if (!(error instanceof BillcastError) || error.code !== 'TEMPLATE_INVALID') throw error;
    return cannotTell(`this billcast cannot print that template any more: ${error.message}`);
  }
}

/** The settings at the time of the message, as far as they change what is hashed. Links are never hashed. */
function modelOptionsOf({ billModel }: Config, { timeZone, currency, hasLink }: Edition): ModelOptions {
  const viewLinks = hasLink ? (billModel.viewLinks ?? anyLinks) : undefined;
  return { ...billModel, timeZone, currency, viewLinks, pdf: undefined };
}

const anyLinks: ViewLinkOptions = { url: 'https://bills.invalid', keys: ['AAAA'], days: 1 };

function keyOf({ cipher }: Config, { keyId, keyCheck }: Edition): ContentKey | Verdict {
  const found = cipher.keys.find((key) => key.keyId === keyId);
  if (found === undefined) {
    return cannotTell(`CIPHER_KEYS has no key ${keyId} any more: put it back behind the others`);
  }
  const key = openContentKey(found);
  return key.keyCheck === keyCheck
    ? key
    : cannotTell(`CIPHER_KEYS has another key under the id ${keyId} than when the message was sent`);
}

function compare(
  rendered: RenderedBill,
  recorded: Buffer,
  { key: { key }, edition }: { readonly key: ContentKey; readonly edition: Edition },
): Verdict {
  if (rendered.kind === 'unpreparable') return unprintable(rendered);
  const { contentHash = '', to } = rendered;
  const { said, address } = compareContentHash(key, recorded.toString('latin1'), { contentHash, to });
  if (!said && !address) {
    return {
      kind: 'proved',
      why: 'it said what the bill says now, and went to the address that is stored now',
    };
  }
  if (!said) {
    return {
      kind: 'differs',
      differs: ['address'],
      why: 'it said what the bill says now, but it went to another address than the one that is stored now',
    };
  }
  return address
    ? {
        kind: 'differs',
        differs: ['address', 'content'],
        why:
          'it went to another address than the one that is stored now, and what it said is not what it would say now. If ' +
          `the message shows the address, that alone can be the cause. ${notTheTemplate(edition)}`,
      }
    : {
        kind: 'differs',
        differs: ['content'],
        why:
          'it went to the address that is stored now, but one of the values that it showed has been changed since then. ' +
          notTheTemplate(edition),
      };
}

function notTheTemplate({ program }: Edition): string {
  const now = readProductVersion();
  const kept = 'The template is not the cause: the kept version was used';
  return program === now
    ? kept
    : `${kept}. Billcast was ${program} then and is ${now} now: CHANGELOG.md says if it writes a value in another way`;
}

/** The bill could be printed then, and cannot be printed now: it has changed. */
function unprintable({ reason, detail }: UnpreparableBill): Verdict {
  return reason === 'BILL_INCOMPLETE' || reason === 'NO_CONTACT'
    ? {
        kind: 'differs',
        differs: [reason === 'NO_CONTACT' ? 'address' : 'content'],
        why: `the bill cannot be sent any more as it is now: ${detail}`,
      }
    : cannotTell(`the bill cannot be printed now: ${reason}: ${detail}`);
}

function notRecorded({ isAccepted }: SentAttempt): Verdict {
  return {
    kind: 'notRecorded',
    why: isAccepted
      ? 'there is no hash of what it said: it was sent before billcast kept one, or without CIPHER_KEYS, or its dispatcher ' +
        'ended before the answer came'
      : 'there is no hash of what it said: its dispatcher ended before an answer came',
  };
}

function cannotTell(why: string): Verdict {
  return { kind: 'cannotTell', why };
}
