import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import type { z } from 'zod';
import { channelNames } from '../channels.ts';
import { environmentWith, formatEnvFile, isSettingName, type SettingValues } from '../config/envFile.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { settings } from '../config/settings.ts';
import { BillcastError } from '../errors.ts';
import { mappedSettingNames } from '../providers/mapped/mappingFiles.ts';
import { providerNames } from '../providers/registry.ts';
import { examine } from './doctor/doctor.ts';
import { type Finding, fail, faultText, ok } from './doctor/finding.ts';

/**
 * Checks settings before they are written, and every server that they name. It changes nothing.
 * @param onProgress called while an embedded server starts
 */
export async function checkNewSettings(
  values: SettingValues,
  onProgress: (line: string) => void,
): Promise<Finding[]> {
  const ofFiles = mappedSettingNames(values.PROVIDERS_DIR);
  const unknown = Object.keys(values).filter((name) => !isSettingName(name) && !ofFiles.includes(name));
  if (unknown.length > 0) {
    const where = '.env.example and the files in the folder providers name them all';
    return [fail('settings', `${unknown.join(', ')}: there is no such setting; ${where}`)];
  }
  const environment = environmentWith(values);
  try {
    const { kafka, database } = loadConfig(environment);
    if (kafka.brokers === undefined && database.url === undefined) {
      return [ok('servers', 'the embedded Kafka and PostgreSQL, which start when they are needed')];
    }
  } catch (error) {
    return [fail('settings', faultText(error))];
  }
  return examine({ environment, onProgress });
}

/**
 * What is wrong with a single answer, so that a person can correct it at once; undefined if nothing is known
 * to be wrong.
 */
export function answerProblem(name: string, text: string, given: SettingValues): string | undefined {
  const schema = (settings.shape as Readonly<Record<string, z.ZodType>>)[name];
  const parsed = schema?.safeParse(text);
  if (parsed?.success === false) {
    return `${name} ${parsed.error.issues.map(({ message }) => message).join('; ')}`;
  }
  const isProvider = channelNames.some((channel) => name === `PROVIDER_${channel}`);
  if (!isProvider || given.PROVIDER_MODULES !== undefined) return undefined;
  const known = providerNames(given.PROVIDERS_DIR);
  const names = text.split(',').map((share) => share.replace(/:.*$/, '').trim());
  const unknown = names.find((one) => !known.includes(one));
  return unknown === undefined
    ? undefined
    : `there is no provider ${unknown}: choose one of ${known.join(', ')}`;
}

/**
 * Pure: what has to be fixed before billcast can run. A database without tables is left out: they are created
 * next.
 */
export function blockingFindings(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ verdict, check }) => verdict === 'fail' && check !== 'schema');
}

/** A new key for `CIPHER_KEYS`, named after the year. */
export function newCipherKey(now: Date): string {
  return `${now.getUTCFullYear()}a:${randomBytes(32).toString('base64')}`;
}

/**
 * Writes settings into a file that nobody else on the machine may read.
 * @throws BillcastError USAGE if the file exists and may not be overwritten, or cannot be written
 */
export async function writeSettings(
  values: SettingValues,
  { file, overwrite }: { readonly file: string; readonly overwrite: boolean },
): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    if (!overwrite) {
      await writeFile(file, formatEnvFile(values), { mode: 0o600, flag: 'wx' });
      return;
    }
    await writeFile(temporary, formatEnvFile(values), { mode: 0o600, flag: 'wx' });
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const message = exists ? `${file} exists: add --overwrite to replace it` : `${file} cannot be written`;
    throw new BillcastError('USAGE', message, { cause });
  }
}
