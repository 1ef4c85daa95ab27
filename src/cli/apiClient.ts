import type { Command } from 'commander';
import type { Config } from '../config/loadConfig.ts';
import { BillcastError } from '../errors.ts';
import { readSecret } from '../lib/readSecret.ts';

/** Planning counts each bill. */
const limitMs = 300_000;

export type AskApi = (method: 'GET' | 'POST', path: string, body?: object) => Promise<object>;

/** Makes a request to an api process, as the owner of the token. */
function askApi(
  { api }: Pick<Config, 'api'>,
  { url, token }: { readonly url?: string | undefined; readonly token: string | undefined },
): AskApi {
  const base = url ?? `http://${hostOf(api.host)}:${api.port}`;
  return async (method, path, body) => {
    const response = await send(new URL(path, base), {
      method,
      signal: AbortSignal.timeout(limitMs),
      redirect: 'error',
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok && typeof answer === 'object' && answer !== null) return answer;
    throw new BillcastError('API_FAILED', complaintOf(response.status, answer));
  };
}

interface ApiOptions {
  readonly api?: string;
  readonly tokenFile?: string;
}

/** Adds the options of a command that can be run as the owner of a token. */
export function addApiOptions(command: Command, who: string): Command {
  return command
    .option('--api <url>', 'the api process (default: API_HOST and API_PORT of this host)')
    .option('--token-file <path>', `a file with the API token of ${who}; or set BILLCAST_TOKEN`);
}

/**
 * The api to ask, if a token or its address is given; undefined if the command runs on this host.
 * @throws BillcastError USAGE if the file cannot be read
 */
export function apiOfPerson(config: Config, { api: url, tokenFile }: ApiOptions): AskApi | undefined {
  const token = readApiToken(config, tokenFile);
  return token === undefined && url === undefined ? undefined : askApi(config, { url, token });
}

/**
 * The token of `--token-file`, or of BILLCAST_TOKEN.
 * @throws BillcastError USAGE if the file cannot be read
 */
function readApiToken({ apiToken }: Pick<Config, 'apiToken'>, file?: string): string | undefined {
  if (file === undefined) return apiToken;
  const read = readSecret(file);
  if (read.kind === 'read') return read.secret;
  throw new BillcastError('USAGE', `--token-file ${file} ${read.why}`);
}

async function send(url: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (cause) {
    throw new BillcastError(
      'API_FAILED',
      `the api at ${url.origin} does not answer: start it, or give --api`,
      { cause },
    );
  }
}

function complaintOf(status: number, answer: unknown): string {
  const { title, detail, code } = Object(answer);
  if (typeof title !== 'string') {
    return `the api answered ${status}, and not as billcast's api does: check --api`;
  }
  const told = typeof detail === 'string' ? `${title}: ${detail}` : title;
  return `${told} (${status} ${String(code)})`;
}

/** An api that listens on all addresses is reached on this machine. */
function hostOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
