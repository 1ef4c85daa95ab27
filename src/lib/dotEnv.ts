import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** The settings in `.env` of the working folder; none if there is no such file. */
export function readDotEnv(): NodeJS.Dict<string> {
  return existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
}
