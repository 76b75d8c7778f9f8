/**
 * The portable executors: {@link hartbeat.emulator.executor.interpreter.StepExecutor} does one instruction after the other and is
 * the reference; {@link hartbeat.emulator.executor.interpreter.BlockInterpreter} keeps decoded blocks and links them.
 *
 * <pre>
 *   InstructionTable --generator (src/test)--> StepCore   one instruction, slow paths included
 *                                        \---> BlockCore  the hot loop over a block's decoded instructions
 * </pre>
 *
 * The rule of this package: the two cores are generated, and only from the table; a test compares them with what the generator
 * writes. What BlockCore cannot do at once it hands to StepCore, so that every rule stands in one place.
 */
@NullMarked
package hartbeat.emulator.executor.interpreter;

import org.jspecify.annotations.NullMarked;
