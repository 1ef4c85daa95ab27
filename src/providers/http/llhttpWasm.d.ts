/** What `llhttp.ts` uses of undici's package. */
declare module 'undici/lib/llhttp/llhttp-wasm.js' {
  const bytes: Uint8Array;
  export = bytes;
}
