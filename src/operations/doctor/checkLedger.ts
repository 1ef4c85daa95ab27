import { channelNames } from '../../channels.ts';
import type { Config } from '../../config/loadConfig.ts';
import { isUsed } from '../../providers/providerShares.ts';
import { ledgerFault } from '../../providers/simulated/ledger.ts';
import { type Finding, fail, faultText } from './finding.ts';

/** Checks the ledger if a channel is simulated: without it the simulated provider accepts nothing. */
export function checkLedger({
  providers,
  providerSettings: { simulated },
}: Pick<Config, 'providers' | 'providerSettings'>): Finding[] {
  if (!channelNames.some((channel) => isUsed(providers[channel], 'simulated'))) return [];
  const fault = ledgerFault(simulated.ledgerFile);
  return fault === undefined
    ? []
    : [
        fail(
          'ledger',
          `${simulated.ledgerFile} cannot be written, so the simulated provider accepts nothing: ${faultText(fault)}`,
        ),
      ];
}
