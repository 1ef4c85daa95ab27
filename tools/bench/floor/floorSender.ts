import { type Claim, idempotencyKeyOf } from '../../../src/bill.ts';
import type { Config } from '../../../src/config/loadConfig.ts';
import type { RenderOutcome } from '../../../src/pool/renderPool.ts';
import { wireProviderOf } from '../wire/wireProviders.ts';

/** Sends one bill of the floor, and calls back when it was answered. */
export type FloorSender = (claim: Claim, message: RenderOutcome | undefined, answered: () => void) => void;

/** A timer in place of the simulated provider; else the barest client on the wire, by the same settings. */
export function createFloorSender(config: Config): FloorSender {
  const [{ name: provider } = { name: 'simulated' }] = config.providers.EMAIL;
  if (provider === 'simulated') {
    const { delayMs } = config.providerSettings.simulated;
    return (_claim, _message, answered) => setTimeout(answered, delayMs);
  }
  const client = wireProviderOf(provider).createBareClient(config);
  return (claim, message, answered) => {
    // Without an address there is nothing to send. The product turns such a bill to SMS.
    if (message?.kind === 'encoded') client.send(idempotencyKeyOf(claim), message.body, answered);
    else answered();
  };
}
