import { secretNames } from './secretFiles.ts';
import { settingNames } from './settings.ts';

/** Settings by name, as in `.env`. */
export type SettingValues = Readonly<Record<string, string>>;

/** The process's environment, overridden by other settings that are to be tried. */
export function environmentWith(values: SettingValues): NodeJS.ProcessEnv {
  return { ...process.env, ...values };
}

/** Whether billcast reads a setting of this name. For a secret, `NAME_FILE` is such a name too. */
export function isSettingName(name: string): boolean {
  return settingNames.includes(name) || secretNames.some((secret) => name === `${secret}_FILE`);
}

/**
 * The text of a `.env` with these settings. Node reads it back unchanged.
 * @throws RangeError for a value with all three kinds of quotes, which no `.env` can hold
 */
export function formatEnvFile(values: SettingValues): string {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${quoted(value)}`);
  return `# Settings of billcast. README.md and .env.example say what each means.\n${lines.join('\n')}\n`;
}

function quoted(value: string): string {
  if (/^[\w@%+=:,./?&-]*$/.test(value)) return value;
  const quote = ["'", '`', '"'].find((one) => !value.includes(one) && !(one === '"' && value.includes('\\')));
  if (quote === undefined) {
    throw new RangeError('a value has every kind of quote: put it into a file, with NAME_FILE');
  }
  return `${quote}${value}${quote}`;
}
