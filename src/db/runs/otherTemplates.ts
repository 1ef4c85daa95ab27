import type { Database } from '../database.ts';

/** A dispatcher that prints with another template; null: an older billcast, which does not say which one. */
export interface OtherTemplate {
  readonly dispatcher: string;
  readonly version: string | null;
}

const find = {
  name: 'find-other-templates',
  text: `
    select name, template_version from dispatcher
    where heartbeat_at > now() - $1::float8 * interval '1 ms' and template_version is distinct from $2
    order by name`,
};

/** The living dispatchers that print with a version of the template other than this one. */
export async function findOtherTemplates(
  database: Database,
  { version, claimTtlMs }: { readonly version: string; readonly claimTtlMs: number },
): Promise<OtherTemplate[]> {
  const rows = await database.query<[string, string | null]>(find, [claimTtlMs, version]);
  return rows.map(([dispatcher, other]) => ({ dispatcher, version: other }));
}
