/**
 * The log: every input of a machine with its position and icount, and what binds them together. Format: docs/log-format.md.
 *
 * <pre>
 *   header | batch | batch | ...         batch = length, CRC32C, (first position, count, first icount, entries)
 * </pre>
 *
 * The rule of this package: an entry is checked when it is written and when it is read, and no length is believed before it is
 * held against its limit. The list of log kinds is one file, {@link hartbeat.ft.log.LogEntry}.
 */
@NullMarked
package hartbeat.ft.log;

import org.jspecify.annotations.NullMarked;
