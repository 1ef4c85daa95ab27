import type { Config } from '../../config/loadConfig.ts';
import { ledgerFault } from '../../providers/simulated/ledger.ts';
import { type Finding, fail, faultText } from './finding.ts';

/** Checks the ledger, without which the simulated provider accepts nothing. */
export function checkLedger({
  providerSettings: { simulated },
}: Pick<Config, 'providerSettings'>): Finding[] {
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
