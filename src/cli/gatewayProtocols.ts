import type { Command } from 'commander';
import { BillcastError } from '../errors.ts';

/** Options that SMTP does not have. */
const onlyHttp = [
  'retryAfter',
  'honourSendBefore',
  'lookup',
  'lagMs',
  'token',
  'tokenFile',
  'proxy',
  'proxyRate',
  'proxyAfter',
  'proxyFor',
  'proxyPassesOn',
];

/**
 * @throws BillcastError USAGE for a gateway without a protocol, or if an option of HTTP is given and only
 * SMTP is used
 */
export function refuseUnspoken(
  { port, smtp }: { readonly port?: number; readonly smtp?: number },
  command: Command,
): void {
  if (port !== undefined) return;
  if (smtp === undefined) {
    throw new BillcastError('USAGE', 'set --port for HTTP, --smtp for SMTP, or both');
  }
  const given = onlyHttp.find((name) => command.getOptionValueSource(name) === 'cli');
  const flag = command.options.find((option) => option.attributeName() === given)?.long;
  if (flag !== undefined) {
    throw new BillcastError('USAGE', `${flag} is about HTTP: set --port too, or leave it out`);
  }
}
