import { z } from 'zod';
import { homeCountry, usualHome } from '../homeCountry.ts';
import { moduleUrl } from '../lib/moduleUrl.ts';
import type { ModelOptions } from '../render/bill/createBillModel.ts';
import { sourceOf, type sourceShape } from './sourceConfig.ts';
import { pdfOf, type templateShape } from './templateConfig.ts';
import { type viewLinkShape, viewLinksOf } from './viewLinkConfig.ts';

/** How bills are read and written. */
export const billModelShape = {
  TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'is not an IANA time zone, such as Asia/Seoul')
    .default('Asia/Seoul'),
  HOME_COUNTRY: z.string().default(usualHome),
  CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, 'is not a code of ISO 4217, such as KRW')
    .default('KRW'),
  VIEW_MODULE: z.string().min(1).optional(),
  BILL_TOLERANCE_WON: z.coerce.number().int().min(0).max(1_000_000_000).default(0),
  SMS_WHEN_NOTHING_DUE: z.stringbool().default(true),
};

type Environment = z.infer<
  z.ZodObject<typeof billModelShape & typeof sourceShape & typeof viewLinkShape & typeof templateShape>
>;

/** @param setting the value of `HOME_COUNTRY` now */
export function homeCountryProblems(setting: string | undefined): readonly string[] {
  const { code, problem } = homeCountry;
  if (setting === undefined || setting === code) return problem === undefined ? [] : [problem];
  return [
    'HOME_COUNTRY is read when the process starts: set it in its environment, or in .env of its working folder',
  ];
}

/** The default of `CURRENCY`. */
export const usualCurrency = 'KRW';

export function billModelOf(env: Environment): ModelOptions {
  return {
    timeZone: env.TIME_ZONE,
    currency: env.CURRENCY,
    rules: { toleranceWon: env.BILL_TOLERANCE_WON, smsWhenNothingDue: env.SMS_WHEN_NOTHING_DUE },
    viewLinks: viewLinksOf(env),
    pdf: pdfOf(env),
    sample: sourceOf(env).sample,
    viewModule: env.VIEW_MODULE === undefined ? undefined : moduleUrl(env.VIEW_MODULE),
  };
}

function isTimeZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
