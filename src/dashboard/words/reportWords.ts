import { counted, type Pair } from './language.ts';

/** Sentences that a screen reader reads out now and then. */
export const reports = {
  lost: ['The connection is lost. The numbers are old.', '연결이 끊어졌습니다. 숫자가 오래되었습니다.'],
  settled: [
    (share: string): string => `${share} of the bills are settled.`,
    (share: string): string => `청구서의 ${share}가 완료되었습니다.`,
  ],
  paused: ['Sending is paused.', '발송이 정지되어 있습니다.'],
  brake: [
    (channel: string): string => `The brake of ${channel} is on.`,
    (channel: string): string => `${channel} 브레이크가 걸려 있습니다.`,
  ],
  doubts: [
    (bills: string): string => `${bills} are in doubt.`,
    (bills: string): string => `${bills}건의 결과를 알 수 없습니다.`,
  ],
} as const satisfies Record<string, Pair | Pair<(text: string) => string>>;

export const help = {
  title: ['Keyboard', '단축키'],
  search: ['Find a bill', '청구서 찾기'],
  help: ['Show this', '이 도움말'],
  rows: ['Next or previous row', '다음 / 이전 행'],
  open: ['Open the row', '행 열기'],
  pause: ['Pause or resume sending', '발송 정지 / 재개'],
  close: ['Close a dialog', '대화상자 닫기'],
  enter: ['Enter', 'Enter'],
  escape: ['Esc', 'Esc'],
} as const satisfies Record<string, Pair>;

export const control = {
  pauseTitle: ['Pause sending', '발송 일시 정지'],
  pauseEffects: [
    'All dispatchers stop starting new bills within about 2 seconds.',
    '모든 디스패처가 약 2초 안에 새 발송을 멈춥니다.',
  ],
  pauseFinished: [
    'What is handed off to a provider is finished: a message on its way cannot be called back.',
    '이미 발송 업체에 전달된 것은 끝까지 처리됩니다. 회수할 수 없습니다.',
  ],
  pauseKept: [
    'Nothing is lost. Resuming goes on where it stopped.',
    '잃는 것은 없으며, 재개하면 이어서 발송합니다.',
  ],
  paused: ['Sending is paused.', '발송이 정지되었습니다.'],
  resumeTitle: ['Resume sending', '발송 재개'],
  resumeEffects: [
    (due: string): string => `What is due goes out again at once: ${counted(due, 'bill')}.`,
    (due: string): string => `대기 중인 ${due}건이 바로 발송됩니다.`,
  ],
  resumeBrakes: ['Brakes that are on stay on.', '걸려 있는 브레이크는 그대로 유지됩니다.'],
  resumed: ['Sending is on again.', '발송을 재개했습니다.'],
  releaseTitle: [
    (channel: string): string => `Release the brake of ${channel}`,
    (channel: string): string => `${channel} 브레이크 해제`,
  ],
  releaseEffects: [
    (channel: string): string => `Bills go out by ${channel} again, slowly at first.`,
    (channel: string): string => `${channel} 발송을 천천히 다시 시작합니다.`,
  ],
  releaseAgain: [
    'If the cause is still there, the brake comes on again.',
    '원인이 남아 있으면 브레이크가 다시 걸립니다.',
  ],
  releaseCause: [
    (cause: string): string => `It came on because: ${cause}`,
    (cause: string): string => `원인: ${cause}`,
  ],
  release: ['Release the brake', '브레이크 해제'],
  released: ['The brake is released.', '브레이크를 해제했습니다.'],
} as const satisfies Record<string, Pair | Pair<(text: string) => string>>;
