const { NODE_COMPILE_CACHE } = process.env;

/** For programs that a test starts: no settings of this process, but the cache that makes a start fast. */
export const bareEnvironment: Readonly<Record<string, string>> = {
  PATH: '/usr/bin:/bin',
  ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }),
};
