/** The parts of undici's package that `llhttp.ts` uses. */
declare module 'undici/lib/llhttp/llhttp-wasm.js' {
  const bytes: Uint8Array;
  export = bytes;
}
