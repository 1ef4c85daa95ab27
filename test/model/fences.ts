/** What the protocol relies on, by name. The model can be run without any of them. */
export const fences = {
  freshToken: 'a token is one batch of one claim, never one for a process',
  claimsOnlyPending: 'a claim takes PENDING, and nothing that another has claimed',
  claimComparesChannel: 'a claim takes a bill whose channel is the topic of the event',
  claimComparesDue: 'a claim takes no bill before its time',
  handOffComparesToken: 'a hand-off compares the token',
  handOffDurable: 'a hand-off after which something is sent is never forgotten by the server',
  settleComparesToken: 'a settlement compares the token',
  startDeadline: 'a send that has not begun by the start deadline is not made',
  givenBackIsNotSent: 'what is being given back because of the brake is not sent any more',
  deadlineFromBeforeHandOff: 'the deadline counts from before the first try of the hand-off',
  sentIsKept: 'SENT is never taken back, it is doubted',
  failsOverUnsent: 'a bill is sent again, by this provider or another, only if its send certainly never left',
  lookupAsksItsProvider: 'a look-up asks the provider that the bill was handed off to',
  unknownIsDoubted: 'an unknown answer turns nothing to the next channel',
  passedIsSkipped: 'a cycle never comes back to a channel that it has left, whatever CHANNELS says by then',
  answerProves:
    'an answer to a send counts only with our key or an id: a proxy answers for a gateway that is down',
  lookupNamesKey: 'an answer to a look-up counts only with our key: an ingress says the same of every bill',
  lookupPastHorizon: '"never" counts only past the horizon',
  horizonReadBeforeLookup: 'the age of the hand-off is read before the provider is asked',
  lookupComparesToken: 'a verdict of the lookup compares the token that was read before asking',
  nextCycleOnResend: 'a resend by a person has a new key',
  nextCycleOnTurnBack: 'a bill that a person turns back to the first channel has a new key',
  nextOnBounce: 'a bounce in the same cycle sends by the next channel, never by the same again',
  wordComparesToken: 'a resend or a bounce compares the token that was read',
  receiptNamesAttempt: 'a receipt counts for the cycle and the channel that it names',
  receiptComparesToken: 'a receipt compares the token that was read',
  receiptComparesState: 'a receipt moves a row only from the state in which it was compared with it',
  receiptAfterNever:
    'a negative receipt of a key under which "never" was concluded moves nothing: it may be about the send of before',
  silenceIsNoReceipt: 'a delivery of which nobody says anything stays one',
  publishSeq: 'PUBLISHED is written only where the row still owes the event that was sent',
  markAfterAcknowledgement: 'PUBLISHED is written after the acknowledgement',
  owesInSameUpdate: 'a change to PENDING or FAILED owes its event in the same UPDATE',
  letterBeforeRetransmission: 'FAILED is retransmitted only after its dead letter is acknowledged',
  held: 'nothing of a held bill goes out',
  earlyEventIsKept:
    'an event whose row is not there yet is kept until the row comes, or becomes a dead letter',
  heldRowIsReleased: 'an event that wins nothing of a held row, because the row has just come, lets it go',
  orphanWalk: 'PENDING whose event has gone is owed again',
  batchWithClaim: 'the claim names the bill in claim_batch, where the sweeper finds it',
  strandedWalk: 'the walk finds claims that no batch knows',
} as const;

export type Fence = keyof typeof fences;

/** The fences that are not removed. */
export type Standing = (fence: Fence) => boolean;

export function without(...removed: readonly Fence[]): Standing {
  return (fence) => !removed.includes(fence);
}
