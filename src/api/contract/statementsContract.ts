import { z } from 'zod';
import { statementDifferences } from '../../db/runs/providerStatements.ts';
import { oneLineText } from '../../lib/oneLineText.ts';
import { statement } from './runReportContract.ts';

const columnName = oneLineText.trim().min(1).max(200).optional();

export const statementQuery = z.strictObject({
  provider: oneLineText.min(1).max(100).describe('Whose statement it is, as the settings name it'),
  fileName: oneLineText.trim().min(1).max(200).default('statement.csv'),
  encoding: z.string().max(40).default('utf-8').describe('Of the file, such as euc-kr'),
  key: columnName.describe('The heading of the column with our key; without it, a usual name'),
  id: columnName.describe("The heading of the column with the provider's id; without it, a usual name"),
  cost: columnName.describe('The heading of the column with the price; without it, a usual name'),
});

const difference = z.object({
  line: z.int().nullable().describe('In the statement; null if it is not there'),
  key: z.string().nullable(),
  providerId: z.string().nullable(),
});

const examples = z
  .object(
    Object.fromEntries(statementDifferences.map((name) => [name, z.array(difference).readonly()])) as Record<
      (typeof statementDifferences)[number],
      z.ZodReadonly<z.ZodArray<typeof difference>>
    >,
  )
  .describe('The first hundred of each difference');

const keptStatement = statement.extend({ examples });
/** What has just been compared. */
export const comparedStatement = keptStatement.omit({ fileName: true, addedBy: true, addedAt: true });
export const statementList = z.object({
  items: z.array(keptStatement).describe('The newest one of each provider'),
});

export type StatementListAnswer = z.infer<typeof statementList>;
export type ComparedStatementAnswer = z.infer<typeof comparedStatement>;
