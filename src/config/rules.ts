import type { ProcessFacts } from '../providers/providerKind.ts';
import { provesNever, providerNames, providerProblems } from '../providers/registry.ts';
import { apiProblems } from './apiConfig.ts';
import { topicProblems } from './billTopics.ts';
import { cipherProblems } from './cipherConfig.ts';
import { kafkaProblems } from './kafkaConfig.ts';
import { noticeProblems } from './noticeConfig.ts';
import { providerSharesOf } from './providerConfig.ts';
import { limitProblems } from './providerLimits.ts';
import { safeModeProblems } from './safeModeConfig.ts';
import type { Settings } from './settings.ts';
import { sourceProblems } from './sourceConfig.ts';
import { pdfProblems } from './templateConfig.ts';
import { viewLinkProblems } from './viewLinkConfig.ts';

/** The rules between settings that are broken, one sentence each. */
export function contradictions(env: Settings, facts: ProcessFacts): string[] {
  const shares = providerSharesOf(env);
  const problems = [
    ...kafkaProblems(env),
    ...providerProblems(env, facts, shares),
    ...limitProblems(env, shares),
    ...apiProblems(env),
  ];
  const believed = env.CHANNELS.some((channel) =>
    shares[channel].some(({ name }) => provesNever(env, name, channel)),
  );
  const slowestAcceptanceMs = env.START_DEADLINE_MS + env.SEND_TIMEOUT_MS;
  if (believed && env.LOOKUP_HORIZON_MS < slowestAcceptanceMs) {
    problems.push(
      `LOOKUP_HORIZON_MS must be at least START_DEADLINE_MS + SEND_TIMEOUT_MS (${slowestAcceptanceMs}): ` +
        'before that, a bill that the provider has not seen may still reach it',
    );
  }
  if (env.NODE_ENV === 'production') {
    for (const channel of env.CHANNELS) {
      if (env[`PROVIDER_${channel}`] === undefined) {
        const names = providerNames(env.PROVIDERS_DIR).join(', ');
        problems.push(
          `PROVIDER_${channel} must be set with NODE_ENV=production: ${names} (simulated sends nothing)`,
        );
      }
    }
  }
  problems.push(...topicProblems(env));
  const slowestBatchMs = Math.max(slowestAcceptanceMs, env.CLAIM_TTL_MS);
  if (env.BATCH_MAX_AGE_MS <= slowestBatchMs) {
    problems.push(
      `BATCH_MAX_AGE_MS must be above ${slowestBatchMs}, the greater of CLAIM_TTL_MS and ` +
        'START_DEADLINE_MS + SEND_TIMEOUT_MS: sends still in flight would be marked in doubt',
    );
  }
  problems.push(
    ...cipherProblems(env),
    ...sourceProblems(env),
    ...viewLinkProblems(env),
    ...noticeProblems(env),
  );
  problems.push(...pdfProblems(env, shares, env.PROVIDERS_DIR), ...safeModeProblems(env));
  return problems;
}
