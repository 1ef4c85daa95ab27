import { readDotEnv } from './dotEnv.ts';

/**
 * A setting that must be known before all others are read, of the environment or of `.env`. A thread that is
 * given it reads no file of secrets.
 */
export function startSetting(name: string): string | undefined {
  return (process.env[name] ?? readDotEnv()[name]) || undefined;
}
