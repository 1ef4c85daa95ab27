import type { SMTPError } from 'nodemailer/lib/smtp-connection';
import type { Stage } from './classifyReply.ts';
import { readReply, type SmtpReply } from './smtpReply.ts';

/** How a dialogue, or a part of it, ended. */
export type DialogueEnd =
  | {
      readonly kind: 'replied';
      readonly stage: Stage;
      readonly reply: SmtpReply;
      readonly mayBeTaken: boolean;
    }
  /** The connection broke, or a time limit was over. */
  | {
      readonly kind: 'broken';
      readonly error: Error | undefined;
      readonly isTimeOut: boolean;
      readonly mayBeTaken: boolean;
    }
  /** The token for the login could not be read. */
  | { readonly kind: 'noToken'; readonly error: Error };

export function brokenBy(error: Error | undefined, mayBeTaken = false): DialogueEnd {
  return { kind: 'broken', error, isTimeOut: false, mayBeTaken };
}

export function timedOut(mayBeTaken = false): DialogueEnd {
  return { kind: 'broken', error: undefined, isTimeOut: true, mayBeTaken };
}

/** What had come before we asked is no answer. */
export function outOfStep(): Error {
  return new Error('the relay is out of step');
}

export function openingEnd(error: SMTPError | undefined): DialogueEnd {
  const stage = openingStage(error?.command);
  const reply = error !== undefined && isWhole(error, stage) ? readReply(error.response ?? '') : undefined;
  if (reply !== undefined) return { kind: 'replied', stage, reply, mayBeTaken: false };
  const isTokenAway = error?.code === 'EAUTH' && error.response === undefined && stage === 'login';
  return isTokenAway ? { kind: 'noToken', error } : brokenBy(error);
}

function openingStage(command = ''): Stage {
  if (command.startsWith('AUTH')) return 'login';
  return command === 'STARTTLS' ? 'tls' : 'open';
}

/**
 * Whether a reply is whole. If a connection broke, nodemailer reports the part of a reply that came, which
 * counts for nothing.
 */
function isWhole({ message }: SMTPError, stage: Stage): boolean {
  return stage !== 'open' || message.includes('response=');
}
