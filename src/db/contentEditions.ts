import { type Edition, editionFacts, editionIdOf } from '../render/proof/edition.ts';
import type { Database } from './database.ts';

const remember = {
  name: 'remember-content-edition',
  text: `
    insert into content_edition (id, encoding, template, language, program, time_zone, currency, has_link,
      key_id, key_check)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (id) do nothing`,
};

/** Stores what messages are printed with, under the id that their hashes begin with. */
export async function rememberEditions(database: Database, editions: readonly Edition[]): Promise<void> {
  for (const edition of editions) {
    await database.query(remember, [editionIdOf(edition), ...editionFacts(edition)]);
  }
}
