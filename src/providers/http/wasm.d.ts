/* What `llhttp.ts` uses of llhttp in undici's package, and of WebAssembly, which Node's types leave out. */

declare module 'undici/lib/llhttp/llhttp-wasm.js' {
  const bytes: Uint8Array;
  export = bytes;
}

declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }

  class Instance {
    constructor(
      module: Module,
      imports: Readonly<Record<string, Readonly<Record<string, (...numbers: number[]) => number>>>>,
    );
    readonly exports: object;
  }
}
