import type { SuppressionEntry } from '../../api/contract/suppressionsContract.ts';
import type { Pair } from '../words/language.ts';

export const suppressionReasonWords: Readonly<Record<SuppressionEntry['reason'], Pair>> = {
  bounced_hard: ['It came back: there is no such mailbox', '반송됨: 없는 주소'],
  complained: ['The member called it spam', '스팸 신고'],
  manual: ['A person entered it', '담당자 등록'],
};

export const suppressionWords = {
  intro: [
    'Nothing is sent to these addresses. The list holds keyed hashes, so no address can be shown.',
    '이 주소로는 발송하지 않습니다. 키가 있는 해시만 저장하므로 주소는 볼 수 없습니다.',
  ],
  who: ['Member id, e-mail or phone', '회원 번호, 이메일 또는 전화번호'],
  whoHelp: [
    'It stays out of the address of this page. Looking for a contact is recorded.',
    '주소에 남지 않으며, 연락처 검색은 기록됩니다.',
  ],
  all: ['Also reactivated', '다시 허용된 것 포함'],
  search: ['Search', '검색'],
  clear: ['Clear', '지우기'],
  any: ['any', '전체'],
  member: ['Member', '회원'],
  told: ['Because of bill', '알린 청구서'],
  added: ['Added', '등록'],
  state: ['State', '상태'],
  suppressed: ['suppressed', '차단 중'],
  reactivated: ['tried again since', '다시 허용:'],
  none: ['No address is suppressed.', '차단된 주소가 없습니다.'],
  noneFound: ['This address was never suppressed.', '이 주소는 차단된 적이 없습니다.'],
  noneOfThese: ['No entry meets these conditions.', '조건에 맞는 항목이 없습니다.'],
  reactivate: ['Reactivate…', '다시 허용…'],
  reactivateTitle: ['Try this address again', '이 주소로 다시 발송'],
  reactivateEffect: [
    'The next message to it goes out. If it comes back again, the address is suppressed again.',
    '다음 메시지부터 발송합니다. 다시 반송되면 다시 차단됩니다.',
  ],
  reactivatePast: [
    'Bills that went another way stay as they are.',
    '이미 다른 채널로 간 청구서는 그대로입니다.',
  ],
  done: ['The address is tried again.', '이 주소로 다시 발송합니다.'],
} as const satisfies Record<string, Pair>;
