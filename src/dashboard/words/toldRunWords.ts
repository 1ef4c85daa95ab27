import type { ToldCode } from '../../api/contract/toldContract.ts';
import { gateWords, runStateWords } from '../runs/runWords.ts';
import { brakeKindWords } from './brakeKindWords.ts';
import { koreanOfLabel } from './channelWords.ts';
import { capitalized, counted, type Pair } from './language.ts';
import { type Fact, type Phrase, reasonPair } from './toldFact.ts';

const putBack: Pair = [
  '. Put them back and resume, or close this run and plan another for the bills that are left',
  '. 되돌린 뒤 재개하거나, 이 발송을 마감하고 남은 청구서로 다시 계획하세요',
];

/** Why a run holds. */
export const toldRunWords = {
  GATE: [
    (f) =>
      `${gateOf(f)[0]}: ${f('bills')} of ${f('of')} bills${shareOf(f)}, limit ${f('limit')}${mostly(f)[0]}`,
    (f) => `${gateOf(f)[1]}: ${f('of')}건 중 ${f('bills')}건${shareOf(f)}, 상한 ${f('limit')}${mostly(f)[1]}`,
  ],
  LAST_MINUTE: [() => 'In the last minute', () => '최근 1분'],
  CANARY_FEW: [
    (f) => `The canary has ${counted(f('bills'), 'bill')}, too few to judge`,
    (f) => `카나리가 ${f('bills')}건뿐이라 판단할 수 없음`,
  ],
  CANARY_GOOD: [
    () => 'The canary is good, and the plan says that a person lets the rest go',
    () => '카나리에 문제가 없음. 계획에 따라 담당자가 나머지를 내보내야 함',
  ],
  CANARY_STUCK: [
    (f) =>
      `${f('bills')} of ${f('of')} bills of the canary have not ended, and none has for ${f('minutes')} minutes` +
      `${mostly(f)[0]}. billcast doctor and the log of the dispatchers say more`,
    (f) =>
      `카나리 ${f('of')}건 중 ${f('bills')}건이 끝나지 않았고 ${f('minutes')}분 동안 끝난 것이 없음${mostly(f)[1]}. ` +
      'billcast doctor와 디스패처 로그를 확인하세요',
  ],
  BRAKES: [() => 'A brake is on', () => '브레이크가 걸려 있음'],
  BRAKE: [
    (f) => [f('channel'), f('provider'), kindOf(f('kind'))[0]].filter(Boolean).join(', '),
    (f) => [koreanOfLabel(f('channel')), f('provider'), kindOf(f('kind'))[1]].filter(Boolean).join(', '),
  ],
  BRAKE_UNKNOWN: [() => 'No cause is known', () => '원인을 알 수 없음'],
  TEMPLATE: [
    (f) =>
      `Dispatchers print with version ${f('now')}, approved was ${f('approved')}: put the approved files back and resume, ` +
      'or close this run and plan another for the bills that are left',
    (f) =>
      `디스패처가 버전 ${f('now')}으로 만들고 있으나 승인된 것은 ${f('approved')}: 승인된 파일로 되돌린 뒤 재개하거나, ` +
      '이 발송을 마감하고 남은 청구서로 다시 계획하세요',
  ],
  BILLS_MORE: [
    (f) => `Approved: ${counted(f('approved'), 'bill')}. Held now: ${f('bills')}${putBack[0]}`,
    (f) => `승인된 것은 ${f('approved')}건인데 지금은 ${f('bills')}건${putBack[1]}`,
  ],
  BILLS_SUM: [
    (f) => `Their sum was ${f('approved')} when they were approved, and is ${f('now')} now${putBack[0]}`,
    (f) =>
      `승인 당시 합계는 ${sums[f('approved')] ?? f('approved')}, 지금은 ${sums[f('now')] ?? f('now')}${putBack[1]}`,
  ],
  BILLS_EXCHANGED: [
    () =>
      `They are as many, with the same sum, but bills were exchanged, or amounts between them${putBack[0]}`,
    () => `건수와 합계는 같지만 청구서나 금액이 서로 바뀜${putBack[1]}`,
  ],
  BILLS_GONE: [
    (f) =>
      `${f('bills')} of them are gone, and beside that bills were exchanged, or their amounts changed${putBack[0]}`,
    (f) => `${f('bills')}건이 없어졌고, 그 밖에 청구서나 금액이 바뀜${putBack[1]}`,
  ],
  SEEDS: [() => 'No message to a seed address was accepted', () => '시드 주소로 접수된 메시지가 없음'],
  NO_SEED_BILL: [() => 'There was no bill to show', () => '보여 줄 청구서가 없음'],
  INTERRUPTED: [
    () => 'It was interrupted: billcast run rehearse goes on with it',
    () => '중단됨: billcast run rehearse로 이어서 할 수 있음',
  ],
  REHEARSAL_REFUSED: [
    () => 'The provider took none of the last messages',
    () => '발송 업체가 최근 메시지를 하나도 받지 않음',
  ],
  RUN_STATE: [(f) => `The run: ${stateOf(f)[0]}`, (f) => `발송 상태: ${stateOf(f)[1]}`],
} as const satisfies Partial<Record<ToldCode, Phrase>>;

function mostly(fact: Fact): Pair {
  const code = fact('reason');
  if (code === '') return ['', ''];
  const [english, korean] = reasonPair(code);
  return [`, mostly ${code} (${english}): ${fact('most')}`, `, 주로 ${code} (${korean}) ${fact('most')}건`];
}

function kindOf(kind: string): Pair {
  const known: Readonly<Record<string, Pair>> = brakeKindWords;
  return known[kind] ?? [kind, kind];
}

function gateOf(fact: Fact): Pair {
  const [english, korean] = gateWords[fact('gate')] ?? [fact('gate'), fact('gate')];
  return [capitalized(english), korean];
}

function stateOf(fact: Fact): Pair {
  const states: Readonly<Record<string, Pair>> = { ...runStateWords, gone: ['gone', '없음'] };
  return states[fact('state')] ?? [fact('state'), fact('state')];
}

function shareOf(fact: Fact): string {
  return fact('share') === '' ? '' : ` (${fact('share')})`;
}

const sums: Readonly<Record<string, string>> = {
  'unknown, as the source gives none': '알 수 없음',
  'in several currencies': '여러 통화',
};
