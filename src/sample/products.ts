import type { Choices } from './random.ts';

/** What is sold at a fixed price per month, value added tax included. */
export interface Product {
  readonly subcategory: string | null;
  readonly name: string;
  readonly priceWon: number;
}

/** Usage beyond the plan: `quantity` units at `priceWon` each. */
export interface Usage extends Product {
  readonly unit: string;
  readonly mostUnits: number;
}

/** A discount of a share of the plan's price; the shares of all add up to less than 1. */
export interface Discount {
  readonly subcategory: string | null;
  readonly name: string;
  readonly planShare: number;
}

function product(subcategory: string | null, name: string, priceWon: number): Product {
  return {
    subcategory,
    name,
    priceWon,
  };
}

export const plans: Choices<Product> = [
  product('요금제', '5G 프리미어 에센셜', 85_000),
  product('요금제', '5G 스탠다드', 75_000),
  product('요금제', '5G 라이트+', 55_000),
  product('요금제', '5G 슬림', 37_000),
  product('요금제', '5G 시그니처', 130_000),
  product('요금제', 'LTE 데이터 33', 33_000),
  product('요금제', 'LTE 선택형 49', 49_500),
  product('요금제', 'LTE 시니어 16.5', 16_500),
  product('요금제', '5G 청소년 45', 45_100),
];

export const addOns: Choices<Product> = [
  product('부가서비스', 'V컬러링 플러스', 3_300),
  product('부가서비스', '통화 매니저', 2_200),
  product('부가서비스', '스팸 차단 프리미엄', 1_100),
  product('부가서비스', '데이터 셰어링', 11_000),
  product('부가서비스', '음악 무제한 듣기', 8_690),
  product('부가서비스', '영상 구독팩', 13_900),
  product('부가서비스', '클라우드 100GB', 3_300),
  product('단말기', '휴대폰 분실·파손 보험', 5_900),
  product('단말기', '단말기 할부금', 38_500),
  product('결합상품', '인터넷 500M', 33_000),
  product(null, '문자 100건 추가', 1_650),
];

export const usages: Choices<Usage> = [
  { ...product('데이터', '데이터 초과 사용', 2_200), unit: 'GB', mostUnits: 10 },
  { ...product('음성', '음성 초과 통화', 120), unit: 'minute', mostUnits: 90 },
  { ...product('문자', '문자 초과 발송', 22), unit: 'message', mostUnits: 200 },
  { ...product('영상 통화', '영상 초과 통화', 180), unit: 'minute', mostUnits: 40 },
  { ...product('로밍', '해외 데이터 로밍', 11_000), unit: 'day', mostUnits: 7 },
];

export const purchases: Choices<Product> = [
  product('소액결제', '콘텐츠 이용료', 9_900),
  product('소액결제', '게임 아이템', 5_500),
  product('소액결제', '전자책', 12_600),
  product('소액결제', '웹툰 코인', 3_000),
  product('소액결제', '모바일 상품권', 30_000),
  product('일회성', 'USIM 구입', 7_700),
  product('일회성', '번호 변경 수수료', 1_100),
  product('일회성', '데이터 1GB 충전', 5_500),
  product(null, '국제전화 이용료', 4_180),
];

export const discounts: Choices<Discount> = [
  { subcategory: '약정', name: '선택약정 25% 할인', planShare: 0.25 },
  { subcategory: '결합', name: '가족 결합 할인', planShare: 0.15 },
  { subcategory: '제휴', name: '제휴카드 할인', planShare: 0.12 },
  { subcategory: '복지', name: '복지 요금 감면', planShare: 0.2 },
  { subcategory: null, name: '장기 고객 할인', planShare: 0.05 },
  { subcategory: null, name: '자동납부 할인', planShare: 0.02 },
];
