import type { Config } from '../../config/loadConfig.ts';
import { connectionCause, statusCause } from '../../providers/http/causes.ts';
import { readConnectionSettings } from '../../providers/http/connectionFiles.ts';
import type { HttpOutcome } from '../../providers/http/exchange.ts';
import type { Mapping } from '../../providers/mapped/mappingSchema.ts';
import { probeMapped } from '../../providers/mapped/probeMapped.ts';
import { sendsOf } from '../../providers/mapped/resolveMapping.ts';
import { certificateAdvice } from './certificateAdvice.ts';
import { type Finding, fail, guarded, ok, warn } from './finding.ts';

/** A person is waiting for the result. */
const longestWaitMs = 5_000;

/** Reaches each provider that is described by a file, and says what it promises. */
export async function checkMapped({ providerSettings, sendTimeoutMs }: Config): Promise<Finding[]> {
  const findings = await Promise.all(
    Object.entries(providerSettings.mapped).map(([name, { mapping, connections }]) =>
      guarded(`provider ${name}`, async () => {
        const settings = readConnectionSettings(connections);
        const timeLimitMs = Math.min(sendTimeoutMs, longestWaitMs);
        return [judgeMapped(name, mapping, await probeMapped({ mapping, settings, timeLimitMs }))];
      }),
    ),
  );
  return findings.flat();
}

/** Pure. */
function judgeMapped(name: string, mapping: Mapping, outcome: HttpOutcome): Finding {
  const check = `provider ${name}`;
  const { origin, title } = mapping;
  switch (outcome.kind) {
    case 'notStarted':
      return fail(check, noConnection(connectionCause(outcome.error, origin)));
    case 'broken':
      return fail(check, `${origin} takes a connection and does not answer`);
    case 'answered': {
      const says = statusCause(outcome.status, outcome.body);
      if (outcome.status === 401 || outcome.status === 403) {
        return fail(
          check,
          `${title} refuses us: ${says}; check ${credentialsOf(mapping)}${clockHint(outcome.date, new Date())}`,
        );
      }
      return outcome.status >= 500
        ? warn(check, `${says}: it, or what is before it, has a problem`)
        : ok(check, `${title} answers; ${promisesOf(mapping)}`);
    }
    default:
      return outcome satisfies never;
  }
}

function noConnection(cause: string): string {
  const advice = certificateAdvice(cause, { host: 'its address', authority: 'HTTP_CA_FILE' });
  return `no connection: ${cause}; ${advice ?? 'check its address, firewall and HTTP_PROXY_URL'}`;
}

const clockToleranceMs = 60_000;

/** Signatures contain the time: providers refuse one that is minutes old, or in the future. */
function clockHint(date: string, now: Date): string {
  const aheadMs = Date.parse(date) - now.getTime();
  if (!(Math.abs(aheadMs) > clockToleranceMs)) return '';
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  return `, and the clocks: its own is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's`;
}

function credentialsOf({ settings }: Mapping): string {
  const secrets = Object.entries(settings).filter(([, { secret }]) => secret);
  return secrets.length === 0 ? 'its settings' : secrets.map(([name]) => name).join(' and ');
}

/** What billcast can expect of the provider, in words. */
export function promisesOf(mapping: Mapping): string {
  return [
    ...sendsOf(mapping).map(({ form, send: { batch } }) => {
      const sent = form === 'emailWithFiles' ? 'email with a file' : form;
      return batch === undefined
        ? `${sent}: one bill per request`
        : `${sent}: up to ${batch.most} bills per request`;
    }),
    idempotencyText(mapping),
    lookupText(mapping),
    ...mapping.notes,
  ].join('; ');
}

function idempotencyText({ idempotency }: Mapping): string {
  if (idempotency === undefined) return 'no idempotency key';
  const { holdsForMinutes: minutes, repeat } = idempotency;
  const span = minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
  return repeat === 'fails'
    ? `a repeated idempotency key fails for ${span}`
    : `a repeated idempotency key gets the same answer for ${span}`;
}

function lookupText({ lookup }: Mapping): string {
  if (lookup === undefined) return 'no look-up: a person or a receipt settles a doubt';
  return lookup.proves === 'advisory'
    ? 'its look-up settles a doubt only if it has the bill'
    : 'its look-up settles every doubt after LOOKUP_HORIZON_MS';
}
