import type { FoundBill } from '../../api/contract/searchContract.ts';
import type { Pair } from './language.ts';

export type State = FoundBill['state'];

/** In the order of a bill's life. */
export const states = [
  'HELD',
  'WAITING',
  'PENDING',
  'SENDING',
  'SENT',
  'DELIVERED',
  'IN_DOUBT',
  'FAILED',
  'CANCELLED',
] as const satisfies readonly State[];

export const stateWords: Readonly<Record<State, Pair>> = {
  HELD: ['Held', '보류'],
  WAITING: ['Waiting', '예약 대기'],
  PENDING: ['Due', '발송 대기'],
  SENDING: ['Preparing', '준비 중'],
  SENT: ['Handed off', '전달됨'],
  DELIVERED: ['Accepted', '접수 완료'],
  IN_DOUBT: ['In doubt', '결과 불명'],
  FAILED: ['Failed', '실패'],
  CANCELLED: ['Cancelled', '취소'],
};

export const stateMeanings: Readonly<Record<State, Pair>> = {
  HELD: ['Nothing goes out until it is published.', '발행하기 전에는 아무것도 발송되지 않습니다.'],
  WAITING: [
    'Waits for a time: quiet hours, a retry or a release time.',
    '방해 금지 시간, 재시도 또는 예약 시각을 기다립니다.',
  ],
  PENDING: [
    'It is due, and goes out as soon as a dispatcher takes it.',
    '발송할 차례이며 디스패처가 곧 가져갑니다.',
  ],
  SENDING: [
    'A dispatcher has it. Nothing is handed off yet.',
    '디스패처가 준비하고 있습니다. 아직 전달되지 않았습니다.',
  ],
  SENT: ['Handed off. The answer of the provider is awaited.', '발송 업체에 전달했고 응답을 기다립니다.'],
  DELIVERED: [
    'The provider accepted it. Whether it was read is not known.',
    '발송 업체가 접수했습니다. 열람 여부는 알 수 없습니다.',
  ],
  IN_DOUBT: ['Nobody knows whether the provider took it.', '발송 업체가 받았는지 알 수 없습니다.'],
  FAILED: ['Every channel failed. It may be retried.', '모든 채널에서 실패했습니다. 재시도할 수 있습니다.'],
  CANCELLED: ['It never goes out.', '발송되지 않습니다.'],
};
