/// <reference path="./llhttpWasm.d.ts" />
import wasm from 'undici/lib/llhttp/llhttp-wasm.js';

/**
 * What llhttp finds, in this order, while it executes. If a function returns `stop`, llhttp stops with a
 * fault.
 */
export interface ResponseListener {
  onBegin(): number;
  /** A name or a value may come in pieces, with one character per byte. */
  onName(piece: string): number;
  onValue(piece: string): number;
  onHead(status: number, keepsAlive: boolean): number;
  /** The listener may keep these bytes. */
  onBody(bytes: Buffer): number;
  onComplete(): number;
}

export const stop = -1;

/**
 * A parser for the responses on one connection: llhttp, which Node itself uses, from undici's package. It
 * holds memory outside of the heap, so it must be freed.
 */
export class ResponseParser {
  readonly #listener: ResponseListener;
  readonly #pointer = llhttp.llhttp_alloc(typeResponse);

  constructor(listener: ResponseListener) {
    this.#listener = listener;
  }

  /** @returns what is wrong with these bytes. It does not keep them. */
  execute(chunk: Uint8Array): string | undefined {
    listener = this.#listener;
    for (let at = 0; at < chunk.length; at += inputBytes) {
      if (input.buffer !== llhttp.memory.buffer) input = inputView();
      const piece = chunk.length <= inputBytes ? chunk : chunk.subarray(at, at + inputBytes);
      input.set(piece);
      if (llhttp.llhttp_execute(this.#pointer, inputAt, piece.length) !== 0) return this.#reason();
    }
    return undefined;
  }

  /** Called when no more bytes come. @returns false if that is in the middle of a response */
  finish(): boolean {
    listener = this.#listener;
    return llhttp.llhttp_finish(this.#pointer) === 0;
  }

  free(): void {
    llhttp.llhttp_free(this.#pointer);
  }

  #reason(): string {
    const at = llhttp.llhttp_get_error_reason(this.#pointer);
    const memory = Buffer.from(llhttp.memory.buffer);
    return at === 0 ? 'stopped' : memory.toString('latin1', at, memory.indexOf(0, at));
  }
}

const typeResponse = 2;

/** llhttp calls back only while `llhttp_execute` runs, so there is one listener at a time. */
let listener: ResponseListener;

interface Llhttp {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(bytes: number): number;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_execute(parser: number, at: number, bytes: number): number;
  llhttp_finish(parser: number): number;
  llhttp_get_error_reason(parser: number): number;
}

/** Node has `WebAssembly`, but its types leave it out. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, (...numbers: number[]) => number>>>>,
  ) => { readonly exports: object };
}

const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;

const llhttp = new Instance(new Module(wasm), {
  env: {
    wasm_on_message_begin: () => listener.onBegin(),
    wasm_on_url: () => 0,
    wasm_on_status: () => 0,
    wasm_on_header_field: (_parser, at, bytes) => listener.onName(textAt(at, bytes)),
    wasm_on_header_value: (_parser, at, bytes) => listener.onValue(textAt(at, bytes)),
    wasm_on_headers_complete: (_parser, status, _upgrade, keepsAlive) =>
      listener.onHead(status, keepsAlive === 1),
    wasm_on_body: (_parser, at, bytes) =>
      listener.onBody(Buffer.from(input.subarray(at - inputAt, at - inputAt + bytes))),
    wasm_on_message_complete: () => listener.onComplete(),
  },
}).exports as Llhttp;

/** The size of the memory that llhttp reads from, which all connections share. */
const inputBytes = 64 * 1024;
const inputAt = llhttp.malloc(inputBytes);
let input = inputView();

/** The view is made anew if the memory has grown, since it is another buffer then. */
function inputView(): Buffer {
  return Buffer.from(llhttp.memory.buffer, inputAt, inputBytes);
}

function textAt(at: number, bytes: number): string {
  return input.toString('latin1', at - inputAt, at - inputAt + bytes);
}
