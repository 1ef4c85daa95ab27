import { type Claim, idempotencyKeyOf } from '../../bill.ts';
import type { AnswerContext } from '../../policy/brake/admission.ts';
import { type Decision, decide } from '../../policy/decide.ts';
import {
  type EncodedMessage,
  missedTurn,
  type Provider,
  type SendAnswer,
  type SendAttempt,
} from '../../providers/provider.ts';
import { giveBack, type HandedOffBill } from './handOff.ts';
import type { Lane } from './lane.ts';
import type { StageDeps } from './stage.ts';

/**
 * Sends one bill and has its answer settled. Sends run side by side, so a slow one holds up no other. Under a
 * rate it waits for its moment. If the brake goes on meanwhile, the bill is given back.
 */
export function send(deps: StageDeps, lane: Lane, handedOff: HandedOffBill): Promise<void> {
  const { gate } = lane.brake;
  const turn = gate.turn(handedOff.start.trial !== undefined);
  if (turn === undefined) return sendNow(deps, lane, handedOff);
  if (gate.rate !== undefined) lane.provider.prepare?.(gate.rate.waiting);
  return turn.then((endsMs) => sendInTurn(deps, lane, { handedOff, endsMs }));
}

/** @param endsMs when its turn ends; undefined: it has none */
function sendInTurn(
  deps: StageDeps,
  lane: Lane,
  { handedOff, endsMs }: { readonly handedOff: HandedOffBill; readonly endsMs: number | undefined },
): Promise<void> | void {
  const { gate } = lane.brake;
  if (endsMs === undefined) {
    gate.turnedAway();
    return giveBack(deps, [handedOff]);
  }
  // A trial is alone, and a brake that is on would not let it take another turn.
  const isAlone = handedOff.start.trial !== undefined;
  if (isAlone || endsMs === Number.POSITIVE_INFINITY) return sendNow(deps, lane, handedOff);
  // The next turn has no end, so whatever the provider does, a bill misses one turn at most.
  const again = async (): Promise<void> => {
    const next = await gate.turnAgain();
    return sendInTurn(deps, lane, { handedOff, endsMs: next && Number.POSITIVE_INFINITY });
  };
  return sendNow(deps, lane, handedOff, { endsMs, again });
}

/** The time in which a send must begin, or else take another turn. */
interface Turn {
  readonly endsMs: number;
  readonly again: () => Promise<void>;
}

/** Unless it may miss its turn, only the bill and the address are kept until the answer, not the message. */
function sendNow(
  deps: StageDeps,
  lane: Lane,
  { bill, message, startDeadline, start }: HandedOffBill,
  turn?: Turn,
): Promise<void> {
  const startedMs = performance.now();
  const { claim } = bill;
  const { to, isLms, contentHash }: EncodedMessage = message;
  const settleAnswer = (answer: SendAnswer): void => {
    const elapsedMs = performance.now() - startedMs;
    lane.sends.record(answer, elapsedMs);
    lane.brake.gate.ended(isAnswered(answer) ? elapsedMs : undefined);
    const context = lane.brake.recordAnswer(answer, start);
    deps.settler.settle(
      bill,
      decisionOn(deps, { answer, claim, to, isLms, contentHash, context }),
      elapsedMs,
    );
    if (answer.kind === 'unknown' && answer.later !== undefined) {
      const sent = { claim, to, isLms, contentHash, startedMs, later: answer.later };
      deps.lateAnswers.await(settleLater(deps, lane, sent));
    }
  };
  const settleUnlessMissed = (answer: SendAnswer): Promise<void> | void =>
    turn !== undefined && isMissedTurn(answer) ? turn.again() : settleAnswer(answer);
  const attempt = { claim, idempotencyKey: idempotencyKeyOf(claim), startDeadline, turnEndsMs: turn?.endsMs };
  return begin(lane.provider, message, attempt).then(settleUnlessMissed, (error: unknown) => {
    deps.log.error({ billId: claim.billId, provider: lane.provider.name, err: error }, 'provider threw');
    const cause = error instanceof Error ? error.name : 'provider threw';
    settleAnswer({ kind: 'unknown', reason: 'PROVIDER_FAULT', cause });
  });
}

function isMissedTurn(answer: SendAnswer): boolean {
  return answer.kind === 'notSent' && answer.reason === missedTurn.reason;
}

/** Also if the answer is unknown: as far as we know, the bill was at the provider all the time. */
function isAnswered({ kind }: SendAnswer): boolean {
  return kind === 'accepted' || kind === 'refused' || kind === 'unknown';
}

/** A provider that throws at once may have sent, like one that rejects. */
function begin(provider: Provider, message: EncodedMessage, attempt: SendAttempt): Promise<SendAnswer> {
  try {
    return provider.send(message, attempt);
  } catch (error) {
    return Promise.reject(error);
  }
}

interface Answered {
  readonly answer: SendAnswer;
  readonly claim: Claim;
  readonly to: string;
  readonly isLms: true | undefined;
  readonly contentHash: string | undefined;
  readonly context: AnswerContext;
}

function decisionOn(deps: StageDeps, answered: Answered): Decision {
  const { answer, claim, to, isLms, contentHash, context } = answered;
  const { isBraked, othersPass } = context;
  const policy = { options: deps.decisions, isBraked, othersPass, random: Math.random() };
  const decision = decide(answer, claim, policy);
  // An LMS costs several times an SMS, so the journal says which it was.
  if (answer.kind === 'accepted') return { ...decision, reason: isLms ? 'LMS' : undefined, contentHash };
  if (answer.kind === 'unknown') return { ...decision, contentHash };
  return answer.kind === 'refused'
    ? { ...decision, addressHash: deps.addressHasher.hash(claim.channel, to) }
    : decision;
}

interface Awaited {
  readonly claim: Claim;
  readonly to: string;
  readonly isLms: true | undefined;
  readonly contentHash: string | undefined;
  readonly startedMs: number;
  readonly later: Promise<SendAnswer>;
}

/**
 * Fence 3: its bill is settled as unknown and closed. The late answer counts if the row is still in doubt
 * under this very token. The brake has counted the send already.
 */
async function settleLater(
  deps: StageDeps,
  lane: Lane,
  { claim, to, isLms, contentHash, startedMs, later }: Awaited,
): Promise<void> {
  const answer = await later;
  if (answer.kind === 'unknown') return;
  const context = lane.brake.contextOf(answer);
  deps.settler.settle(
    { claim, close: nothingLeft, closeUnsettled: nothingLeft },
    decisionOn(deps, { answer, claim, to, isLms, contentHash, context }),
    performance.now() - startedMs,
  );
}

function nothingLeft(): void {}
