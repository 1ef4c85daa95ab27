import type { Config } from '../../config/loadConfig.ts';
import type { Database } from '../../db/database.ts';
import { findNewestBill } from '../../db/reads/findBill.ts';
import { checkSource } from '../../db/source/checkSource.ts';
import { createBillModel } from '../../render/bill/createBillModel.ts';
import { loadBillText } from '../preview.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Compares the columns of the source's statements with those that are needed, and reads the newest bill. */
export async function checkBillSource(config: Config, database: Database): Promise<Finding[]> {
  await checkSource(database, config.source);
  const billId = await findNewestBill(database);
  const fits = `the statements in ${config.source.folder} give what is wanted`;
  if (billId === undefined) return [ok('source', fits)];
  const model = await createBillModel(config.billModel);
  const read = model.read(await loadBillText({ config, database }, billId));
  if (read.kind === 'incomplete') {
    return [warn('source', `${fits}, but the newest bill, ${billId}, is incomplete: ${read.detail}`)];
  }
  const lacking = read.kind === 'complete' ? model.lackingFields(read.bill) : [];
  return lacking.length === 0
    ? [ok('source', `${fits}, and the newest bill can be read`)]
    : [warn('source', `the newest bill, ${billId}, ${lacksText(lacking)}`)];
}

/** Pure. */
function lacksText(fields: readonly string[]): string {
  return (
    `lacks ${fields.join(', ')}, which sample.json has: messages print nothing there. ` +
    'Let load.sql give each of them, as null if a bill has none'
  );
}
