import type { Writable } from 'node:stream';
import type { Stage } from './classifyReply.ts';
import { brokenBy, type DialogueEnd, outOfStep } from './dialogueEnd.ts';
import type { Envelope } from './envelope.ts';
import { MessageBody } from './messageBody.ts';
import { readReply } from './smtpReply.ts';

export interface MailDialogueOptions {
  readonly socket: Writable;
  readonly envelope: Envelope;
  readonly message: Uint8Array;
  /** The relay offers it: the envelope and DATA leave at once. */
  readonly pipelining: boolean;
  /** How many bytes have come from the relay. */
  readonly bytesRead: () => number;
}

const data = 'DATA\r\n';
const emptyMessage = '.\r\n';

/**
 * One message, from MAIL to the reply to its dot. It waits for one reply after the other, and ends once: with
 * the reply that decides it, or because the connection broke. Nothing of the message leaves before the 354.
 * What had come before a command was written is no reply to it: the relay is out of step.
 */
export class MailDialogue {
  readonly ended: Promise<DialogueEnd>;
  readonly #options: MailDialogueOptions;
  readonly #body: MessageBody;
  /** What the next reply is to; `dot`: to a message that we had to end although nobody is to get it. */
  #step: 'mail' | 'rcpt' | 'data' | 'message' | 'dot' = 'mail';
  /** Of a pipelined envelope: its end comes when DATA is answered too. */
  #refusal: DialogueEnd | undefined;
  /** How much had come when the last command was written. */
  #readBefore: number;
  #isOver = false;
  #resolve: (end: DialogueEnd) => void = () => undefined;

  constructor(options: MailDialogueOptions) {
    const { socket, envelope, message, pipelining, bytesRead } = options;
    this.#options = options;
    this.#body = new MessageBody(message, socket);
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#readBefore = bytesRead();
    socket.write(pipelining ? envelope.mail + envelope.rcpt + data : envelope.mail);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether the final dot may have left. */
  get mayBeTaken(): boolean {
    return this.#body.mayBeTaken;
  }

  hear(reply: string): void {
    // The server closes the connection: RFC 5321, 3.8.
    if (reply.startsWith('421')) {
      this.#end(this.#refusal ?? this.#repliedBy(reply));
      return;
    }
    if (this.#isTooEarly) {
      this.#fallOut(this.mayBeTaken || (this.#step === 'message' && reply.startsWith('2')));
      return;
    }
    switch (this.#step) {
      case 'mail':
        this.#hearEnvelope(reply, 'rcpt', this.#options.envelope.rcpt);
        return;
      case 'rcpt':
        this.#hearEnvelope(reply, 'data', data);
        return;
      case 'data':
        this.#hearData(reply);
        return;
      case 'message':
        this.#end(this.#repliedBy(reply));
        return;
      case 'dot':
        this.#end(this.#refusal ?? this.#repliedBy(reply));
        return;
      default:
        this.#step satisfies never;
    }
  }

  /** Of a reply. */
  hearPart(): void {
    if (this.#isTooEarly) this.#fallOut(this.mayBeTaken);
  }

  /** The connection is gone. */
  breakOff(error: Error | undefined): void {
    this.#end(brokenBy(error, this.mayBeTaken));
  }

  get #isTooEarly(): boolean {
    return this.#options.bytesRead() === this.#readBefore;
  }

  #fallOut(mayBeTaken: boolean): void {
    this.#end(brokenBy(outOfStep(), mayBeTaken));
  }

  #write(command: string): void {
    this.#readBefore = this.#options.bytesRead();
    this.#options.socket.write(command);
  }

  #hearEnvelope(reply: string, next: 'rcpt' | 'data', command: string): void {
    const { pipelining } = this.#options;
    if (!reply.startsWith('2')) this.#refusal ??= this.#repliedBy(reply);
    this.#step = next;
    if (pipelining) return;
    if (this.#refusal !== undefined) this.#end(this.#refusal);
    else this.#write(command);
  }

  #hearData(reply: string): void {
    const refusal = this.#refusal;
    const isAsked = reply.startsWith('354');
    if (refusal === undefined && isAsked) {
      this.#step = 'message';
      this.#readBefore = this.#options.bytesRead();
      this.#body.begin();
    } else if (refusal === undefined && /^[23]/.test(reply)) {
      this.#end(brokenBy(new Error('the relay did not ask for the message')));
    } else if (isAsked && refusal?.kind === 'replied' && refusal.stage === 'rcpt') {
      // It asks for a message to nobody: RFC 2920, 3.1.
      this.#step = 'dot';
      this.#write(emptyMessage);
    } else {
      this.#end(refusal ?? this.#repliedBy(reply));
    }
  }

  #repliedBy(text: string): DialogueEnd {
    const reply = readReply(text);
    const { mayBeTaken } = this;
    if (reply === undefined) return brokenBy(new Error('what the relay says is no reply'), mayBeTaken);
    const stage: Stage = this.#step === 'dot' ? 'rcpt' : this.#step;
    return { kind: 'replied', stage, reply, mayBeTaken };
  }

  #end(end: DialogueEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#body.stop();
    if (end.kind === 'replied') this.#body.free();
    this.#resolve(end);
  }
}
