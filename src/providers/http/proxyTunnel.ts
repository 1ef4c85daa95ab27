import { request } from 'node:http';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface TunnelOptions {
  /** The target: `host:port`. */
  readonly to: string;
  readonly dial: (target: { host: string; port: number }) => Promise<Socket>;
}

/**
 * Makes a proxy connect to the target, by CONNECT (RFC 9110, 9.3.6). The proxy sees the target and nothing
 * else.
 * @throws Error if the proxy refuses
 */
export async function openTunnel(proxy: URL, { to, dial }: TunnelOptions): Promise<Socket> {
  const isSecure = proxy.protocol === 'https:';
  const tcp = await dial({ host: bareHost(proxy), port: Number(proxy.port) || (isSecure ? 443 : 80) });
  return askForTunnel(isSecure ? await secure(tcp, bareHost(proxy)) : tcp, proxy, to);
}

/** The header for `Basic` authorization with the user and password in the URL. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function secure(tcp: Socket, servername: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ socket: tcp, servername }, () => resolve(socket));
    socket.on('error', reject);
  });
}

function askForTunnel(socket: Socket, proxy: URL, to: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const asking = request({
      method: 'CONNECT',
      path: to,
      headers: { host: to, ...proxyAuthorization(proxy) },
      createConnection: () => socket,
    });
    asking.once('connect', ({ statusCode }, tunnel: Socket) => {
      if (statusCode === 200) resolve(tunnel);
      else reject(new Error(`the proxy ${proxy.host} answers ${statusCode} and makes no connection`));
    });
    asking.once('error', reject);
    asking.end();
  });
}

function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
