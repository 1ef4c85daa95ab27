import { type BillId, type ClaimToken, compareIds, type SendStatus } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { ReceiptKind } from '../../providers/inbound/receipt.ts';
import { countedReturns } from '../channelReturns.ts';
import { countedMove } from '../counts/countedMoves.ts';
import type { Database } from '../database.ts';
import { isInClosedMonth } from '../source/billTables.ts';
import { plainArray } from '../sql.ts';
import { ifJournalled, journalled, nextStep } from './fragments.ts';
import { type Transition, transitionStatement } from './transition.ts';

const byReceipt = { by: ['sweeper'] } as const;

/** The transitions that a stored receipt can cause. */
export const receiptMoves = {
  receiptAccepts: {
    ...byReceipt,
    name: 'receiptAccepts',
    event: 'a receipt of that attempt: the provider had accepted it',
    from: ['IN_DOUBT'],
    to: 'DELIVERED',
    token: 'kept',
    outcome: 'ACCEPTED',
    set: 'reason = null',
  },
  /** The entry in the journal is the evidence that invariant 1 demands before the next channel may follow. */
  receiptTurns: {
    ...byReceipt,
    name: 'receiptTurns',
    event: 'a receipt of that attempt: it came back, in time, and there is a next channel',
    from: ['IN_DOUBT', 'DELIVERED'],
    to: 'PENDING',
    andRow: 'next channel, same cycle',
    token: 'cleared',
    outcome: 'BOUNCED',
    set: `${nextStep('said.next_channel')}, reason = said.row_reason, tried_ms = 0`,
  },
  receiptFails: {
    ...byReceipt,
    name: 'receiptFails',
    event: 'a receipt of that attempt: it came back, and no channel follows',
    from: ['IN_DOUBT'],
    to: 'FAILED',
    andRow: 'dead letter owed, `retransmit_at`',
    token: 'cleared',
    outcome: 'BOUNCED',
    set: `reason = said.row_reason, not_before = now(), retransmit_at = now() + said.delay_ms * interval '1 ms'`,
  },
} as const satisfies Readonly<Record<string, Transition>>;

export type ReceiptMove = keyof typeof receiptMoves;

/** One receipt and the row that it was compared with. The move checks that the row is still the same. */
export interface ReceiptWord {
  readonly billId: BillId;
  readonly cycle: number;
  readonly channel: Channel;
  readonly kind: ReceiptKind;
  readonly seenToken: ClaimToken;
  readonly seenStatus: SendStatus;
  readonly seenStep: number;
  readonly nextChannel?: Channel | undefined;
  /** The reason for the row. */
  readonly reason?: string | undefined;
  /** For FAILED: the time until its retransmission, if there is one. */
  readonly delayMs?: number | undefined;
}

const columns: readonly (readonly [column: string, type: string])[] = [
  ['bill_id', 'bigint'],
  ['cycle', 'int'],
  ['channel', 'text'],
  ['kind', 'text'],
  ['token', 'uuid'],
  ['seen_status', 'text'],
  ['seen_step', 'int'],
  ['next_channel', 'text'],
  ['row_reason', 'text'],
  ['delay_ms', 'float8'],
];

/**
 * A receipt is about one attempt. Token, cycle, step and channel prove that the row is still at that attempt,
 * and the state proves that nothing has been decided about it since it was read. The same statement writes
 * the receipt's own verdict, so that no receipt is applied twice.
 */
function statementOf(transition: (typeof receiptMoves)[ReceiptMove], verdict: string) {
  return transitionStatement(transition, {
    name: `receipt-${verdict}`,
    ctes: `said as (
      select came.*, r.provider, r.provider_id, r.code
      from unnest(${columns.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ')})
        as came (${columns.map(([column]) => column).join(', ')})
        join bill_receipt r using (bill_id, cycle, channel, kind)
    )`,
    rows: 'said',
    fences: [
      'n.claim_token = said.token',
      'n.cycle = said.cycle',
      'n.channel = said.channel',
      'n.send_status = said.seen_status',
      'n.step = said.seen_step',
      `not ${isInClosedMonth}`,
    ],
    returning: `said.token, said.kind, said.channel as said_channel, said.provider, said.provider_id, said.code,
      n.provider as carrier`,
    beside: [
      journalled(transition, 'moved', {
        token: 'token',
        channel: 'said_channel',
        providerId: 'provider_id',
        provider: 'carrier',
        reason: `concat_ws(' ', 'RECEIPT', kind, code, 'by', provider)`,
        actor: `$${columns.length + 1}`,
        onConflict: ifJournalled,
      }),
      `judged as (
      update bill_receipt r set verdict = '${verdict}'
      from moved
      where r.bill_id = moved.bill_id and r.cycle = moved.cycle and r.channel = moved.said_channel
        and r.kind = moved.kind
    )`,
      countedMove('moved', {}),
      ...(transition.name === 'receiptTurns' ? [countedReturns] : []),
    ],
    select: 'select bill_id from moved',
  });
}

const statements: Readonly<Record<ReceiptMove, ReturnType<typeof statementOf>>> = {
  receiptAccepts: statementOf(receiptMoves.receiptAccepts, 'accepted'),
  receiptTurns: statementOf(receiptMoves.receiptTurns, 'turned'),
  receiptFails: statementOf(receiptMoves.receiptFails, 'failed'),
};

/**
 * Moves the bills of receipts by one transition.
 * @param actor for the journal: `sweeper host:pid`
 * @returns the bills that moved; the receipts of the others stay open
 */
export async function moveByReceipts(
  database: Database,
  move: ReceiptMove,
  { words, actor }: { readonly words: readonly ReceiptWord[]; readonly actor: string },
): Promise<Set<BillId>> {
  const sorted = words.toSorted((a, b) => compareIds(a.billId, b.billId));
  const rows = await database.query<[BillId]>(statements[move], [
    plainArray(sorted.map(({ billId }) => billId)),
    plainArray(sorted.map(({ cycle }) => cycle)),
    sorted.map(({ channel }) => channel),
    sorted.map(({ kind }) => kind),
    plainArray(sorted.map(({ seenToken }) => seenToken)),
    sorted.map(({ seenStatus }) => seenStatus),
    plainArray(sorted.map(({ seenStep }) => seenStep)),
    sorted.map(({ nextChannel }) => nextChannel ?? null),
    sorted.map(({ reason }) => reason ?? null),
    sorted.map(({ delayMs }) => delayMs ?? null),
    actor,
  ]);
  return new Set(rows.map(([billId]) => billId));
}
