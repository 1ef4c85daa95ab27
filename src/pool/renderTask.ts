import type { PlacedBill } from '../render/bill/renderedBill.ts';
import type { Renderer } from '../render/bill/renderer.ts';
import { createByteWriter } from '../render/template/byteWriter.ts';
import type { RenderedReply, RenderTask } from './messages.ts';

/** Makes the function that renders a task's bills in a thread, noting in `progress` which one it is at. */
export function createTaskRenderer(renderer: Renderer): (task: RenderTask) => RenderedReply {
  // Room for what the last batches took, so that the memory need not grow and be copied.
  let bytesPerBill = 12_288;
  return ({ channel, texts, ends, spare, progress }) => {
    const bytes = Buffer.from(texts);
    const out = createByteWriter(channel === 'EMAIL' ? bytesPerBill * ends.length + 65_536 : 1_024, spare);
    const placed: PlacedBill[] = [];
    let start = 0;
    for (const [index, end] of ends.entries()) {
      progress[0] = index;
      placed.push(renderer.renderInto(out, channel, bytes.toString('utf8', start, end)));
      start = end;
    }
    progress[0] = ends.length;
    if (channel === 'EMAIL' && ends.length > 0) {
      bytesPerBill = Math.min(maxBytesPerBill, Math.ceil(out.length / ends.length));
    }
    return { kind: 'rendered', bytes: out.take().buffer, bills: placed };
  };
}

// A batch of extraordinary bills must not size the memory of the next ordinary one.
const maxBytesPerBill = 32_768;
