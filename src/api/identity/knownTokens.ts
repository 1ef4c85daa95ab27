import { createHash } from 'node:crypto';
import type { ApiSettings, ApiToken } from '../../config/apiConfig.ts';
import type { Database } from '../../db/database.ts';
import { useApiToken } from '../../db/keptTokens.ts';
import { tokenPrefix } from '../../operations/apiTokens.ts';
import { findToken } from './authenticate.ts';

/** The tokens of `API_TOKENS` and those that administrators have made. */
export interface KnownTokens {
  /** @param text the token itself */
  find(text: string, now: Date): Promise<ApiToken | undefined>;
  /** The token that a session began with, as long as it is valid. */
  findBySha256(sha256: string, now: Date): Promise<ApiToken | undefined>;
}

export function createKnownTokens({ tokens }: Pick<ApiSettings, 'tokens'>, database: Database): KnownTokens {
  return {
    async find(text, now) {
      const found = findToken(tokens, text, now);
      if (found !== undefined || !text.startsWith(tokenPrefix)) return found;
      return useApiToken(database, createHash('sha256').update(text).digest('hex'));
    },
    async findBySha256(sha256, now) {
      const token = tokens.find((known) => known.sha256 === sha256);
      if (token === undefined) return useApiToken(database, sha256);
      return token.expiresAt !== null && token.expiresAt <= now ? undefined : token;
    },
  };
}
