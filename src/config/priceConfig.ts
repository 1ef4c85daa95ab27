import { z } from 'zod';
import { type MessageForm, messageForms } from '../channelModule.ts';
import type { MessagePrices } from '../policy/messagePrice.ts';
import type { billModelShape } from './billModelConfig.ts';
import type { limitShape } from './providerLimits.ts';

const price = z.coerce.number().min(0).max(1_000_000).optional();

type PriceName = `PRICE_${Uppercase<MessageForm>}`;

function nameOf(form: MessageForm): PriceName {
  return `PRICE_${form.toUpperCase() as Uppercase<MessageForm>}`;
}

/** What one accepted message costs, if `PROVIDER_PRICES` does not name its provider. */
export const priceShape = {
  ...(Object.fromEntries(messageForms.map((form) => [nameOf(form), price])) as Record<
    PriceName,
    typeof price
  >),
  PRICE_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, 'is not a code of ISO 4217, such as KRW')
    .optional(),
};

type PriceEnvironment = z.infer<
  z.ZodObject<typeof priceShape & Pick<typeof billModelShape, 'CURRENCY'> & typeof limitShape>
>;

export function pricesOf(env: PriceEnvironment): MessagePrices {
  const byForm = messageForms.map((form) => [form, env[nameOf(form)]] as const);
  return {
    currency: env.PRICE_CURRENCY ?? env.CURRENCY,
    byForm: Object.fromEntries(byForm.filter(([, amount]) => amount !== undefined)),
    byProvider: env.PROVIDER_PRICES,
  };
}
