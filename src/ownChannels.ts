import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { type ChannelModule, channelModuleOf } from './channelModule.ts';

/** The company's own channels, and what is wrong with modules that are not valid. */
export interface OwnChannels {
  /** The value of `CHANNEL_MODULES`. */
  readonly setting: string | undefined;
  readonly modules: readonly ChannelModule[];
  readonly problems: readonly string[];
}

/**
 * Loads the modules of `CHANNEL_MODULES`. Channels name settings, so this comes before all other settings.
 * It throws nothing: `loadConfig` reports the problems.
 * @param taken names of other channels
 */
export function loadOwnChannels(setting: string | undefined, taken: readonly string[]): OwnChannels {
  const modules: ChannelModule[] = [];
  const problems: string[] = [];
  const paths = (setting ?? '').split(',').map((path) => path.trim());
  for (const path of paths.filter((one) => one !== '')) {
    const read = readModule(path);
    if (typeof read === 'string') problems.push(`CHANNEL_MODULES: ${path} ${read}`);
    else if ([...taken, ...modules.map(({ name }) => name)].includes(read.name)) {
      problems.push(`CHANNEL_MODULES: ${path}: there is a channel ${read.name} already`);
    } else modules.push(read);
  }
  return { setting, modules, problems };
}

/**
 * The module, or what is wrong with it. It is loaded synchronously, so that the list of channels is complete
 * at once.
 */
function readModule(path: string): ChannelModule | string {
  let exported: unknown;
  try {
    const loaded: { readonly default?: unknown } = createRequire(import.meta.url)(resolve(path));
    exported = loaded.default;
  } catch (error) {
    return `cannot be loaded: ${error instanceof Error ? error.message : String(error)}`;
  }
  return channelModuleOf(exported);
}
