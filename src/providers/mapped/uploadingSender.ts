import { classifyUnanswered } from '../http/classify.ts';
import type { SendAnswer } from '../provider.ts';
import { compileAnswers, type JudgeAnswer } from './answerRules.ts';
import type { SendMapping } from './mappingSchema.ts';
import { type Outgoing, partsOf, post, type Sender, type SenderDeps, valuesOfAttempt } from './sender.ts';
import { createSingleSender } from './singleSender.ts';
import { framedParts, withIds } from './uploadFrame.ts';

/**
 * Uploads the files of a message, then sends it. An upload sends nothing: if its outcome is not known, the
 * message was certainly not sent, and the next attempt uploads again.
 */
export function createUploadingSender(deps: SenderDeps, upload: NonNullable<SendMapping['upload']>): Sender {
  const single = createSingleSender(deps);
  const judge = compileAnswers(upload.answers);
  const uploadDeps = { ...deps, send: { ...deps.send, path: upload.path } };
  return {
    async send(outgoing) {
      const [message = outgoing.body, ...files] = framedParts(outgoing.body);
      const ids: string[] = [];
      let { attempt } = outgoing;
      for (const file of files) {
        const answer = await uploadFile(uploadDeps, { ...outgoing, attempt, body: file }, judge);
        if (answer.kind !== 'accepted') return answer;
        if (answer.providerId === undefined) return notUploaded('it gave no id');
        ids.push(answer.providerId);
        // Its turn is taken now: to miss it later would upload all files again.
        attempt = { ...attempt, turnEndsMs: undefined };
      }
      return single.send({ ...outgoing, attempt, body: withIds(message, ids) });
    },
    flush: () => undefined,
  };
}

/** It has the time until the start deadline: later the message may not begin any more. */
async function uploadFile(
  deps: SenderDeps,
  { to, body, attempt }: Outgoing,
  judge: JudgeAnswer,
): Promise<SendAnswer> {
  const { startDeadline, turnEndsMs, idempotencyKey: key, claim } = attempt;
  const sendTimeoutMs = Math.max(1, Math.min(deps.sendTimeoutMs, startDeadline.unixMs - Date.now()));
  const outcome = await post(
    { ...deps, sendTimeoutMs },
    { body, key, attempt: claim.attempts + 1, mayStart: () => !startDeadline.passed(), turnEndsMs },
  );
  const answer =
    outcome.kind === 'answered'
      ? judge(partsOf(outcome), valuesOfAttempt(attempt, to))
      : classifyUnanswered(outcome, deps.origin);
  switch (answer.kind) {
    case 'unknown':
      return notUploaded(answer.cause);
    case 'perItem':
      return notUploaded(undefined);
    default:
      return answer;
  }
}

function notUploaded(cause: string | undefined): SendAnswer {
  return { kind: 'notSent', reason: 'FILE_NOT_UPLOADED', cause, trouble: 'unreachable' };
}
