import assert from 'node:assert/strict';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import type { Encode, Provider } from '../../../src/providers/provider.ts';
import { createProviders, encodersOf } from '../../../src/providers/registry.ts';
import { silentLog } from '../capturedLog.ts';
import { noQuotas, noRates } from '../noRates.ts';
import { type RunningStandIn, runStandIn, type StandIn } from './standIn.ts';

/** A provider that a shipped file describes, in front of its stand-in. */
export interface OpenedStandIn {
  readonly standIn: StandIn;
  readonly running: RunningStandIn;
  readonly provider: Provider;
  readonly encode: Encode;
}

export async function openStandIn(standIn: StandIn): Promise<OpenedStandIn> {
  const running = await runStandIn(standIn);
  const { channel } = standIn;
  const config = loadConfig({
    ...standIn.settings,
    [standIn.urlSetting]: running.url,
    CHANNELS: channel,
    [`PROVIDER_${channel}`]: standIn.provider,
    HTTP_CONCURRENCY: '64',
    ATTACH_PDF: String(standIn.sendsFiles === true),
  });
  const options = {
    startDeadlineMs: 5_000,
    sendTimeoutMs: 5_000,
    openRate: noRates,
    openQuota: noQuotas,
    log: silentLog,
  };
  const created = await createProviders(config.providers, config.providerSettings, options);
  const provider = created[channel][0]?.provider;
  assert.ok(provider);
  const encoder = encodersOf(config.providers, config.providerSettings)[channel];
  assert.ok(encoder !== undefined);
  const { createEncode }: { createEncode: (options: unknown) => Encode } = await import(encoder.module);
  return { running, provider, encode: createEncode(encoder.options), standIn };
}
