import { type ReportMail, readBounceMail } from '../providers/inbound/bounceMail.ts';
import type { BounceTokens } from '../providers/smtp/bounceToken.ts';
import { type ReceiptDeps, type ReceiptFacts, receiveReceipts } from './receiveReceipts.ts';

export interface BounceMailDeps extends ReceiptDeps {
  readonly tokens: BounceTokens;
}

const nothing: ReceiptFacts = { fresh: 0, repeated: 0, nameless: 0 };

/**
 * Stores what a mail to the bounce address reports. If the mail is not a report about one of our messages,
 * nothing is stored.
 */
export async function receiveBounceMail(deps: BounceMailDeps, mail: ReportMail): Promise<ReceiptFacts> {
  const receipts = await readBounceMail(mail, deps.tokens);
  if (receipts.length === 0) return nothing;
  return receiveReceipts(deps, { receipts, origin: { provider: 'mail', cameBy: 'mail' } });
}
