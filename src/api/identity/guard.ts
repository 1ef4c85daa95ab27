import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../../config/apiConfig.ts';
import { Problem } from '../problems/problem.ts';
import type { Identity } from './identity.ts';

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Refuses what this identity may not ask. */
export function guard(request: FastifyRequest): void {
  const { permission } = request.routeOptions.config;
  const { identity } = request;
  if (permission === 'open' || request.is404) return;
  if (identity === null) {
    throw new Problem('NOT_SIGNED_IN', '', { headers: { 'www-authenticate': 'Bearer realm="billcast"' } });
  }
  refuseOtherSites(request, identity);
  if (permission === undefined) throw new Problem('NOT_FOUND');
  if (permission !== 'signedIn' && !identity.permissions.includes(permission)) {
    throw new Problem('NOT_ALLOWED', `This needs the permission ${permission}.`);
  }
}

/**
 * A browser sends cookies, and reaches loopback, for every page that it shows. So a change must come from our own
 * page, and a name that leads to loopback must be one of loopback's, or any site could name itself so (DNS rebinding).
 */
function refuseOtherSites({ method, headers, hostname }: FastifyRequest, { source }: Identity): void {
  if (source === 'loopback' && !isLoopback(hostname)) {
    throw new Problem('CROSS_SITE', 'Without API_TOKENS the Host must be localhost or a loopback address.');
  }
  if (source === 'token' || safeMethods.has(method)) return;
  const site = headers['sec-fetch-site'];
  const fromBrowser = site !== undefined || headers.origin !== undefined;
  if (fromBrowser && site !== 'same-origin' && site !== 'none') throw new Problem('CROSS_SITE');
  if (!fromBrowser && source === 'session') throw new Problem('CROSS_SITE', 'Sec-Fetch-Site is missing.');
}
