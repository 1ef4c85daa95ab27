import type { Message, TestMark } from './provider.ts';

/** The message as it goes out in a rehearsal or to a seed address. */
export function testMessage(message: Message, { to = message.to, ...prefixes }: TestMark): Message {
  const { subjectPrefix, textPrefix } = prefixes;
  switch (message.kind) {
    case 'email':
      return { ...message, to, subject: `${subjectPrefix}${message.subject}` };
    case 'text': {
      const text = `${textPrefix}${message.text}`;
      if (message.bytes === undefined) return { ...message, to, text };
      return { ...message, to, text, bytes: message.bytes + textPrefix.length };
    }
    default:
      return message satisfies never;
  }
}
