/**
 * The embedded arbiter: a directory on storage that both hosts share. The rule of this package: a generation is taken by one atomic
 * operation of the file system, and is on stable storage before anybody is told of it.
 */
@NullMarked
package hartbeat.ft.arbiter.host;

import org.jspecify.annotations.NullMarked;
