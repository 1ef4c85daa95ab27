import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** What `.env` of the working folder gives to an environment that lacks it; nothing if there is none. */
export function readDotEnv(): NodeJS.Dict<string> {
  return existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
}
