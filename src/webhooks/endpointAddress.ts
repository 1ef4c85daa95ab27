import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Which URLs endpoints may have. */
export interface EndpointRules {
  /** Hosts of the company's network: they may have private addresses and be reached by http. */
  readonly insideHosts: readonly string[];
}

/** @returns what is wrong with the URL of an endpoint; undefined if nothing is */
export function endpointProblem(text: string, { insideHosts }: EndpointRules): string | undefined {
  if (!URL.canParse(text)) return 'is no URL';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'must not hold a user or password';
  if (url.hash !== '') return 'must not have a part after #';
  const host = hostOf(url);
  if (insideHosts.includes(host)) {
    return url.protocol === 'https:' || url.protocol === 'http:' ? undefined : 'must begin with https://';
  }
  if (url.protocol !== 'https:') {
    return 'must begin with https://; WEBHOOK_INSIDE_HOSTS names the hosts for which http:// will do';
  }
  return isIP(host) !== 0 && !isPublic(host) ? privateWords(host) : undefined;
}

/** The host without the brackets of IPv6. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Whether an address is public. Others lead into somebody's network. */
export function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

function privateWords(address: string): string {
  return `leads to ${address}, a private address that WEBHOOK_INSIDE_HOSTS does not allow`;
}

/**
 * The addresses of a host. They are looked up for each connection, which is made to these very addresses: a
 * name that points elsewhere a moment later cannot mislead it.
 * @throws Error if the host has none, or if it has a private one and is not among `insideHosts`
 */
export async function addressesOf(host: string, { insideHosts }: EndpointRules) {
  const addresses =
    isIP(host) === 0 ? await lookup(host, { all: true }) : [{ address: host, family: isIP(host) }];
  const inside = insideHosts.includes(host);
  const refused = inside ? undefined : addresses.find(({ address }) => !isPublic(address));
  if (refused !== undefined) throw new Error(`${host} ${privateWords(refused.address)}`);
  return addresses;
}
