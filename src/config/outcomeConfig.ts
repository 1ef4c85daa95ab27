import { z } from 'zod';

const keyBytes = 32;

/** The settings of outcomes and webhooks, as a part of the schema of all settings. */
export const outcomeShape = {
  WEBHOOK_KEY: z
    .string()
    .refine(
      (text) => Buffer.from(text, 'base64').length >= keyBytes,
      `is a key of at least ${keyBytes} bytes in Base64 (openssl rand -base64 32)`,
    )
    .optional(),
  WEBHOOK_INSIDE_HOSTS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((host) => host.trim().toLowerCase())
        .filter((host) => host !== ''),
    ),
};

type OutcomeSettings = z.infer<z.ZodObject<typeof outcomeShape>>;

export function webhookSettingsOf(env: OutcomeSettings) {
  return { key: env.WEBHOOK_KEY, insideHosts: env.WEBHOOK_INSIDE_HOSTS };
}
