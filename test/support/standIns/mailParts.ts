import { keyIn, type Received, type Reply, type Submitted, type SubmittedFile } from './standIn.ts';

/** What the stand-ins of e-mail providers share. */
export const mail = {
  channel: 'EMAIL',
  goodTo: (index: number) => `member${index}@example.com`,
  badTo: 'broken@nowhere',
  takes: (messages: readonly Submitted[]) => messages.filter(({ isBad }) => !isBad),
} as const;

function isBadMail(to: string): boolean {
  return !/@[\w-]+\.\w+$/.test(to);
}

export function submitted(to: string, text: string, files: readonly SubmittedFile[] = []): Submitted {
  return { key: keyIn(text), to, isBad: isBadMail(to), files };
}

export function base64File(name: string, type: string, content: string): SubmittedFile {
  return { name, type, content: Buffer.from(content, 'base64') };
}

export function bearer(request: Received, token: string, refused: Reply): Reply | undefined {
  return request.headers.authorization === `Bearer ${token}` ? undefined : refused;
}
