import type { Logger } from '../../log/log.ts';
import type { OpenQuota } from '../dayQuota.ts';
import {
  type EncodedMessage,
  missedTurn,
  type Provider,
  type SendAnswer,
  type SendAttempt,
} from '../provider.ts';
import type { OpenRate } from '../sharedRate.ts';
import { isTurnOver } from '../startDeadline.ts';
import { classifyEnd, placeOf } from './classifyEnd.ts';
import { tokenIn } from './composeMessage.ts';
import { type DialogueEnd, timedOut } from './dialogueEnd.ts';
import { DomainPace, type DomainRates } from './domainPace.ts';
import { createEnvelopes, type EnvelopeOptions, needsUtf8 } from './envelope.ts';
import type { MailDialogue } from './mailDialogue.ts';
import { type Acquired, RelayBook } from './relayBook.ts';
import { RelaySession, type SessionOptions } from './relaySession.ts';
import type { Relay } from './relayUrl.ts';
import { ReplyWaits } from './replyWaits.ts';
import { Warmup } from './warmup.ts';
import type { WarmupPlan } from './warmupPlan.ts';

export interface SmtpProviderOptions {
  readonly relays: readonly Relay[];
  /** The most messages at a time, each on its own connection. */
  readonly concurrency: number;
  readonly messagesPerConnection: number;
  readonly idleMs: number;
  readonly domainRates: DomainRates;
  readonly openRate: OpenRate;
  readonly warmup: WarmupPlan;
  readonly openQuota: OpenQuota;
  readonly envelope: EnvelopeOptions;
  readonly session: Pick<SessionOptions, 'name' | 'secureContext' | 'nextToken'>;
  /** The limit for connecting: after it a send could only begin too late. */
  readonly startDeadlineMs: number;
  /** The limit from MAIL to the answer. */
  readonly sendTimeoutMs: number;
  /** The limit from MAIL to the reply to the dot. */
  readonly replyTimeoutMs: number;
  readonly log: Logger;
}

/**
 * Hands e-mails to mail servers. A bill is unknown only if its final dot may have left and no reply came. At
 * the time limit the answer is `unknown`, and the connection waits on for the real one.
 */
export function createSmtpProvider(options: SmtpProviderOptions): Provider {
  const { concurrency, sendTimeoutMs } = options;
  const envelopeOf = createEnvelopes(options.envelope);
  const waits = new ReplyWaits(concurrency);
  const pace = new DomainPace({
    rates: options.domainRates,
    openRate: options.openRate,
    mostWaiting: Math.floor(concurrency / 4),
  });
  const warmup = new Warmup(options);
  const book = createBook(options);

  const send = async (
    { to, body = noMessage }: EncodedMessage,
    attempt: SendAttempt,
    fresh = false,
  ): Promise<SendAnswer> => {
    const acquired = await book.acquire({ fresh });
    if (acquired.kind === 'none') return classifyEnd(acquired.end, { to, relay: acquired.relay });
    const { session, isUsed } = acquired;
    const { relay } = session;
    const obstacle = obstacleTo(acquired, { to, body }, attempt);
    if (obstacle !== undefined) {
      book.release(session);
      return obstacle;
    }
    const envelope = envelopeOf({ to, token: tokenIn(body), size: body.length }, session.extensions);
    const dialogue = session.send(envelope, body);
    const end = await endWithin(sendTimeoutMs, session, dialogue);
    if (end.kind === 'broken' && end.isTimeOut && end.mayBeTaken) {
      const limitMs = options.replyTimeoutMs - sendTimeoutMs;
      const later = waits.until(dialogue.ended, { session, limitMs }).then((late) => {
        finish(book, session, late);
        return classifyEnd(late, { to, relay });
      });
      return { ...classifyEnd(end, { to, relay }), kind: 'unknown', reason: 'SMTP_TIME_OUT', later };
    }
    finish(book, session, end);
    // Servers may close used connections at any time. Nothing of this message was taken, so it is sent on a
    // new one.
    if (isUsed && isClosedUnasked(end)) return send({ to, body }, attempt, true);
    return classifyEnd(end, { to, relay });
  };

  const sendPaced = (message: EncodedMessage, attempt: SendAttempt): Promise<SendAnswer> => {
    const line = pace.lineOf(message.to);
    return line === undefined
      ? send(message, attempt)
      : line
          .waitMs()
          .then((retryAfterMs) =>
            retryAfterMs === 0
              ? send(message, attempt)
              : { kind: 'notSent', reason: 'DOMAIN_PACE', retryAfterMs, isGivenBack: true },
          );
  };

  return {
    name: 'smtp',
    concurrency,
    dayQuota: warmup.all,
    send(message, attempt) {
      return warmup.isNone
        ? sendPaced(message, attempt)
        : warmup.send(message, attempt, () => sendPaced(message, attempt));
    },
    lookupsAtOnce: 1,
    lookup: () => Promise.resolve('cannotTell'),
    async stop() {
      pace.stop();
      warmup.stop();
      waits.stop();
      book.stop();
    },
  };
}

