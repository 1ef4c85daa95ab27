import { bounce } from './bounceBills.ts';
import { cancel } from './cancelBills.ts';
import { claim } from './claimBills.ts';
import { releaseEarly } from './earlyEvents.ts';
import { handOff } from './handOffBills.ts';
import { receiptMoves } from './receiptMoves.ts';
import { refuse } from './refuseUnsendable.ts';
import { release } from './releaseHeld.ts';
import { resend } from './resendBills.ts';
import { resolutions } from './resolveBills.ts';
import { retransmit } from './retransmit.ts';
import { retry, retryAskingAgain } from './retryBills.ts';
import { republish } from './scan.ts';
import { settlings } from './settlings.ts';
import { doubt, takeBack } from './takeBack.ts';
import type { Transition } from './transition.ts';
import { turnBack } from './turnBack.ts';

/**
 * Every transition of a bill, by the file that has it: the source of the table and the diagram in
 * ARCHITECTURE.md.
 */
export const stateTable: Readonly<Record<string, readonly Transition[]>> = {
  releaseHeld: [release],
  earlyEvents: [releaseEarly],
  claimBills: [claim],
  handOffBills: [handOff],
  settlings: Object.values(settlings),
  takeBack: [takeBack, doubt],
  scan: [republish],
  refuseUnsendable: [refuse],
  retransmit: [retransmit],
  retryBills: [retry, retryAskingAgain],
  turnBack: [turnBack],
  resendBills: [resend],
  bounceBills: [bounce],
  receiptMoves: Object.values(receiptMoves),
  resolveBills: Object.values(resolutions),
  cancelBills: [cancel],
};
