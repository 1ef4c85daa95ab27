import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../../config/apiConfig.ts';
import { type Permission, rolesWith } from '../../policy/roles.ts';
import { Problem } from '../problems/problem.ts';
import type { Identity } from './identity.ts';

/** Refuses a request that its identity may not make. */
export function guard(request: FastifyRequest): void {
  const { permission, openToLoopback = false } = request.routeOptions.config;
  const { identity } = request;
  if (permission === 'open' || request.is404) return;
  if (identity === null && openToLoopback && isFromHere(request)) return;
  if (identity === null) {
    throw new Problem('NOT_SIGNED_IN', '', { headers: { 'www-authenticate': 'Bearer realm="billcast"' } });
  }
  refuseOtherSites(request, identity);
  if (permission === undefined) throw new Problem('NOT_FOUND');
  if (permission !== 'signedIn' && !identity.permissions.includes(permission)) {
    throw new Problem('NOT_ALLOWED', permissionText(permission));
  }
}

function permissionText(permission: Permission): string {
  const roles = new Intl.ListFormat('en', { type: 'disjunction' }).format(rolesWith(permission));
  return `This needs the permission ${permission}: the role ${roles}. A token may have several roles, joined by +.`;
}

/**
 * A browser sends cookies, and reaches loopback, for every page that it shows. So a change must come from our
 * own page. On loopback the Host must be a name of loopback, since any site can point its own name there (DNS
 * rebinding).
 */
function refuseOtherSites({ method, headers, hostname }: FastifyRequest, { source }: Identity): void {
  if (source === 'loopback' && !isLoopback(hostname)) {
    throw new Problem('CROSS_SITE', 'Without API_TOKENS the Host must be localhost or a loopback address.');
  }
  if (source === 'token' || isSafe(method)) return;
  if (isFromOtherSite(headers)) throw new Problem('CROSS_SITE');
  if (source === 'session' && headers['sec-fetch-site'] === undefined) {
    throw new Problem('CROSS_SITE', 'Sec-Fetch-Site is missing.');
  }
}

/**
 * Whether it comes from this machine, by a name of loopback: a page of another site could reach loopback by
 * another name.
 */
function isFromHere({ ip, hostname, headers }: FastifyRequest): boolean {
  const isProxied = headersOfProxies.some((name) => headers[name] !== undefined);
  return isLoopback(ip) && isLoopback(hostname) && !isProxied;
}

/** A proxy on this machine sends one of them, unless it is set up not to. */
const headersOfProxies = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

/** Browsers say where a request comes from; other programs say nothing. */
export function isFromOtherSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined) return headers.origin !== undefined;
  return site !== 'same-origin' && site !== 'none';
}

/** Whether a method only reads. */
export function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
