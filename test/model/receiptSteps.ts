import type { Channel } from '../../src/channels.ts';
import { moveByReceipts } from './modelStatements.ts';
import { type Actor, broken, nextsOf, type Protocol, withFailure, withRow, withWorld } from './protocol.ts';
import type { Step } from './search.ts';
import { attemptOf, channels, cycles, idleReceipt, type Receipt, type Row, type State } from './state.ts';

/**
 * Receipts: the provider tells of an attempt at any time after it, twice, late, or not at all. What it tells
 * is stored, then compared with the row, then applied by one statement. Each of these steps may stall.
 */
export const receiptSteps: Actor = (state, protocol) => {
  if (!protocol.receipts) return [];
  const { receipt } = state;
  switch (receipt.phase) {
    case 'idle':
      return [...arrivalsOf(state, protocol), ...silence(state, protocol)];
    case 'stored':
      return [judge(state, protocol)];
    case 'judged':
      return apply(state, protocol);
    default:
      return receipt.phase satisfies never;
  }
};

function sweeper(does: string, next: State): Step {
  return { actor: 'sweeper', does, kind: 'work', next };
}

/**
 * Receipts of an accepted attempt say that it arrived, or came back. Those of a refused one say that it came
 * back. A receipt of an attempt that the row has left is kept and changes nothing, so the search need not
 * know it.
 */
function arrivalsOf(state: State, { stands }: Protocol): Step[] {
  const { accepted, refused, late } = state.world;
  return cycles.flatMap((cycle) =>
    channels.flatMap((channel): Step[] => {
      const attempt = attemptOf({ channel, cycle });
      const isCurrent = attempt === attemptOf(state.row);
      if (!isCurrent && stands('receiptNamesAttempt')) return [];
      const isLate = late && isCurrent;
      const comes = (says: Receipt['says'], of: Receipt['of']): Step => ({
        actor: 'provider',
        does: `sends a receipt: ${says}`,
        kind: 'fault',
        next: { ...state, receipt: { ...idleReceipt, phase: 'stored', says, of, channel, cycle, isLate } },
      });
      return [
        ...((accepted[attempt] ?? 0) > 0
          ? [comes('arrived', 'acceptance'), comes('came back', 'acceptance')]
          : []),
        ...(refused && isCurrent ? [comes('came back', 'refusal')] : []),
      ];
    }),
  );
}

/** Nobody has said anything for longer than `receiptWithin`. */
function silence(state: State, protocol: Protocol): Step[] {
  const { row, world } = state;
  if (protocol.stands('silenceIsNoReceipt') || !world.late || row.status !== 'DELIVERED') return [];
  const { token, channel, cycle } = row;
  const about = { token, channel, cycle, status: row.status };
  const receipt = { ...idleReceipt, ...about, says: 'came back', of: 'refusal' } as const;
  return apply({ ...state, receipt }, protocol);
}

/** Pure in the product: `judgeReceipt`. */
function judge(state: State, protocol: Protocol): Step {
  const { row, receipt, world } = state;
  const { stands } = protocol;
  const isSame = attemptOf(row) === attemptOf(receipt) || !stands('receiptNamesAttempt');
  const isNegative = receipt.says === 'came back';
  const isUnclear = isNegative && world.never && stands('receiptAfterNever');
  const isOpen = row.status === 'IN_DOUBT' || (row.status === 'DELIVERED' && isNegative && !receipt.isLate);
  if (row.status === 'SENT' && isSame) return sweeper('postponeReceipts', state);
  if (!isSame || isUnclear || !isOpen) return sweeper('keepReceipts', { ...state, receipt: idleReceipt });
  const judged = { ...receipt, phase: 'judged', token: row.token, status: row.status } as const;
  return sweeper('judgeReceipt', { ...state, receipt: judged });
}

function apply(state: State, protocol: Protocol): Step[] {
  const { row, receipt } = state;
  if (receipt.says === 'arrived') return [moved(state, protocol, 'receiptAccepts', undefined)];
  const place = { channel: receipt.channel, passed: row.passed };
  return nextsOf(protocol, place).map((next) => {
    if (next !== undefined) return moved(state, protocol, 'receiptTurns', next);
    return receipt.status === 'IN_DOUBT'
      ? moved(state, protocol, 'receiptFails', undefined)
      : sweeper('keepReceipts', { ...state, receipt: idleReceipt });
  });
}

function moved(
  state: State,
  protocol: Protocol,
  move: 'receiptAccepts' | 'receiptTurns' | 'receiptFails',
  next: Channel | undefined,
): Step {
  const { row, receipt } = state;
  const changed = moveByReceipts(row, { move, seen: receipt, next }, protocol.stands);
  const done = { ...state, receipt: idleReceipt };
  // The row has moved on: it is compared again.
  if (changed === undefined) {
    return sweeper(`${move} won nothing`, { ...done, receipt: storedAgain(receipt) });
  }
  const failed = move === 'receiptAccepts' ? done : recorded(done, protocol, { row, receipt });
  return sweeper(move, withRow(failed, changed));
}

function storedAgain(receipt: Receipt): Receipt {
  return { ...receipt, phase: 'stored', token: 0, status: 'PENDING' };
}

/** The journal says that this attempt came back: it excuses the acceptance that the receipt was about. */
function recorded(
  state: State,
  protocol: Protocol,
  { row, receipt }: { readonly row: Row; readonly receipt: Receipt },
): State {
  const late = row.status === 'DELIVERED' && receipt.isLate;
  const said = late ? broken(state, 'a receipt that came too late moved a delivery') : state;
  const failed = withFailure(said, protocol, row);
  return receipt.of === 'acceptance'
    ? withWorld(failed, { bounced: failed.world.bounced.with(attemptOf(receipt), true) })
    : failed;
}

/** How long after its hand-off a negative receipt may move a delivery. */
export const windowSteps: Actor = (state, { receipts }) => {
  const { row, world } = state;
  const isOpen = row.status === 'IN_DOUBT' || row.status === 'DELIVERED';
  if (!receipts || world.late || !isOpen) return [];
  return [
    { actor: 'time', does: 'receiptWithin passes', kind: 'work', next: withWorld(state, { late: true }) },
  ];
};
