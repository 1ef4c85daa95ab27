import { readDotEnv } from './dotEnv.ts';

/**
 * A setting that is needed before all others are read, from the environment or `.env`. Threads get it in
 * their environment, so they need not read `.env`, which may hold secrets.
 */
export function startSetting(name: string): string | undefined {
  return (process.env[name] ?? readDotEnv()[name]) || undefined;
}
