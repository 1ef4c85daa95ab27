import { v4 as newId } from 'uuid';
import { beginForecast, failForecast, finishForecast } from '../../db/forecasts.ts';
import {
  type ForecastDeps,
  type ForecastFacts,
  type ForecastOptions,
  type ForecastRequest,
  forecast,
} from './forecast.ts';

/**
 * Computes a forecast in this process and stores it, so that the next run is proposed with it.
 * @param asked.requestedBy the person who asks
 * @throws as `forecast`
 */
export async function forecastAndKeep(
  deps: ForecastDeps,
  asked: { readonly request: ForecastRequest; readonly requestedBy: string },
  options: ForecastOptions,
): Promise<ForecastFacts> {
  const id = newId();
  await beginForecast(deps.database, { id, ...asked });
  try {
    const facts = await forecast(deps, asked.request, options);
    await finishForecast(deps.database, id, facts);
    return facts;
  } catch (error) {
    await failForecast(deps.database, id, 'the command failed: it said why').catch(() => undefined);
    throw error;
  }
}
