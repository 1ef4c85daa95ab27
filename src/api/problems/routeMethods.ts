import type { ApiApp } from '../apiApp.ts';

/** Which methods an address knows. */
export interface RouteMethods {
  of(url: string): readonly string[];
}

/** Listens to the routes as they are added. */
export function collectRouteMethods(app: ApiApp): RouteMethods {
  const routes: {
    readonly pattern: RegExp;
    readonly isPlain: boolean;
    readonly methods: readonly string[];
  }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ pattern: patternOf(url), isPlain: !/[:*]/.test(url), methods: [method].flat() });
  });
  return {
    of(url) {
      const path = url.split('?', 1)[0] ?? url;
      const matching = routes.filter(({ pattern }) => pattern.test(path));
      const exact = matching.filter(({ isPlain }) => isPlain);
      const found = (exact.length > 0 ? exact : matching).flatMap(({ methods }) => methods);
      return [...new Set(found)].sort();
    },
  };
}

/** `:name` is one part of a path, or the part before its extension; `*` is the rest. */
function patternOf(url: string): RegExp {
  const source = url
    .replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/:\w+/g, '[^/]+')
    .replaceAll('*', '.*');
  return new RegExp(`^${source}$`);
}
