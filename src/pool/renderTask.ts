import type { PlacedBill } from '../render/renderedBill.ts';
import type { Renderer } from '../render/renderer.ts';
import { createByteWriter } from '../render/template/byteWriter.ts';
import type { RenderedReply, RenderTask } from './messages.ts';

/** Makes the function that renders a task's bills in a thread, noting in `progress` which one it is at. */
export const createTaskRenderer = (renderer: Renderer): ((task: RenderTask) => RenderedReply) => {
  // Room for what the last batches took, so that the memory need not grow and be copied.
  let bytesPerBill = 12_288;
  return ({ channel, bills, progress }) => {
    const out = createByteWriter(channel === 'EMAIL' ? bytesPerBill * bills.length + 65_536 : 1_024);
    const placed: PlacedBill[] = [];
    for (const [index, text] of bills.entries()) {
      progress[0] = index;
      placed.push(renderer.renderInto(out, channel, text));
    }
    progress[0] = bills.length;
    if (channel === 'EMAIL' && bills.length > 0) {
      bytesPerBill = Math.min(MAX_BYTES_PER_BILL, Math.ceil(out.length / bills.length));
    }
    return { kind: 'rendered', bytes: out.take().buffer, bills: placed };
  };
};

// A batch of extraordinary bills must not size the memory of the next ordinary one.
const MAX_BYTES_PER_BILL = 32_768;
