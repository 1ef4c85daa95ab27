import { BillcastError } from '../errors.ts';

/**
 * Loads the default export of a module that the settings name.
 * @param setting its name, for messages
 * @param url `file:` URL
 * @throws BillcastError MODULE_INVALID if it cannot be loaded, or `isWanted` refuses it
 */
export async function importModule<Module extends object>(
  setting: string,
  url: string,
  isWanted: (value: object) => value is Module,
): Promise<Module> {
  let exported: unknown;
  try {
    const loaded: { readonly default?: unknown } = await import(url);
    exported = loaded.default;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BillcastError('MODULE_INVALID', `${setting}: ${url} cannot be loaded: ${why}`, { cause });
  }
  if (typeof exported === 'object' && exported !== null && isWanted(exported)) return exported;
  throw new BillcastError(
    'MODULE_INVALID',
    `${setting}: the default export of ${url} is not what it must be: see docs/your-code.md`,
  );
}
