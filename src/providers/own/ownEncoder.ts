import type { Encode } from '../provider.ts';
import type { OwnSettings } from './ownProvider.ts';
import { loadProviderModule } from './providerModule.ts';

/** In a render thread: the encoder of a provider module. @throws BillcastError MODULE_INVALID */
export async function createEncode({ url }: OwnSettings): Promise<Encode> {
  const { encode } = await loadProviderModule(url);
  return encode;
}
