/**
 * The command line: commands, their options and their errors. The rule of this package: options are read into plain records and
 * checked here, before anything is opened or started; whatever is wrong with them is one line and exit code 2.
 */
@NullMarked
package hartbeat.tools.cli;

import org.jspecify.annotations.NullMarked;
