/**
 * The fast executor: guest blocks become machine code. This package is what is the same on every host architecture: which code is
 * translated when, what leads where, what is forgotten, and the way through Java for all that machine code does not do. A
 * {@link hartbeat.emulator.executor.translator.BackEnd} writes the code.
 *
 * <pre>
 *   Translator --Unit--&gt; BackEnd --&gt; CodeMemory (written here, executed there)
 *       |                   ^
 *       |  exit word        | enter, link, unlink, kill
 *       +-------------------+
 *   everything else: BlockExecutor of the interpreter, with the same StepCore
 * </pre>
 *
 * The rule of this package: when something is translated, linked, killed or evicted can never change what the guest sees, and no
 * instruction gets a second meaning here: code is written from the trees of the instruction table.
 */
@NullMarked
package hartbeat.emulator.executor.translator;

import org.jspecify.annotations.NullMarked;
