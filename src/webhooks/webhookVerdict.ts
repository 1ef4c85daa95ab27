import { retryAfterMsOf } from '../providers/http/retryAfter.ts';

/** The result of one try. */
export type WebhookAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string }
  | { readonly kind: 'unanswered'; readonly cause: string };

export type WebhookVerdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'again'; readonly delayMs: number }
  | { readonly kind: 'disable'; readonly why: string };

const [second, minute, hour] = [1_000, 60_000, 3_600_000];

/** As in Standard Webhooks 1.0.0: the first try is made at once, the last one after about three days. */
export const retryDelaysMs = [
  ...[5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour],
  ...[10 * hour, 14 * hour, 20 * hour, 24 * hour],
];

const gone = 410;
/**
 * The random share that is added to a wait, so that endpoints that failed together are not tried together.
 */
const jitter = 0.1;

/**
 * What an answer means. Only a 2xx is a delivery; a redirection is a failure, as the specification says.
 * @param failures in a row before this try
 * @param random in [0, 1)
 */
export function judgeWebhook(answer: WebhookAnswer, failures: number, random: number): WebhookVerdict {
  if (answer.kind === 'answered') {
    if (answer.status >= 200 && answer.status < 300) return { kind: 'delivered' };
    if (answer.status === gone) return { kind: 'disable', why: 'it answered 410 Gone' };
  }
  const delayMs = retryDelaysMs[failures];
  if (delayMs === undefined) return { kind: 'disable', why: `${failures + 1} tries in a row failed` };
  const asked = answer.kind === 'answered' ? (retryAfterMsOf(answer.retryAfter, new Date()) ?? 0) : 0;
  return { kind: 'again', delayMs: Math.max(delayMs * (1 + jitter * random), asked) };
}

/** In a few words, for people. */
export function wordsOfAnswer(answer: WebhookAnswer): string {
  return answer.kind === 'answered' ? `HTTP ${answer.status}` : answer.cause;
}
