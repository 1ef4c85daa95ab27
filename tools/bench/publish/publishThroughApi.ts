import autocannon from 'autocannon';
import { firstBillId } from '../seedBills.ts';

/** A server that is not listening yet. */
interface Endpoint {
  listen(options: { readonly host: string; readonly port: number }): Promise<string>;
  close(): PromiseLike<unknown>;
}

/** How the endpoint answered while it released all bills. */
export interface PublishReport {
  readonly requests: number;
  readonly failed: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const billsPerRequest = 2_000;
const connections = 4;

/**
 * Releases every bill through the endpoint's `POST /api/v1/publish`, as fast as it answers, and closes the
 * endpoint.
 */
export async function publishThroughApi(endpoint: Endpoint, bills: number): Promise<PublishReport> {
  const address = await endpoint.listen({ host: '127.0.0.1', port: 0 });
  try {
    const result = await autocannon({
      url: address,
      connections: Math.min(connections, Math.ceil(bills / billsPerRequest)),
      amount: Math.ceil(bills / billsPerRequest),
      requests: [{ method: 'POST', path: '/api/v1/publish', setupRequest: nextRequest(bills) }],
    });
    return {
      requests: result.requests.total,
      failed: result.non2xx + result.errors,
      requestsPerSecond: result.requests.total / result.duration,
      p50Ms: result.latency.p50,
      p99Ms: result.latency.p99,
    };
  } finally {
    await endpoint.close();
  }
}

/** Each request releases the next bills, the last one the rest. */
function nextRequest(bills: number) {
  let done = 0;
  return (request: autocannon.Request): autocannon.Request => {
    const count = Math.min(billsPerRequest, bills - done);
    const first = firstBillId(bills) + done;
    done += count;
    const billIds = Array.from({ length: count }, (_, index) => first + index);
    return {
      ...request,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ billIds }),
    };
  };
}
