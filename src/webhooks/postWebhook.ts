import { isIP } from 'node:net';
import type { Agent } from 'undici';
import { connectionCause } from '../providers/http/causes.ts';
import { addressesOf, type EndpointRules, hostOf } from './endpointAddress.ts';
import type { WebhookMessage } from './webhookMessage.ts';
import type { WebhookAnswer } from './webhookVerdict.ts';

/** Standard Webhooks asks for 15 to 30 s. */
const timeoutMs = 15_000;

/** Posts messages. */
export interface WebhookPoster {
  /** Never throws. Redirections are not followed. */
  post(url: string, message: WebhookMessage, signal: AbortSignal): Promise<WebhookAnswer>;
  stop(): Promise<void>;
}

/** The library for posting is loaded with the first message, since most installations have no webhooks. */
export function createWebhookPoster(rules: EndpointRules): WebhookPoster {
  let agent: Agent | undefined;
  return {
    async post(url, { headers, body }, signal) {
      const target = new URL(url);
      try {
        const undici = await import('undici');
        agent ??= new undici.Agent(agentOptions(rules));
        // If the URL itself has an address, no lookup checks it.
        if (isIP(hostOf(target)) !== 0) await addressesOf(hostOf(target), rules);
        const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
        const answer = await undici.request(url, {
          method: 'POST',
          headers,
          body,
          dispatcher: agent,
          signal: limit,
        });
        await answer.body.dump();
        const retryAfter = [answer.headers['retry-after'] ?? ''].flat().join();
        return { kind: 'answered', status: answer.statusCode, retryAfter };
      } catch (error) {
        const cause = error instanceof Error ? error : new Error(String(error));
        return { kind: 'unanswered', cause: connectionCause(cause, target.origin) };
      }
    },
    stop: async () => agent?.destroy(),
  };
}

function agentOptions(rules: EndpointRules): Agent.Options {
  return {
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: {
      timeout: timeoutMs,
      // Node asks for all addresses, since it tries them by "happy eyeballs".
      lookup(host, _options, callback) {
        addressesOf(host, rules).then(
          (addresses) => callback(null, addresses),
          (error: NodeJS.ErrnoException) => callback(error, []),
        );
      },
    },
  };
}
