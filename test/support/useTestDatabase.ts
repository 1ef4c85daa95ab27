import { after, before } from 'node:test';
import type { Database } from '../../src/db/database.ts';
import { createTestDatabase, type TestDatabase } from './testDatabase.ts';

/** One database for all tests of the calling file, made before the first and dropped after the last. */
export function useTestDatabase(): { readonly database: Database; readonly url: string } {
  let made: TestDatabase | undefined;
  const get = (): TestDatabase => {
    if (made === undefined) throw new Error('the test database is not made yet: use it inside of a test');
    return made;
  };
  before(async () => {
    made = await createTestDatabase();
  });
  after(() => made?.drop());
  return {
    get database() {
      return get().database;
    },
    get url() {
      return get().url;
    },
  };
}
