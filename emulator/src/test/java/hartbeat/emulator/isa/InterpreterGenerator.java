package hartbeat.emulator.isa;

import hartbeat.emulator.isa.Expression.Leaf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Writes the Java source of the interpreter's two cores from the instruction table. To write them anew after a change of the table:
 * {@code mvn -q -pl emulator -am test -Dtest=InterpreterSourceTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dhartbeat.regenerate=true}.
 */
final class InterpreterGenerator {
    private static final String HEADER = """
            // Generated from hartbeat.emulator.isa.InstructionTable by InterpreterGenerator (src/test); do not edit.
            package hartbeat.emulator.executor.interpreter;

            """;

    private InterpreterGenerator() {}

    static String stepCore() {
        StringBuilder out = new StringBuilder(HEADER);
        out.append("""
                import hartbeat.emulator.hart.Hart;
                import hartbeat.emulator.isa.Arithmetic;
                import hartbeat.emulator.isa.InstructionTable;
                import hartbeat.emulator.isa.Semantics.CsrAction;
                import hartbeat.emulator.isa.Semantics.SystemKind;
                import hartbeat.emulator.mmu.Access;

                /** Executes one decoded instruction, whatever comes of it. */
                final class StepCore {
                    private StepCore() {}

                    /**
                     * Executes the instruction at the hart's pc.
                     *
                     * @param id row of the instruction table
                     * @param rd destination, with x0 as {@link Hart#DISCARD}
                     * @param imm the immediate; of system instructions the encoding
                     * @param next address of the instruction after this one
                     * @return where to go on, zero-extended; negative if an exception was raised, and pc is at its handler
                     */
                    static long step(Hart hart, int id, int rd, int rs1, int rs2, int imm, int next) {
                        int[] x = hart.registers();
                        int pc = hart.pc();
                        switch (id) {
                """);
        for (Instruction instruction : InstructionTable.ALL_INSTRUCTIONS) {
            out.append("            case %d -> { // %s%n".formatted(instruction.id(), instruction.mnemonic()));
            out.append(stepCase(instruction).indent(16));
            out.append("            }\n");
        }
        out.append("""
                            default -> throw new IllegalArgumentException("no instruction has id " + id);
                        }
                        return next & 0xffff_ffffL;
                    }

                    private static long memoryFault(Hart hart) {
                        hart.memoryFault();
                        return -1;
                    }

                    private static long illegalCsr(Hart hart, int id, int rd, int rs1, int imm) {
                        hart.illegalInstruction(
                                InstructionTable.ALL_INSTRUCTIONS.get(id).encode(rd, rs1, 0, imm));
                        return -1;
                    }
                }
                """);
        return out.toString();
    }

    private static String stepCase(Instruction instruction) {
        return switch (instruction.semantics()) {
            case Semantics.Compute compute -> "x[rd] = %s;".formatted(value(compute.value()));
            case Semantics.Load load -> """
                long value = hart.mmu().load(%s, %d);
                if (value < 0) {
                    return memoryFault(hart);
                }
                x[rd] = %s;""".formatted(value(load.address()), load.width(), extend(load, "value"));
            case Semantics.Store store -> """
                if (!hart.mmu().store(%s, %d, %s)) {
                    return memoryFault(hart);
                }""".formatted(value(store.address()), store.width(), value(store.value()));
            case Semantics.Branch branch -> """
                if (%s) {
                    return %s & 0xffff_ffffL;
                }""".formatted(condition(value(branch.condition())), value(branch.target()));
            case Semantics.Jump jump -> """
                int target = %s & ~1;
                x[rd] = next;
                return target & 0xffff_ffffL;""".formatted(value(jump.target()));
            case Semantics.Amo amo -> """
                int address = x[rs1];
                long physical = hart.mmu().locateAtomic(address, Access.STORE);
                if (physical < 0) {
                    return memoryFault(hart);
                }
                int memory = hart.mmu().loadAtomic(physical);
                hart.mmu().storeAtomic(address, physical, %s);
                x[rd] = memory;""".formatted(value(amo.value()));
            case Semantics.LoadReserved _ -> atomic("hart.loadReserved(x[rs1])");
            case Semantics.StoreConditional _ -> atomic("hart.storeConditional(x[rs1], x[rs2])");
            case Semantics.Csr csr ->
                """
                long old = hart.accessCsr(imm, CsrAction.%s, %s, %s);
                if (old < 0) {
                    return illegalCsr(hart, id, rd, rs1, imm);
                }
                x[rd] = (int) old;""".formatted(
                                csr.action(),
                                csr.immediate() ? "rs1" : "x[rs1]",
                                csr.action() == Semantics.CsrAction.WRITE ? "true" : "rs1 != 0");
            case Semantics.SystemOperation system ->
                "return hart.system(SystemKind.%s, next, imm);".formatted(system.kind());
        };
    }

    private static String atomic(String call) {
        return """
                long value = %s;
                if (value < 0) {
                    return memoryFault(hart);
                }
                x[rd] = (int) value;""".formatted(call);
    }

