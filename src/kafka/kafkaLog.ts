import type { logCreator, logLevel } from 'kafkajs';
import kafkajs from 'kafkajs';
import type { Logger } from '../log/log.ts';

/**
 * Writes kafkajs's log lines to ours: at `debug`, and its debug lines at `trace`. billcast itself logs what
 * an operator must know. One line becomes a warning, because kafkajs reports an offset out of range in no
 * other way.
 */
export function kafkaLogCreator(log: Logger): logCreator {
  return () =>
    ({ namespace, label, log: entry }) => {
      const { message, timestamp: _timestamp, logger: _logger, topic, partition, groupId, ...facts } = entry;
      if (message.startsWith(outOfRange)) {
        log.warn(
          { topic, partition, groupId },
          'committed offset out of range: reading from the earliest record left',
        );
      }
      log[label === 'DEBUG' ? 'trace' : 'debug'](
        { namespace, kafkajs: message, topic, partition, groupId, facts },
        'kafkajs',
      );
    };
}

/** kafkajs builds its debug lines even if nobody reads them, so they are requested with `trace` only. */
export function kafkaLogLevel(log: Logger): logLevel {
  return log.isLevelEnabled('trace') ? kafkajs.logLevel.DEBUG : kafkajs.logLevel.INFO;
}

// consumerGroup.js, recoverFromOffsetOutOfRange
const outOfRange = 'Offset out of range, resetting';
