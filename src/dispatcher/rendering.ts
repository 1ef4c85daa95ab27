import { createRotatingHasher, type RotatingHasher } from '../policy/addressHasher.ts';
import { createRenderPool, type RenderPool } from '../pool/renderPool.ts';
import { encodersOf } from '../providers/registry.ts';
import type { CipherKey } from '../render/cipher/keyRing.ts';
import type { TemplateSet } from '../render/template/templateFiles.ts';
import type { DispatcherOptions } from './dispatcherParts.ts';
import { createKeyRotation, type KeyRotation } from './keyReader.ts';

/** What works with the cipher keys of a dispatcher. */
export interface Rendering {
  readonly renderPool: RenderPool;
  readonly addressHasher: RotatingHasher;
  /** Undefined if the keys are in the environment, which does not change. */
  readonly keyRotation: KeyRotation | undefined;
}

/**
 * @param onKeys called whenever the keys have changed
 * @throws BillcastError TEMPLATE_INVALID, CIPHER_FAILED, MODULE_INVALID or RENDER_POOL_FAILED
 */
export async function startRendering(
  { config, log }: Pick<DispatcherOptions, 'config' | 'log'>,
  templates: TemplateSet,
  onKeys: (keys: readonly CipherKey[]) => void,
): Promise<Rendering> {
  const { keySource: source, cipher } = config;
  const addressHasher = createRotatingHasher(cipher.keys);
  const apply: Parameters<typeof createKeyRotation>[0]['apply'] = (keys) => {
    renderPool.setKeys(keys);
    addressHasher.setKeys(keys);
    onKeys(keys);
  };
  const keyRotation = source && createKeyRotation({ source, keys: cipher.keys, apply, log });
  const renderPool = await createRenderPool({
    threads: config.poolThreads,
    timeoutMs: config.renderTimeoutMs,
    encoders: encodersOf(config.providers, config.providerSettings),
    renderer: { templates, ciphers: cipher, ...config.billModel },
    onWarning: (warning) => log.warn({ warning }, 'people receive another text than the template says'),
    onMissingKey: keyRotation && (() => keyRotation.refresh()),
  });
  return { renderPool, addressHasher, keyRotation };
}
