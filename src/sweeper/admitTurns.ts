import type { Channel } from '../channels.ts';
import { tripBrake } from '../db/brake.ts';
import { readChannelReturns } from '../db/channelReturns.ts';
import { postponeReceipts } from '../db/openReceipts.ts';
import type { ReceiptWord } from '../db/transitions/receiptMoves.ts';
import { mostReturns } from '../policy/brake/verdict.ts';
import type { SweepDeps } from './sweepDeps.ts';

/** How long until such a receipt is looked at again: nothing changes until a person releases the brake. */
const lookAgainMs = 60_000;

/**
 * Which of the bills whose messages came back may go on by the next channel. If more came back than the limit
 * allows, the brake is put on, and the bills above the limit stay as they are until a person releases it.
 */
export async function admitTurns(deps: SweepDeps, words: readonly ReceiptWord[]): Promise<ReceiptWord[]> {
  const admitted: ReceiptWord[] = [];
  const held: ReceiptWord[] = [];
  for (const [channel, own] of Map.groupBy(words, (word) => word.channel)) {
    const room = await roomOf(deps, channel, own.length);
    admitted.push(...own.slice(0, room));
    held.push(...own.slice(room));
  }
  if (held.length > 0) await postponeReceipts(deps.database, held, lookAgainMs);
  return admitted;
}

/** How many of `wanted` bills of the channel may go on. */
async function roomOf(deps: SweepDeps, channel: Channel, wanted: number): Promise<number> {
  const { database, ladder, actor, log } = deps;
  const withinMs = ladder.rules[channel].receiptWithinMs;
  const returns = await readChannelReturns(database, { channel, withinMs });
  if (returns.isHeld) return 0;
  const { accepted, cameBack, expectedSmsShare } = returns;
  const room = Math.max(0, mostReturns(accepted, expectedSmsShare ?? deps.turnLimit) - cameBack);
  if (wanted <= room) return wanted;
  const cause = `${cameBack + wanted} of ${accepted} accepted messages came back, and their bills would go on`;
  const trip = { kind: 'smsTurns', cause, by: actor, firstTrialMs: null } as const;
  if (await tripBrake(database, { ...trip, brake: channel })) {
    log.error({ channel, cause }, 'brake is on: too many messages came back, see `billcast status`');
  }
  return room;
}
