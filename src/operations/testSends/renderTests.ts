import { type BillId, type Claim, type MemberId, testCycle } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import { largestBillBytes } from '../../db/source/billLoader.ts';
import { unclaimed } from '../../db/source/unclaimed.ts';
import type { SendableBill } from '../../pool/renderPool.ts';
import type { TestMark } from '../../providers/provider.ts';
import type { OpenProvider } from '../../providers/providerKind.ts';
import type { UnpreparableBill } from '../../render/bill/renderedBill.ts';
import type { TestSending } from './testSending.ts';

/** A bill that is shown to somebody, without being sent to its member. */
export interface TestBill {
  readonly billId: BillId;
  readonly memberId: MemberId;
  readonly cycle: number;
}

/** A message that settles no bill. */
export interface TestRequest {
  readonly bill: TestBill;
  readonly channel: Channel;
  readonly test: TestMark;
}

/** A message that its provider can send, under a claim that no row has. */
export interface RenderedTest {
  readonly request: TestRequest;
  readonly claim: Claim & { readonly test: TestMark };
  readonly message: SendableBill | UnpreparableBill;
}

export interface RenderedTests {
  readonly rendered: readonly RenderedTest[];
  /** Requests whose bills are larger than `mostBytes`: render them one at a time. */
  readonly large: readonly TestRequest[];
}

/**
 * Loads bills and renders their messages for a provider, in the render threads, as the path does.
 * @param mostBytes the most bytes of one bill
 */
export async function renderTests(
  { database, loadBills, renderPool }: TestSending,
  { route }: OpenProvider,
  { requests, mostBytes }: { readonly requests: readonly TestRequest[]; readonly mostBytes: number },
): Promise<RenderedTests> {
  const texts = await loadBills(
    database,
    requests.map(({ bill, channel }) => unclaimed({ ...bill, channel })),
    mostBytes,
  );
  const isLarge = ({ bill }: TestRequest): boolean => {
    const { largeBytes = 0 } = texts.get(bill.billId) ?? {};
    return largeBytes > mostBytes && largeBytes <= largestBillBytes;
  };
  const unrendered = requests
    .filter((request) => !isLarge(request))
    .map((request) => {
      const text = texts.get(request.bill.billId)?.text ?? 'null';
      return { request, text, bill: { claim: claimOf(request) } };
    });
  const outcomes = await renderPool.render(route, unrendered);
  const rendered = await Promise.all(
    unrendered.map(async (one, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined) throw new RangeError('the render pool gave no result');
      const message = outcome.kind === 'suspect' ? await renderPool.renderSuspect(route, one) : outcome;
      return { request: one.request, claim: one.bill.claim, message };
    }),
  );
  return { rendered, large: requests.filter(isLarge) };
}

/** Its date is in whole seconds, like that of every message. */
function claimOf({ bill, channel, test }: TestRequest): RenderedTest['claim'] {
  const datedAtMs = Math.floor(Date.now() / 1_000) * 1_000;
  return { ...unclaimed({ ...bill, channel, cycle: testCycle }), datedAtMs, test };
}
