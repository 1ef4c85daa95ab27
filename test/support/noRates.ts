import type { ProviderOptions } from '../../src/providers/providerKind.ts';

/** For providers in tests that have no rate to share. */
export const noRates: ProviderOptions['openRate'] = (name) => {
  throw new RangeError(`no rate for ${name}`);
};

/** For providers in tests that have no number per day to share. */
export const noQuotas: ProviderOptions['openQuota'] = ({ sender }) => {
  throw new RangeError(`no number per day for ${sender}`);
};
