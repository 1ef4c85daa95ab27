import type { SecureContext } from 'node:tls';

/** How one relay is reached: an entry of `SMTP_URL`. */
export interface Relay {
  readonly host: string;
  readonly port: number;
  /**
   * `implicit`: TLS from the first byte (`smtps://`). `required`: STARTTLS, or nothing is sent.
   * `opportunistic`: STARTTLS if it is offered. `off`: never.
   */
  readonly tls: 'implicit' | 'required' | 'opportunistic' | 'off';
  readonly login: Login | undefined;
}

export interface Login {
  readonly user: string;
  /** Missing if a token is used instead. */
  readonly password: string | undefined;
  /** The login by `?auth=`; undefined: the first that the relay offers. */
  readonly method: 'PLAIN' | 'LOGIN' | 'XOAUTH2' | undefined;
}

/** How nodemailer encrypts the connection to a relay. */
export function securityOf(tls: Relay['tls'], secureContext: SecureContext | undefined) {
  return {
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'off',
    opportunisticTLS: tls === 'opportunistic',
    ...(secureContext === undefined ? {} : { tls: { secureContext } }),
  };
}

/**
 * Reads `SMTP_URL`: one URL, or several separated by commas.
 * @throws Error saying what is wrong, without the password
 */
export function readRelays(text: string): Relay[] {
  const entries = text.split(',').map((entry) => entry.trim());
  return entries.map((entry, index) => readRelay(entry, entries.length === 1 ? '' : `entry ${index + 1}: `));
}

const example = 'smtp://user:password@mail.example.com:587';

function readRelay(entry: string, at: string): Relay {
  const url = URL.canParse(entry) ? new URL(entry) : undefined;
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    throw new Error(
      `${at}must be a URL such as ${example}, or smtps://...; write , @ : / of a password as %2C %40 %3A %2F`,
    );
  }
  const isImplicit = url.protocol === 'smtps:';
  if (!/^\/?$/.test(url.pathname) || url.hash !== '') throw new Error(`${at}must have no path and no # part`);
  const { tls, auth } = readQuery(url.searchParams, at);
  if (isImplicit && tls !== undefined) throw new Error(`${at}smtps:// is always encrypted: remove tls=`);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (isImplicit ? 465 : 587) : Number(url.port),
    tls: isImplicit ? 'implicit' : (tls ?? 'required'),
    login: readLogin(url, auth, at),
  };
}

const tlsWords = ['required', 'opportunistic', 'off'] as const;
const authWords = ['plain', 'login', 'xoauth2'] as const;

function readQuery(query: URLSearchParams, at: string) {
  const unknown = [...query.keys()].find((name) => name !== 'tls' && name !== 'auth');
  if (unknown !== undefined) throw new Error(`${at}knows ?tls= and ?auth=, and no ${unknown}`);
  return {
    tls: wordOf(query, 'tls', { words: tlsWords, at }),
    auth: wordOf(query, 'auth', { words: authWords, at }),
  };
}

function wordOf<Word extends string>(
  query: URLSearchParams,
  name: string,
  { words, at }: { readonly words: readonly Word[]; readonly at: string },
): Word | undefined {
  const given = query.get(name);
  if (given === null) return undefined;
  const word = words.find((known) => known === given);
  if (word === undefined) throw new Error(`${at}${name}= must be one of ${words.join(', ')}`);
  return word;
}

function readLogin(
  { username, password }: URL,
  auth: (typeof authWords)[number] | undefined,
  at: string,
): Login | undefined {
  if (username === '') {
    if (auth !== undefined || password !== '') throw new Error(`${at}has no user to log in as`);
    return undefined;
  }
  const method = auth === undefined ? undefined : (auth.toUpperCase() as Uppercase<typeof auth>);
  const secret = password === '' ? undefined : decodeURIComponent(password);
  if (secret === undefined && method !== 'XOAUTH2') {
    throw new Error(`${at}has a user without a password; with a token it needs ?auth=xoauth2`);
  }
  return { user: decodeURIComponent(username), password: secret, method };
}