    static String blockCore() {
        StringBuilder out = new StringBuilder(HEADER);
        out.append("""
                import hartbeat.emulator.hart.Hart;
                import hartbeat.emulator.isa.Arithmetic;
                import hartbeat.emulator.memory.HostMemory;

                /** The hot loop over decoded blocks. */
                final class BlockCore {
                    private BlockCore() {}

                    /**
                     * Runs {@code block} and those that follow it until something must be seen to outside; the interpreter then has the
                     * exact budget and the hart its exact pc.
                     *
                     * @param left instructions that may be executed, at least the block's length
                     */
                    static void execute(BlockExecutor interpreter, Hart hart, Block block, long left) {
                        int[] x = hart.registers();
                        long[] table = hart.mmu().accessTables();
                        int first = hart.mmu().accessTable();
                        Block[] jumps = interpreter.jumps();
                        long epoch = hart.mmu().fetchEpoch();
                        chain:
                        while (true) {
                            if (left < block.length) {
                                interpreter.leave(hart, block.pc, left);
                                return;
                            }
                            left -= block.length;
                            long[] code = block.code;
                            boolean taken = false;
                            int i = 0;
                            body:
                            while (true) {
                                long element = code[i++];
                                int rd = (int) (element >>> 8) & 63;
                                int rs1 = (int) (element >>> 16) & 63;
                                int rs2 = (int) (element >>> 24) & 63;
                                int imm = (int) (element >>> 32);
                                switch ((int) element & 0xff) {
                """);
        for (Instruction instruction : InstructionTable.ALL_INSTRUCTIONS) {
            String body = blockCase(instruction);
            if (!body.isEmpty()) {
                out.append(
                        "                    case %d: { // %s%n".formatted(instruction.id(), instruction.mnemonic()));
                out.append(body.indent(24));
                out.append("                    }\n");
            }
        }
        out.append("""
                                    case Block.END: {
                                        break body;
                                    }
                                    default: {
                                        if (interpreter.slow(hart, block, i, left)) {
                                            return;
                                        }
                                    }
                                }
                            }
                            Block next = taken ? block.taken : block.fall;
                            if (next.epoch != epoch) {
                                next = interpreter.follow(hart, block, taken, left);
                                if (next == null) {
                                    return;
                                }
                            }
                            block = next;
                        }
                    }
                }
                """);
        return out.toString();
    }

    /** What the hot loop does itself; empty for what it leaves to the step core. */
    private static String blockCase(Instruction instruction) {
        return switch (instruction.semantics()) {
            case Semantics.Compute compute ->
                usesPc(compute.value()) ? "" : "x[rd] = %s;%ncontinue;".formatted(value(compute.value()));
            case Semantics.Load load -> """
                int address = %s;
                int entry = first + (address >>> 9 & 0xff8);
                if ((int) table[entry] == (address & %s)) {
                    x[rd] = HostMemory.%s(table[entry + 1] + (address & 0xffff_ffffL));
                } else if (interpreter.slow(hart, block, i, left)) {
                    return;
                }
                continue;""".formatted(value(load.address()), pageMask(load.width()), accessor(load));
            case Semantics.Store store ->
                """
                int address = %s;
                int entry = first + (address >>> 9 & 0xff8);
                if ((int) table[entry + 2] == (address & %s)) {
                    HostMemory.i%d(table[entry + 3] + (address & 0xffff_ffffL), %s);
                } else if (interpreter.slow(hart, block, i, left)) {
                    return;
                }
                continue;""".formatted(value(store.address()), pageMask(store.width()), 8 * store.width(), value(store.value()));
            case Semantics.Branch branch -> "taken = %s;%nbreak body;".formatted(condition(value(branch.condition())));
            case Semantics.Jump jump when usesPc(jump.target()) -> "x[rd] = imm;\ntaken = true;\nbreak body;";
            case Semantics.Jump jump -> """
                int target = %s & ~1;
                x[rd] = block.fallPc;
                Block next = jumps[BlockExecutor.jumpIndex(target)];
                if (next.pc != target || next.epoch != epoch) {
                    next = interpreter.jump(hart, target, left);
                    if (next == null) {
                        return;
                    }
                }
                block = next;
                continue chain;""".formatted(value(jump.target()));
            case Semantics.SystemOperation system when system.kind() == Semantics.SystemKind.FENCE -> "continue;";
            default -> "";
        };
    }

    private static boolean usesPc(Expression expression) {
        return switch (expression) {
            case Leaf leaf -> leaf == Leaf.PC;
            case Expression.Binary binary -> usesPc(binary.left()) || usesPc(binary.right());
        };
    }

    private static String value(Expression expression) {
        return switch (expression) {
            case Leaf leaf ->
                switch (leaf) {
                    case RS1 -> "x[rs1]";
                    case RS2 -> "x[rs2]";
                    case IMM, PC, MEMORY -> leaf.name().toLowerCase(Locale.ROOT);
                };
            case Expression.Binary binary -> binary.operator().java(value(binary.left()), value(binary.right()));
        };
    }

    /** A truth value as a Java condition. */
    private static String condition(String value) {
        if (!value.endsWith(" ? 1 : 0)")) {
            throw new IllegalArgumentException("not a comparison: " + value);
        }
        return value.substring(1, value.length() - " ? 1 : 0)".length());
    }

    private static String extend(Semantics.Load load, String value) {
        return switch (load.width()) {
            case 1 -> load.signed() ? "(byte) " + value : "(int) " + value;
            case 2 -> load.signed() ? "(short) " + value : "(int) " + value;
            default -> "(int) " + value;
        };
    }

    private static String accessor(Semantics.Load load) {
        return load.width() == 4 ? "i32" : (load.signed() ? "s" : "u") + 8 * load.width();
    }

    private static String pageMask(int width) {
        return switch (width) {
            case 1 -> "0xffff_f000";
            case 2 -> "0xffff_f001";
            default -> "0xffff_f003";
        };
    }

    /** Writes both files below the emulator's main sources. */
    static void write(Path sources) throws IOException {
        Files.writeString(sources.resolve("StepCore.java"), stepCore(), StandardCharsets.UTF_8);
        Files.writeString(sources.resolve("BlockCore.java"), blockCore(), StandardCharsets.UTF_8);
    }
}
