import { z } from 'zod';
import { billIdPattern, monthPattern } from '../../bill.ts';
import { hasPlainYear, plainTime } from '../../lib/instantText.ts';
import { oneLineText } from '../../lib/oneLineText.ts';
import { problemCodes } from '../problems/problemCodes.ts';
import { told } from './toldContract.ts';

/** A point in time, ISO 8601 in UTC. A year outside of 1 to 9998 is shown as the nearest in it. */
export const timestamp = z.string().overwrite(withPlainYear).check(z.iso.datetime());

function withPlainYear(text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) || hasPlainYear(at) ? text : plainTime(at).toISOString();
}

/**
 * A bill's id in a request: digits as text, so that no id is ever rounded. The billing system's ids are
 * turned into these before the check.
 */
export const billIdText = z
  .string()
  .regex(billIdPattern, 'wants an id: digits without a leading zero, and no more than a bigint holds')
  .describe("A bill id: a decimal number as text; with BILL_ID_KIND the billing system's id");

/** An id in an answer. */
export const shownId = z
  .string()
  .describe("An id: a decimal number as text; with BILL_ID_KIND the billing system's id");

/** A contact by which a person is searched. */
export const contactSearch = z.strictObject({
  contact: z.string().trim().min(3).max(320).describe('An e-mail address or a phone number'),
});

const anyId = '-?(?:\\d{1,18}|[1-8]\\d{18}|9[01]\\d{17})';
/** Microseconds since 1970, from the year -1200 to 11000. */
const micros = '(?:-?\\d{1,17}|[12]\\d{17})';

/** Where a page ends: any id that a row may have, also one below 1 or with 19 digits. */
export const idCursor = z.string().regex(new RegExp(`^${anyId}$`), 'is no `next` of this list');

/** Where a page ends: a time in microseconds, and what follows it. */
export function timeCursor(rest: string) {
  return z.string().regex(new RegExp(`^${micros}${rest}$`), 'is no `next` of this list');
}

/** The same, with the id of a row. */
export const timeIdCursor = timeCursor(`\\.${anyId}`);

/** A billing month in a request. */
export const monthText = z
  .string()
  .regex(monthPattern, 'wants a month such as 2026-11')
  .describe('A billing month, YYYY-MM');

/** A billing month in an answer, as the bill has it: a batch may write the year 1 or 10000. */
export const shownMonth = z.string().describe('A billing month, YYYY-MM');

export const monthParams = z.object({ month: monthText });

const problemDocument = z
  .object({
    type: z.string().describe('A page that explains the code'),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    detailTold: told.optional(),
    instance: z.string().describe('The id of the request'),
    code: z.enum(problemCodes),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .describe('A problem document by RFC 9457');

/** Every route has this answer besides its own. */
export const problemResponse = {
  description: 'A problem document',
  content: { 'application/problem+json': { schema: problemDocument } },
};

/** A number of bills, or of other things. */
export function countOf(what: string) {
  return z.int().min(0).describe(what);
}

/** A reason, which is stored and shown in audits. */
export const reasonText = oneLineText
  .trim()
  .min(3, 'wants a reason of at least 3 characters')
  .max(500)
  .describe('Why; kept with the record. No names or numbers of persons');

const yes = ['true', '1', 'yes', 'on'];
const no = ['false', '0', 'no', 'off'];

/** A switch in a query. */
export const yesOrNo = z
  .stringbool({ truthy: yes, falsy: no, case: 'sensitive' })
  .meta({ enum: [...yes, ...no] });

export const pageSize = z.coerce.number().int().min(1).max(500).default(100);
