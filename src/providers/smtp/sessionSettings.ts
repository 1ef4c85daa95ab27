import { readToken, type TokenOrigin } from '../../lib/readToken.ts';
import { readConnectionSettings } from '../http/connectionFiles.ts';
import { secureContextOf } from '../secureContexts.ts';
import type { SessionOptions } from './relaySession.ts';

interface SessionSettings {
  readonly name: string | undefined;
  readonly token: TokenOrigin | undefined;
  readonly tls: {
    readonly caFile: string | undefined;
    readonly certFile: string | undefined;
    readonly keyFile: string | undefined;
  };
}

/**
 * The settings that all sessions share.
 * @throws BillcastError CONFIG_INVALID naming the setting and what is wrong with its file
 */
export function readSessionSettings({
  name,
  token,
  tls,
}: SessionSettings): Pick<SessionOptions, 'name' | 'secureContext' | 'nextToken'> {
  return {
    name,
    secureContext: secureContextOf(readConnectionSettings(tls, 'SMTP')),
    nextToken: token === undefined ? undefined : createTokenSource(token),
  };
}

/** Several connections are opened at the same time, and share one token. */
const sharedForMs = 5_000;

function createTokenSource(origin: TokenOrigin): () => Promise<string> {
  const setting = origin.from === 'file' ? 'SMTP_TOKEN_FILE' : 'SMTP_TOKEN_COMMAND';
  let shared: { readonly at: number; readonly token: Promise<string> } | undefined;
  return () => {
    const now = performance.now();
    if (shared === undefined || now - shared.at > sharedForMs) {
      shared = { at: now, token: readToken(origin, { setting, code: 'CONFIG_INVALID' }) };
    }
    return shared.token;
  };
}
