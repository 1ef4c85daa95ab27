import { stripTypeScriptTypes } from 'node:module';

/**
 * Blanks the types of TypeScript, so that each line and column stays where it is: the browser runs the file
 * of the repository. Node calls this experimental and warns once. Only this warning is suppressed.
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
