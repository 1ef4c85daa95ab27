import { connectionCause } from '../http/causes.ts';
import type { SendAnswer } from '../provider.ts';
import { classifyReply } from './classifyReply.ts';
import type { DialogueEnd } from './dialogueEnd.ts';
import type { Relay } from './relayUrl.ts';

export interface EndContext {
  readonly relay: Relay;
  /** The recipient. */
  readonly to: string;
  /** In [0, 1). */
  readonly random?: number;
}

/** What the end of a dialogue means for the bill. */
export function classifyEnd(end: DialogueEnd, { relay, to, random = Math.random() }: EndContext): SendAnswer {
  switch (end.kind) {
    case 'replied':
      return classifyReply(end.reply, { ...end, to, random });
    case 'noToken':
      return {
        kind: 'misconfigured',
        reason: 'SMTP_NO_TOKEN',
        cause: end.error.message,
        scope: 'settings',
      };
    case 'broken': {
      const place = placeOf(relay);
      const cause = end.isTimeOut
        ? `no answer in time from ${place}`
        : connectionCause(rootOf(end.error), place);
      const reason = end.isTimeOut ? 'SMTP_TIME_OUT' : 'CONNECTION_BROKEN';
      return end.mayBeTaken
        ? { kind: 'unknown', reason, cause }
        : { kind: 'notSent', reason, cause, trouble: 'unreachable' };
    }
    default:
      return end satisfies never;
  }
}

export function placeOf({ host, port }: Relay): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The operating system's own code: nodemailer wraps it in a coarser one. */
export function rootOf(error: Error | undefined): Error | undefined {
  if (error === undefined || !('originalCode' in error)) return error;
  return Object.assign(new Error(error.message), { code: error.originalCode });
}
