import { classifyUnanswered } from '../http/classify.ts';
import { compileAnswers } from './answerRules.ts';
import { answerOf, partsOf, post, type Sender, type SenderDeps, valuesOfAttempt } from './sender.ts';

/** Sends one request per message. */
export function createSingleSender(deps: SenderDeps): Sender {
  const judge = compileAnswers(deps.answersOf(deps.send.answers));
  return {
    async send(outgoing) {
      const { to, body, attempt } = outgoing;
      const outcome = await post(deps, {
        body,
        key: attempt.idempotencyKey,
        attempt: attempt.claim.attempts + 1,
        mayStart: () => !attempt.startDeadline.passed(),
        turnEndsMs: attempt.turnEndsMs,
      });
      return outcome.kind === 'answered'
        ? answerOf(judge(partsOf(outcome), valuesOfAttempt(attempt, to)), outgoing, deps.ids)
        : classifyUnanswered(outcome, deps.origin);
    },
    flush: () => undefined,
  };
}