const noMessage = new Uint8Array();

function createBook(options: SmtpProviderOptions): RelayBook {
  const { relays, session, startDeadlineMs: timeLimitMs, log } = options;
  return new RelayBook({
    ...options,
    open: (relay) => RelaySession.open({ ...session, relay, timeLimitMs }),
    onPassedOver(relay, end) {
      if (relays.length === 1) return;
      const answer = classifyEnd(end, { relay, to: '' });
      log.warn({ relay: placeOf(relay), ...answer }, 'a relay fails, the others are used');
    },
  });
}

/** Why a message is not even begun; undefined if nothing stands in its way. */
function obstacleTo(
  { session: { extensions }, isKept }: Extract<Acquired, { kind: 'session' }>,
  { to, body }: Required<Pick<EncodedMessage, 'to' | 'body'>>,
  { startDeadline, turnEndsMs }: SendAttempt,
): SendAnswer | undefined {
  if (startDeadline.passed()) return { kind: 'notSent', reason: 'START_DEADLINE' };
  if (isKept && isTurnOver(turnEndsMs)) return missedTurn;
  if (!extensions.smtpUtf8 && needsUtf8(to)) {
    return { kind: 'refused', reason: 'SMTPUTF8_NOT_OFFERED', cause: 'the relay offers no SMTPUTF8' };
  }
  const { mostBytes } = extensions;
  if (body.length > mostBytes) {
    return {
      kind: 'refused',
      reason: 'MESSAGE_TOO_LARGE',
      cause: `the relay takes ${mostBytes} bytes at most`,
    };
  }
  return undefined;
}

/**
 * Resolves with the end of the dialogue, or when its time is over. If the dot has not left by then, it never
 * will: the connection is broken off.
 */
function endWithin(limitMs: number, session: RelaySession, dialogue: MailDialogue): Promise<DialogueEnd> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      const { mayBeTaken } = dialogue;
      // Before the reset, which ends the dialogue as well.
      resolve(timedOut(mayBeTaken));
      if (!mayBeTaken) session.reset();
    }, limitMs);
    void dialogue.ended.then((end) => {
      clearTimeout(timer);
      resolve(end);
    });
  });
}

/** Makes the connection free for the next message, or closes it. */
function finish(book: RelayBook, session: RelaySession, end: DialogueEnd): void {
  const isReplied = end.kind === 'replied' && !session.isClosed;
  if (isReplied && end.mayBeTaken) book.release(session);
  else if (isReplied && end.stage !== 'message') void session.forget().then(() => book.release(session));
  else session.reset();
}

function isClosedUnasked(end: DialogueEnd): boolean {
  return end.kind === 'broken'
    ? !end.mayBeTaken && !end.isTimeOut
    : end.kind === 'replied' && end.stage === 'mail' && end.reply.code === 421;
}
