import { type InjectionDeps, waitBetween } from './injection.ts';

/** `kill -9` of the provider in the middle of requests. Its ledger survives. */
export async function injectGatewayOutage(deps: InjectionDeps): Promise<void> {
  const { provider } = deps.testbed;
  deps.begin('kill -9 of the gateway');
  await provider.kill();
  await waitBetween(deps, 200, 2_000);
  await provider.start();
}
