import type { Database } from '../../src/db/database.ts';
import type { Statement } from '../../src/db/statement.ts';
import { askOn } from './ask.ts';

/** A statement as it was asked, with the values of the last time. */
export interface Asked {
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

/** The same database, and what is asked of it by the name of the statement. */
export function recordStatements(database: Database): {
  readonly database: Database;
  readonly asked: ReadonlyMap<string, Asked>;
} {
  const asked = new Map<string, Asked>();
  return {
    asked,
    database: {
      ...database,
      query: (statement, values = []) => {
        asked.set(statement.name, { statement, values });
        return database.query(statement, values);
      },
      queryWithNotices: (statement, values = []) => {
        asked.set(statement.name, { statement, values });
        return database.queryWithNotices(statement, values);
      },
    },
  };
}

export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Both plans that the server may use for a named statement: for these values, and for any. */
export function plansOf(database: Database, { statement, values }: Asked): Promise<PlanNode[]> {
  return database.withConnection(async (connection) => {
    const explain = async (options: string, parameters: unknown[]): Promise<PlanNode> => {
      const text = `explain (${options}, format json) ${statement.text}`;
      const [row] = await askOn<[[{ Plan: PlanNode }]]>(connection, text, parameters);
      if (row === undefined) throw new RangeError('no plan');
      return row[0][0].Plan;
    };
    return [await explain('costs', [...values]), await explain('costs, generic_plan', [])];
  });
}

/** The tables that a plan reads from end to end. */
export function scannedTables(plan: PlanNode): string[] {
  return [
    ...(plan['Node Type'].endsWith('Seq Scan') && plan['Relation Name'] ? [plan['Relation Name']] : []),
    ...(plan.Plans ?? []).flatMap(scannedTables),
  ];
}

/** The nodes of a plan that read a table. */
export function looksAt(plan: PlanNode, table: string): PlanNode[] {
  return [
    ...(plan['Relation Name'] === table ? [plan] : []),
    ...(plan.Plans ?? []).flatMap((part) => looksAt(part, table)),
  ];
}
