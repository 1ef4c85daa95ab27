import type { Registry } from 'prom-client';
import { addGauge, type Reading } from './metricsRegistry.ts';

/** How far outcomes have been published and delivered, as the api has read it. */
export interface OutcomeReading {
  /** Outcomes that have no number yet. */
  readonly owed: number;
  /** Outcomes that are not on the topic yet. */
  readonly unpublished: number;
  readonly webhooks: readonly {
    readonly id: string;
    /** Outcomes that the endpoint has not received yet. */
    readonly behind: number;
    /** Failed tries in a row. */
    readonly failures: number;
    readonly isEnabled: boolean;
  }[];
}

/** @param current undefined if it could not be read: then the series are missing */
export function addOutcomeGauges(registry: Registry, current: () => OutcomeReading | undefined): void {
  addGauge(registry, {
    name: 'billcast_outcomes_owed',
    help: 'Outcomes that have no number yet',
    labelNames: [],
    read: () => numberOf(current()?.owed),
  });
  addGauge(registry, {
    name: 'billcast_outcomes_unpublished',
    help: 'Outcomes that the topic TOPIC_RESULT has not got',
    labelNames: [],
    read: () => numberOf(current()?.unpublished),
  });
  const webhooks = (value: (webhook: OutcomeReading['webhooks'][number]) => number) => () =>
    (current()?.webhooks ?? []).map((webhook) => ({
      labels: { webhook: webhook.id },
      value: value(webhook),
    }));
  addGauge(registry, {
    name: 'billcast_webhook_behind',
    help: 'Outcomes that the webhook has not got',
    labelNames: ['webhook'],
    read: webhooks(({ behind }) => behind),
  });
  addGauge(registry, {
    name: 'billcast_webhook_failures',
    help: 'Failed tries of the webhook in a row',
    labelNames: ['webhook'],
    read: webhooks(({ failures }) => failures),
  });
  addGauge(registry, {
    name: 'billcast_webhook_enabled',
    help: '0: the webhook failed for too long, and gets nothing until somebody enables it',
    labelNames: ['webhook'],
    read: webhooks(({ isEnabled }) => Number(isEnabled)),
  });
}

function numberOf(value: number | undefined): Reading<never>[] {
  return value === undefined ? [] : [{ labels: {}, value }];
}
