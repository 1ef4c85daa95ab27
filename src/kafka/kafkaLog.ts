import type { logCreator, logLevel } from 'kafkajs';
import kafkajs from 'kafkajs';
import type { Logger } from '../log/log.ts';

/**
 * kafkajs's log as ours, at `debug` (its own debug lines at `trace`): what an operator needs to know of it we say
 * ourselves. One line of it is news that kafkajs tells in no other way: an offset out of range.
 */
export function kafkaLogCreator(log: Logger): logCreator {
  return () =>
    ({ namespace, label, log: entry }) => {
      const { message, timestamp: _timestamp, logger: _logger, topic, partition, groupId, ...facts } = entry;
      if (message.startsWith(outOfRange)) {
        log.warn(
          { topic, partition, groupId },
          'committed offset out of range: reading from the earliest record that is left',
        );
      }
      log[label === 'DEBUG' ? 'trace' : 'debug'](
        { namespace, kafkajs: message, topic, partition, groupId, facts },
        'kafkajs',
      );
    };
}

/** kafkajs builds its debug lines even where nobody reads them: ask for them only with `trace`. */
export function kafkaLogLevel(log: Logger): logLevel {
  return log.isLevelEnabled('trace') ? kafkajs.logLevel.DEBUG : kafkajs.logLevel.INFO;
}

// consumerGroup.js, recoverFromOffsetOutOfRange
const outOfRange = 'Offset out of range, resetting';
