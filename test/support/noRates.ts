import type { ProviderOptions } from '../../src/providers/providerKind.ts';

/** For providers in tests that have no rate to share. */
export const noRates: ProviderOptions['openRate'] = (name) => {
  throw new RangeError(`no rate for ${name}`);
};

/** The same for numbers per day. */
export const noQuotas: ProviderOptions['openQuota'] = ({ sender }) => {
  throw new RangeError(`no number per day for ${sender}`);
};
