import { type Channel, channels, perChannel } from '../../channels.ts';
import { createViewLinks, type LinkingBill, sampleLinkingBill } from '../link/viewLinks.ts';
import { createContentHasher } from '../proof/contentHasher.ts';
import type { Edition } from '../proof/edition.ts';
import { editionOf, type ProofOptions } from '../proof/editionsOf.ts';
import { hiddenFieldsOf } from '../proof/hiddenFields.ts';
import { type ByteWriter, createByteWriter } from '../template/byteWriter.ts';
import type { LanguageTemplates } from '../template/templateFiles.ts';
import type { BillModel, LoadedBill } from './billModel.ts';
import { createEmailRenderer } from './emailRenderer.ts';
import { createLanguageChoice } from './languageChoice.ts';
import { createLanguageFormat, type FormatOptions } from './languageFormat.ts';
import { type PlacedBill, type RenderedBill, type UnpreparableBill, unpreparable } from './renderedBill.ts';
import type { HasherOf, MessageDeps, RendererDeps } from './rendererDeps.ts';
import { createTablesModel } from './tablesModel.ts';
import { createTextRenderer } from './textRenderer.ts';
import { UnusableValue } from './typedValue.ts';

/**
 * Opens, masks and prints bills. It never throws because of a bill: a bill that cannot be printed is returned
 * as unpreparable.
 */
export interface Renderer {
  /** Renders one bill by itself. */
  render(channel: Channel, loadedText: string): RenderedBill;
  /**
   * Like `render`, but appends the parts of an e-mail to `out`. For any other result, `out` stays as it was.
   * @param bill the bill that a link in the message shows; default: none
   */
  renderInto(out: ByteWriter, channel: Channel, loadedText: string, bill?: LinkingBill): PlacedBill;
}

/** @throws RangeError for an unknown time zone */
export function createRenderer(deps: RendererDeps): Renderer {
  const renderInto = createRenderInto(deps);
  return {
    renderInto,
    render: (channel, loadedText) => {
      const out = createByteWriter(bytesOfAnEmail);
      const placed = renderInto(out, channel, loadedText);
      if (placed.kind !== 'email') return placed;
      const { htmlEnd, textEnd, ...rest } = placed;
      const bytes = out.take();
      const [html, text] = [bytes.subarray(0, htmlEnd), bytes.subarray(htmlEnd, textEnd)];
      return { ...rest, html, text, release: () => undefined };
    },
  };
}

const bytesOfAnEmail = 16_384;

function createRenderInto(deps: RendererDeps): Renderer['renderInto'] {
  const model = deps.model ?? createTablesModel(deps);
  const renderersOf = createLanguageRenderers({ ...deps, model });
  return (out, channel, loadedText, linking = sampleLinkingBill) => {
    const start = out.length;
    try {
      const bill = completeBillOf(loadedText, model);
      return 'kind' in bill ? bill : renderersOf(bill.language)[channel](out, bill, linking);
    } catch (error) {
      out.truncate(start);
      if (error instanceof UnusableValue) {
        return unpreparable('BILL_INCOMPLETE', `${error.message} is missing or not usable`);
      }
      // Only the error's name: its message may quote the bill.
      const name = error instanceof Error ? error.name : typeof error;
      return unpreparable('TEMPLATE_FAILED', `rendering threw ${name}`);
    }
  };
}

/** The renderers of a language. A member whose language has no folder gets the default one. */
function createLanguageRenderers({
  templates,
  viewLinks,
  ...rest
}: RendererDeps & { readonly model: BillModel }) {
  const links = viewLinks === undefined ? undefined : createViewLinks(viewLinks);
  const deps = { ...rest, viewLinks, links };
  const renderers = new Map(
    Object.entries(templates.languages).map(([language, of]) => [
      language,
      createRenderers(of, { ...deps, language }),
    ]),
  );
  const ofDefault = renderers.get(templates.defaultLanguage);
  if (ofDefault === undefined) throw new RangeError(`no language ${templates.defaultLanguage}`);
  const languageOf = createLanguageChoice([...renderers.keys()], templates.defaultLanguage);
  return (language: string | null) =>
    language === null
      ? ofDefault
      : (renderers.get(language) ?? renderers.get(languageOf(language)) ?? ofDefault);
}

function createRenderers(
  { words, messages, version }: LanguageTemplates,
  { proof, ...deps }: Omit<MessageDeps, 'format' | 'hasherOf'> & FormatOptions & Pick<RendererDeps, 'proof'>,
) {
  const { language } = deps;
  const edition = proof && editionOf(proof, deps, { template: version, language });
  const hasherOf = proof && edition && createHasherOf(proof, edition);
  const messageDeps = { ...deps, format: createLanguageFormat(words, deps), hasherOf };
  return perChannel((channel) => {
    const ofChannel = messages[channel];
    return ofChannel === undefined
      ? () => unpreparable('TEMPLATE_FAILED', `the template has no message by ${channels[channel].label}`)
      : createMessageRenderer(channel, ofChannel, messageDeps);
  });
}

function createHasherOf({ key: { key } }: ProofOptions, edition: Edition): HasherOf {
  return (channel, { hidden, shown }) =>
    createContentHasher({ key, edition, channel, hidden: hiddenFieldsOf(hidden, shown) });
}

function createMessageRenderer(
  channel: Channel,
  templates: NonNullable<LanguageTemplates['messages'][Channel]>,
  deps: MessageDeps,
) {
  switch (templates.kind) {
    case 'email':
      return createEmailRenderer(channel, templates, deps);
    case 'text':
      return createTextRenderer(channel, templates, deps);
    default:
      return templates satisfies never;
  }
}

/**
 * About 30,000 items. JSON.parse cannot be interrupted: a text that needs more memory than there is ends the
 * whole process, not just the thread.
 */
const maxCharacters = 4_000_000;

/** Reads a bill in the form in which the database gives it. @returns the bill, or why it cannot be printed */
function completeBillOf(loadedText: string, model: BillModel): LoadedBill | UnpreparableBill {
  if (loadedText.length > maxCharacters) {
    return unpreparable('TEMPLATE_FAILED', `it is too large: ${loadedText.length} characters`);
  }
  const read = model.read(loadedText);
  switch (read.kind) {
    case 'complete':
      return read.bill;
    case 'incomplete':
      return unpreparable('BILL_INCOMPLETE', read.detail);
    case 'tooLarge':
      return unpreparable('TEMPLATE_FAILED', `it is too large: ${read.bytes} bytes`);
    default:
      return read satisfies never;
  }
}
