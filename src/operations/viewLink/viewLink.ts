import { timingSafeEqual } from 'node:crypto';
import type { BillId } from '../../bill.ts';
import { isCancelled } from '../../db/reads/findBill.ts';
import { clearViewLinkTries, countViewLinkTry } from '../../db/viewLinkTries.ts';
import { BillcastError } from '../../errors.ts';
import { readPhoneNumber } from '../../render/bill/phoneNumber.ts';
import { createViewLinks, type LinkedBill } from '../../render/link/viewLinks.ts';
import type { Templates } from '../../render/template/templateFiles.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { loadBillText, openRenderDeps, type RenderDeps, renderIn } from '../preview.ts';

/** After so many wrong answers a link is closed for good. */
const mostTries = 5;

/** The state of a link before its question is answered. */
export type LinkState =
  | { readonly kind: 'asks'; readonly bill: LinkedBill }
  | { readonly kind: 'forged' | 'expired' | 'off' };

export type OpenedBill =
  | { readonly kind: 'shown'; readonly html: string }
  /** `left`: how many tries are left. */
  | { readonly kind: 'wrong'; readonly left: number }
  /**
   * `closed`: wrong too often. `gone`: the bill is cancelled or deleted. `noPhone`: there is no number to
   * compare with.
   */
  | { readonly kind: 'closed' | 'gone' | 'noPhone' };

/** Judges a token. It asks no server. */
export function readLink({ config }: Pick<OperationDeps, 'config'>, token: string, now: Date): LinkState {
  const { viewLinks } = config.billModel;
  if (viewLinks === undefined) return { kind: 'off' };
  const opened = createViewLinks(viewLinks).open(token, now);
  return opened.kind === 'good' ? { kind: 'asks', bill: opened.bill } : opened;
}

/**
 * Shows the bill if the answer is the end of the member's phone number. A try is counted before it is judged.
 * @param request.digits the digits that were typed
 * @param request.onShown called before the bill is shown, to record it
 */
export async function openLink(
  deps: Pick<OperationDeps, 'config' | 'database'> & { readonly templates: Templates },
  {
    bill,
    digits,
    onShown,
  }: { readonly bill: LinkedBill; readonly digits: string; readonly onShown: () => Promise<void> },
): Promise<OpenedBill> {
  const { config, database, templates } = deps;
  const billId = bill.billId as BillId;
  if (await isCancelled(database, billId)) return { kind: 'gone' };
  const text = await loadBillText(deps, billId).catch(ifUnknown);
  if (text === undefined) return { kind: 'gone' };
  const renderDeps = await openRenderDeps({ config: withoutLinks(config), templates });
  const expected = lastDigitsOf(text, renderDeps);
  if (expected === undefined) return { kind: 'noPhone' };
  const tries = await countViewLinkTry(database, bill, mostTries);
  if (tries === undefined) return { kind: 'closed' };
  if (!isSame(digits, expected)) {
    return tries >= mostTries ? { kind: 'closed' } : { kind: 'wrong', left: mostTries - tries };
  }
  const { messages } = renderIn(undefined, text, renderDeps, { isPage: true });
  const email = Object.values(messages).find((message) => message.kind === 'email');
  if (email === undefined) return { kind: 'gone' };
  await onShown();
  await clearViewLinkTries(database, bill);
  return { kind: 'shown', html: email.html.toString('utf8') };
}

/** Links are left out, because the page would link to itself. */
function withoutLinks(config: OperationDeps['config']): OperationDeps['config'] {
  return { ...config, billModel: { ...config.billModel, viewLinks: undefined } };
}

function ifUnknown(error: unknown): undefined {
  if (error instanceof BillcastError && error.code === 'USAGE') return undefined;
  throw error;
}

const askedDigits = 4;

function lastDigitsOf(text: string, { model, ciphers }: RenderDeps): string | undefined {
  const sealed = model.sealedFieldsOf(text);
  const phone = sealed?.values.phone ?? null;
  if (sealed === undefined || phone === null) return undefined;
  const opened = ciphers.open('phone', sealed.memberId, phone);
  const contact = opened.kind === 'opened' ? readPhoneNumber(opened.text) : undefined;
  if (contact?.kind !== 'usable') return undefined;
  const digits = contact.to.replaceAll(/\D/g, '').slice(-askedDigits);
  return digits.length === askedDigits ? digits : undefined;
}

function isSame(given: string, expected: string): boolean {
  const [first, second] = [Buffer.from(given.trim()), Buffer.from(expected)];
  return first.length === second.length && timingSafeEqual(first, second);
}
