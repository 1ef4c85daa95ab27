import { cipherProblems } from './cipherConfig.ts';
import { httpProblems } from './httpConfig.ts';
import { kafkaProblems } from './kafkaConfig.ts';
import type { Settings } from './settings.ts';

/** What no single setting can tell: rules between settings. */
export function contradictions(env: Settings): string[] {
  const problems = [...kafkaProblems(env), ...httpProblems(env)];
  const gateways = [
    { name: 'EMAIL', provider: env.PROVIDER_EMAIL, lookup: env.HTTP_EMAIL_LOOKUP },
    { name: 'SMS', provider: env.PROVIDER_SMS, lookup: env.HTTP_SMS_LOOKUP },
  ];
  const believed = gateways.some(({ provider, lookup }) => provider !== 'http' || lookup === 'authoritative');
  const slowestAcceptanceMs = env.START_DEADLINE_MS + env.SEND_TIMEOUT_MS;
  if (believed && env.LOOKUP_HORIZON_MS < slowestAcceptanceMs) {
    problems.push(
      `LOOKUP_HORIZON_MS must be at least START_DEADLINE_MS + SEND_TIMEOUT_MS (${slowestAcceptanceMs}): ` +
        'before that, a bill that the provider has not seen may still reach it',
    );
  }
  if (env.NODE_ENV === 'production') {
    for (const { provider, name } of gateways) {
      if (provider === undefined) {
        problems.push(
          `PROVIDER_${name} must be set with NODE_ENV=production: http, or simulated, which sends nothing`,
        );
      }
    }
  }
  if (new Set([env.TOPIC_EMAIL, env.TOPIC_SMS, env.TOPIC_DLT]).size < 3) {
    problems.push('TOPIC_EMAIL, TOPIC_SMS and TOPIC_DLT must be three different topics');
  }
  const slowestBatchMs = Math.max(slowestAcceptanceMs, env.CLAIM_TTL_MS);
  if (env.BATCH_MAX_AGE_MS <= slowestBatchMs) {
    problems.push(
      `BATCH_MAX_AGE_MS must be above ${slowestBatchMs}, the greater of CLAIM_TTL_MS and ` +
        'START_DEADLINE_MS + SEND_TIMEOUT_MS: sends that are still under way would be in doubt',
    );
  }
  if (env.SIMULATED_DELAY_MS >= env.SEND_TIMEOUT_MS) {
    problems.push('SIMULATED_DELAY_MS must be below SEND_TIMEOUT_MS: every send would time out');
  }
  problems.push(...cipherProblems(env));
  return problems;
}
