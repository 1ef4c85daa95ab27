import { connectionCause, statusCause } from '../../providers/http/causes.ts';

/** How many characters of an answer are read. */
const answerRead = 1_000;

/**
 * Posts to a chat. The address is a secret, so no error contains it.
 * @throws Error saying what the other side answered, or why there is no connection
 */
export async function postJson(url: string, body: object, timeLimitMs: number): Promise<void> {
  const { host } = new URL(url);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(timeLimitMs),
  }).catch((error: unknown) => {
    throw new Error(causeOf(error, host), { cause: error });
  });
  const answer = await response.text().catch(() => '');
  if (!response.ok) throw new Error(`${host}: ${statusCause(response.status, answer.slice(0, answerRead))}`);
}

function causeOf(error: unknown, host: string): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'TimeoutError' ? `no answer in time from ${host}` : connectionCause(error, host);
}
