import { join } from 'node:path';
import { type Gateway, startGateway } from '../../tools/gateway/gateway.ts';
import type { GatewayOptions } from '../../tools/gateway/gatewayOptions.ts';
import type { FaultRates } from '../../tools/gateway/injectedFault.ts';

export const noFaults: FaultRates = {
  refuse: 0,
  tooMany: 0,
  unavailable: 0,
  outOfCredit: 0,
  failBefore: 0,
  failAfter: 0,
  break: 0,
  hang: 0,
  breakBefore: 0,
};

let ledgers = 0;

/** A gateway in the test's process, with its ledger in the folder. */
export async function startTestGateway(
  folder: string,
  options: Partial<GatewayOptions> = {},
): Promise<Gateway & { readonly port: number; readonly url: string; readonly ledgerFile: string }> {
  const all: GatewayOptions = {
    host: '127.0.0.1',
    port: 0,
    smtpPort: undefined,
    ledgerFile: join(folder, `gateway-${++ledgers}.jsonl`),
    seed: 7,
    rates: noFaults,
    slowness: { delayMs: 0, slowRate: 0, slowMs: 0 },
    deduplicate: false,

    honourSendBefore: false,
    lookup: 'yes',
    lagMs: 0,
    retryAfterS: 1,
    token: undefined,
    downTime: undefined,
    perSecond: undefined,
    proxy: undefined,
    faultTime: { afterMs: 0, forMs: Number.POSITIVE_INFINITY },
    ...options,
  };
  const gateway = await startGateway(all);
  const { port = 0 } = gateway;
  return { ...gateway, port, url: `http://127.0.0.1:${port}/any/path`, ledgerFile: all.ledgerFile };
}
