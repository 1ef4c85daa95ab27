import { stripTypeScriptTypes } from 'node:module';

/**
 * TypeScript with its types blanked, so that each line and column stays where it is: a browser runs the
 * file that the repository has. Node calls this experimental and warns once; this one warning is held
 * back, all others pass.
 */
export function stripTypes(text: string): string {
  const emitWarning = process.emitWarning;
  process.emitWarning = (...warning: unknown[]): void => {
    if (!String(warning[0]).startsWith('stripTypeScriptTypes')) Reflect.apply(emitWarning, process, warning);
  };
  try {
    return stripTypeScriptTypes(text, { mode: 'strip' });
  } finally {
    process.emitWarning = emitWarning;
  }
}
