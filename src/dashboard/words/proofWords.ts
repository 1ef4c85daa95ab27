import type { BillProofAnswer } from '../../api/contract/proofContract.ts';
import type { Pair } from './language.ts';

export const proofWords = {
  title: ['Proof of what was sent', '발송 내용 증명'],
  note: [
    'Compares the hash of each message with what the bill says now. Nothing of it is shown, and each look is recorded.',
    '보낸 메시지의 해시를 지금의 청구서와 비교합니다. 내용은 표시하지 않으며 조회 기록이 남습니다.',
  ],
  compare: ['Compare', '비교'],
  none: [
    'No message of this bill was accepted, and none is in doubt.',
    '발송 업체에 전달된 메시지가 없습니다.',
  ],
  template: ['Template', '템플릿'],
  hash: ['Hash', '해시'],
} as const satisfies Record<string, Pair>;

export const proofResultWords: Readonly<Record<BillProofAnswer['attempts'][number]['result'], Pair>> = {
  proved: ['proved', '일치'],
  differs: ['differs', '불일치'],
  notRecorded: ['no hash was kept', '해시 없음'],
  cannotTell: ['cannot be told', '판단 불가'],
};

export const manifestWords = {
  title: ['Manifest', '매니페스트'],
  note: [
    'One hash over all accepted messages of this run. Keep it elsewhere: nobody can add, remove or change one unnoticed.',
    '접수된 모든 메시지에 대한 해시입니다. 따로 보관하면 추가, 삭제, 변경을 알 수 있습니다.',
  ],
  root: ['Root', '루트'],
  messages: ['Messages', '메시지'],
  made: ['Made', '생성'],
} as const satisfies Record<string, Pair>;
