import type { DownTime } from './downTime.ts';
import type { FaultRates, Slowness } from './injectedFault.ts';
import type { Period, ProxyOptions } from './proxy.ts';

/** What a look-up may say of the gateway's acceptances. */
export const gatewayLookups = ['yes', 'no', 'lagging'] as const;

export interface GatewayOptions {
  readonly host: string;
  /** The port for HTTP; 0: any free one; undefined: no HTTP. */
  readonly port: number | undefined;
  /** The port for SMTP, in the same way. */
  readonly smtpPort: number | undefined;
  readonly ledgerFile: string;
  /** Decides the faults: with the same seed the same requests get the same faults. */
  readonly seed: number;
  readonly rates: FaultRates;
  /** When faults are injected. */
  readonly faultTime: Period;
  readonly slowness: Slowness;
  /** Accepts each key once: a second request gets the same answer and no second line in the ledger. */
  readonly deduplicate: boolean;
  /** Answers 412 to messages that come after their Send-Before. */
  readonly honourSendBefore: boolean;
  /** `lagging`: a look-up finds an acceptance only after `lagMs`. */
  readonly lookup: (typeof gatewayLookups)[number];
  readonly lagMs: number;
  readonly retryAfterS: number;
  /** Messages per second; the rest get 429. Undefined: no limit. */
  readonly perSecond: number | undefined;
  /** If set, requests without it are rejected. */
  readonly token: string | undefined;
  readonly downTime: DownTime | undefined;
  readonly proxy: ProxyOptions | undefined;
}
