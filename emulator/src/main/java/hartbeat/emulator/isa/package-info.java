/**
 * The instruction set, once: {@link hartbeat.emulator.isa.InstructionTable} says for each instruction how it is encoded, how it is
 * written and what it does, as a small expression tree. Decoder, disassembler, the interpreter's generated core and the
 * translator all read it. The rule of this package: it knows no hart, no memory and no executor.
 */
@NullMarked
package hartbeat.emulator.isa;

import org.jspecify.annotations.NullMarked;
