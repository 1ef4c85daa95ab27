import type { Encode } from '../provider.ts';
import type { OwnSettings } from './ownProvider.ts';
import { loadProviderModule } from './providerModule.ts';

/** Loads the encoder of a provider module in a render thread. @throws BillcastError MODULE_INVALID */
export async function createEncode({ url }: OwnSettings): Promise<Encode> {
  const { encode } = await loadProviderModule(url);
  return encode;
}
