import type { TokenEntry } from '../../api/contract/tokensContract.ts';
import type { Pair } from '../words/language.ts';

export const tokenStateWords: Readonly<Record<TokenEntry['state'], Pair>> = {
  valid: ['valid', '유효'],
  expired: ['expired', '만료됨'],
  revoked: ['revoked', '취소됨'],
};

export const roleWords: Readonly<Record<TokenEntry['roles'][number], Pair>> = {
  viewer: ['Numbers, states and bill ids; nothing personal', '숫자, 상태, 청구서 번호만'],
  agent: [
    'One bill: history, masked preview, reveal with a reason, retry',
    '청구서 한 건: 이력, 가린 미리보기, 사유와 함께 열람, 재시도',
  ],
  operator: [
    'Publish, runs, pause, brakes, actions on many bills, dead letters',
    '발송, 일시 정지, 브레이크, 여러 건 작업, 처리 불가',
  ],
  approver: ['Approve runs of others', '다른 사람의 발송 승인'],
  auditor: ['Audit, and exports with a reason', '감사 기록, 사유와 함께 내보내기'],
  admin: ['All of it, and tokens', '모든 권한과 토큰 관리'],
};

export const tokenWords = {
  intro: [
    'Who may use billcast. A token is shown once, when it is made; only its hash is kept.',
    'billcast를 쓸 수 있는 토큰입니다. 토큰은 만들 때 한 번만 보이며 해시만 저장합니다.',
  ],
  none: [
    'There are no tokens: everybody on this machine is administrator. Set API_TOKENS first.',
    '토큰이 없어 이 컴퓨터의 모든 사용자가 관리자입니다. 먼저 API_TOKENS를 설정하세요.',
  ],
  name: ['Name', '이름'],
  nameHelp: [
    'Who uses it: letters, digits and . _ @ -. Tokens of the same name are the same person.',
    '사용자 이름(영문, 숫자, . _ @ -). 이름이 같으면 같은 사람입니다.',
  ],
  roles: ['Roles', '역할'],
  made: ['Made', '생성'],
  expires: ['Expires', '만료'],
  never: ['never', '없음'],
  used: ['Last used', '마지막 사용'],
  unused: ['never', '없음'],
  unknown: ['unknown', '알 수 없음'],
  inSettings: ['in API_TOKENS', 'API_TOKENS 설정'],
  create: ['Make a token…', '토큰 만들기…'],
  createTitle: ['Make a token', '토큰 만들기'],
  pickRole: ['Choose at least one role.', '역할을 하나 이상 선택하세요.'],
  created: ['The token is made.', '토큰을 만들었습니다.'],
  shownOnce: ['Copy it now: it is not shown again.', '지금 복사하세요. 다시 볼 수 없습니다.'],
  copy: ['Copy', '복사'],
  copied: ['Copied.', '복사했습니다.'],
  revoke: ['Revoke…', '취소…'],
  revokeTitle: ['Revoke a token', '토큰 취소'],
  revoked: ['The token is revoked.', '토큰을 취소했습니다.'],
  revokeSessions: [
    'Everybody who is signed in with it is signed out.',
    '이 토큰으로 로그인한 세션도 끝납니다.',
  ],
} as const satisfies Record<string, Pair>;

export const tokenPhrases = {
  revokeEffect: [
    (name: string) => `The token of ${name} is refused at once, and stays refused.`,
    (name: string) => `${name}의 토큰은 즉시 거부되며 되돌릴 수 없습니다.`,
  ],
  days: [(days: string) => `in ${days} days`, (days: string) => `${days}일 후`],
} as const satisfies Record<string, Pair<(text: string) => string>>;
