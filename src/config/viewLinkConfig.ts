import { z } from 'zod';
import type { ViewLinkOptions } from '../render/link/viewLinks.ts';

const keyBytes = 32;

const keys = z.string().transform((text, context): string[] =>
  text.split(',').map((entry) => {
    const key = entry.trim();
    if (Buffer.from(key, 'base64').length < keyBytes) {
      const message = `has keys of at least ${keyBytes} bytes in Base64 (openssl rand -base64 32), comma between`;
      context.addIssue({ code: 'custom', message });
    }
    return key;
  }),
);

export const baseUrl = z
  .string()
  .refine(
    (text) => /^https?:\/\//.test(text) && URL.canParse(text) && !/[?#]/.test(text),
    'is an http(s) URL without ? and #, such as https://bills.example.com',
  );

export const viewLinkShape = {
  VIEW_LINK_URL: baseUrl.optional(),
  VIEW_LINK_KEY: keys.optional(),
  VIEW_LINK_DAYS: z.coerce.number().int().min(1).max(3_650).default(90),
};

type ViewLinkEnvironment = z.infer<z.ZodObject<typeof viewLinkShape>>;

/** Undefined if messages have no links to their bills. */
export function viewLinksOf(env: ViewLinkEnvironment): ViewLinkOptions | undefined {
  const { VIEW_LINK_URL: url, VIEW_LINK_KEY: keys, VIEW_LINK_DAYS: days } = env;
  return url === undefined || keys === undefined ? undefined : { url, keys, days };
}

export function viewLinkProblems(env: ViewLinkEnvironment & { readonly NODE_ENV: string }): string[] {
  const { VIEW_LINK_URL: url, VIEW_LINK_KEY: keys } = env;
  if ((url === undefined) !== (keys === undefined)) {
    return ['VIEW_LINK_URL and VIEW_LINK_KEY are set together or not at all'];
  }
  return env.NODE_ENV === 'production' && url?.startsWith('http://')
    ? ['VIEW_LINK_URL must be https:// with NODE_ENV=production: the link shows a bill']
    : [];
}
