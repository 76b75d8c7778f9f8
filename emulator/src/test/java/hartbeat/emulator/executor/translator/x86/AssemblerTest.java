package hartbeat.emulator.executor.translator.x86;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lwjgl.system.MemoryUtil;

/** What the assembler writes, read by objdump of the GNU binutils. */
class AssemblerTest {
    private static final int ROOM = 1 << 20;
    private static final String[] R32 = {
        "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d",
        "r15d"
    };
    private static final String[] R64 = {
        "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"
    };
    private static final int[] DISPLACEMENTS = {-128, -4, 0, 4, 124};
    private static final int[] IMMEDIATES = {0, 1, -1, 127, -128, 128, -129, 0x7fff_ffff, 0x8000_0000, 0x1234_5678};

    @TempDir
    Path directory;

    private long memory;
    private Assembler a = new Assembler(0);
    private final List<String> expected = new ArrayList<>();

    @BeforeEach
    void begin() {
        memory = MemoryUtil.nmemAlloc(ROOM);
        a = new Assembler(memory);
    }

    @AfterEach
    void end() {
        MemoryUtil.nmemFree(memory);
    }

    private void expect(String text, Consumer<Assembler> code) {
        expected.add(text);
        code.accept(a);
    }

    private static String hex(int value) {
        return "0x" + Integer.toHexString(value);
    }

    private static String place(int displacement) {
        return "DWORD PTR [rbp%s0x%x]".formatted(displacement < 0 ? "-" : "+", Math.abs(displacement));
    }

    /** As objdump writes a displacement: none, or with its sign. */
    private static String sum(String registers, int displacement) {
        return "[%s%s0x%x]".formatted(registers, displacement < 0 ? "-" : "+", Math.abs(displacement));
    }

    @Test
    void registersAndStateAreOperands() throws Exception {
        int[] opcodes = {Assembler.ADD, Assembler.OR, Assembler.AND, Assembler.SUB, Assembler.XOR, Assembler.CMP};
        String[] names = {"add", "or", "and", "sub", "xor", "cmp"};
        for (int reg = 0; reg < 16; reg++) {
            int r = reg;
            for (int i = 0; i < names.length; i++) {
                int opcode = opcodes[i];
                for (int other = 0; other < 16; other++) {
                    int o = other;
                    expect("%s %s,%s".formatted(names[i], R32[r], R32[o]), x -> x.rm(opcode, r, o));
                }
                for (int displacement : DISPLACEMENTS) {
                    int at = Assembler.state(displacement);
                    String text = place(displacement);
                    expect("%s %s,%s".formatted(names[i], R32[r], text), x -> x.rm(opcode, r, at));
                    expect(
                            "%s %s,%s".formatted(names[i], text, R32[r]),
                            x -> x.rm(opcode + Assembler.TO_OPERAND, r, at));
                }
            }
            for (int displacement : DISPLACEMENTS) {
                int at = Assembler.state(displacement);
                expect("mov %s,%s".formatted(R32[r], place(displacement)), x -> x.move(r, at));
                expect("mov %s,%s".formatted(place(displacement), R32[r]), x -> x.move(at, r));
                expect("imul %s,%s".formatted(R32[r], place(displacement)), x -> x.rm(Assembler.IMUL, r, at));
                expect("cmovl %s,%s".formatted(R32[r], place(displacement)), x -> x.moveIf(Assembler.LESS, r, at));
            }
            int next = (r + 5) % 16;
            expect("mov %s,%s".formatted(R32[r], R32[next]), x -> x.move(r, next));
            expect("imul %s,%s".formatted(R32[r], R32[next]), x -> x.rm(Assembler.IMUL, r, next));
            expect("test %s,%s".formatted(R32[next], R32[r]), x -> x.test(r, next));
            expect("movsxd %s,%s".formatted(R64[r], R32[next]), x -> x.signExtend(r, next));
            expect("cmova %s,%s".formatted(R32[r], R32[next]), x -> x.moveIf(Assembler.ABOVE, r, next));
            expect("mov %s,%s".formatted(R64[r], R64[next]), x -> x.rmWide(Assembler.MOV, r, next));
            expect("imul %s,%s".formatted(R64[r], R64[next]), x -> x.rmWide(Assembler.IMUL, r, next));
        }
        compare();
    }

    @Test
    void immediatesAreShortOrLong() throws Exception {
        int[] extensions = {
            Assembler.EXT_ADD,
            Assembler.EXT_OR,
            Assembler.EXT_AND,
            Assembler.EXT_SUB,
            Assembler.EXT_XOR,
            Assembler.EXT_CMP
        };
        String[] names = {"add", "or", "and", "sub", "xor", "cmp"};
        for (int value : IMMEDIATES) {
            for (int i = 0; i < names.length; i++) {
                int extension = extensions[i];
                for (int reg = 0; reg < 16; reg++) {
                    int r = reg;
                    expect("%s %s,%s".formatted(names[i], R32[r], hex(value)), x -> x.immediate(extension, r, value));
                }
                int at = Assembler.state(-8);
                expect("%s %s,%s".formatted(names[i], place(-8), hex(value)), x -> x.immediate(extension, at, value));
            }
            for (int reg = 0; reg < 16; reg++) {
                int r = reg;
                expect("mov %s,%s".formatted(R32[r], hex(value)), x -> x.moveImmediate(r, value));
                expect(
                        "imul %s,%s,%s".formatted(R32[r], R32[15 - r], hex(value)),
                        x -> x.multiplyImmediate(r, 15 - r, value));
            }
            expect("mov %s,%s".formatted(place(12), hex(value)), x -> x.moveImmediate(Assembler.state(12), value));
            expect(
                    "cmp %s,%s".formatted(place(12), hex(value)),
                    x -> x.immediate32(Assembler.EXT_CMP, Assembler.state(12), value));
        }
        compare();
    }

    @Test
    void shiftsMultiplicationsAndDivisions() throws Exception {
        for (int reg = 0; reg < 16; reg++) {
            int r = reg;
            expect("shl %s,0x1f".formatted(R32[r]), x -> x.shift(Assembler.EXT_SHL, r, 31));
            expect("shr %s,0x2".formatted(R32[r]), x -> x.shift(Assembler.EXT_SHR, r, 2));
            expect("sar %s,0x7".formatted(R32[r]), x -> x.shift(Assembler.EXT_SAR, r, 7));
            expect("sar %s,cl".formatted(R32[r]), x -> x.shiftByRcx(Assembler.EXT_SAR, r));
            expect("shl %s,cl".formatted(R32[r]), x -> x.shiftByRcx(Assembler.EXT_SHL, r));
            expect("shr %s,0x20".formatted(R64[r]), x -> x.shiftWide(Assembler.EXT_SHR, r, 32));
            expect("mul %s".formatted(R32[r]), x -> x.group3(Assembler.EXT_MUL, r));
            expect("imul %s".formatted(R32[r]), x -> x.group3(Assembler.EXT_IMUL, r));
            expect("div %s".formatted(R32[r]), x -> x.group3(Assembler.EXT_DIV, r));
            expect("idiv %s".formatted(R32[r]), x -> x.group3(Assembler.EXT_IDIV, r));
            expect("not %s".formatted(R32[r]), x -> x.group3(Assembler.EXT_NOT, r));
            expect("test %s,0x1234567".formatted(R32[r]), x -> x.testImmediate(r, 0x123_4567));
            expect("add %s,0x1234567".formatted(R64[r]), x -> x.immediateWide(Assembler.EXT_ADD, r, 0x123_4567));
            expect("neg %s".formatted(R32[r]), x -> x.group3(Assembler.EXT_NEG, r));
            expect("push %s".formatted(R64[r]), x -> x.push(r));
            expect("pop %s".formatted(R64[r]), x -> x.pop(r));
            expect("jmp %s".formatted(R64[r]), x -> x.jumpRegister(r));
        }
        expect("shl %s,0x3".formatted(place(4)), x -> x.shift(Assembler.EXT_SHL, Assembler.state(4), 3));
        expect("test %s,0x7f".formatted(place(4)), x -> x.testImmediate(Assembler.state(4), 0x7f));
        expect("cdq", Assembler::cdq);
        expect("ret", Assembler::ret);
        compare();
    }

    @Test
    void addressesAreSums() throws Exception {
        for (int reg = 0; reg < 16; reg++) {
            int r = reg;
            for (int base = 0; base < 16; base++) {
                int b = base;
                for (int displacement : new int[] {-128, 127, 128, -2048, 2047}) {
                    expect("lea %s,%s".formatted(R32[r], sum(R64[b], displacement)), x -> x.lea(r, b, displacement));
                }
                expect("cmp %s,QWORD PTR [%s+0x8]".formatted(R64[r], R64[b]), x -> x.basedWide(Assembler.CMP, r, b, 8));
                int index = (b + 7) % 16;
                if (index == Assembler.RSP) {
                    continue;
                }
                String registers = R64[b] + "+" + R64[index] + "*1";
                String whole = (b & 7) == 5 ? sum(registers, 0) : "[" + registers + "]";
                expect("lea %s,%s".formatted(R32[r], whole), x -> x.leaIndexed(r, b, index));
                expect(
                        "mov %s,DWORD PTR %s".formatted(R32[r], whole),
                        x -> x.indexed(Assembler.MOV, r, b, index, 0, 0));
                expect(
                        "mov %s,QWORD PTR %s".formatted(R64[r], sum(registers, 24)),
                        x -> x.indexedWide(Assembler.MOV, r, b, index, 24));
                expect(
                        "movzx %s,BYTE PTR %s".formatted(R32[r], whole),
                        x -> x.indexed(Assembler.MOVZX8, r, b, index, 0, 0));
                expect(
                        "movsx %s,BYTE PTR %s".formatted(R32[r], whole),
                        x -> x.indexed(Assembler.MOVSX8, r, b, index, 0, 0));
                expect(
                        "movzx %s,WORD PTR %s".formatted(R32[r], whole),
                        x -> x.indexed(Assembler.MOVZX16, r, b, index, 0, 0));
                expect(
                        "movsx %s,WORD PTR %s".formatted(R32[r], whole),
                        x -> x.indexed(Assembler.MOVSX16, r, b, index, 0, 0));
            }
        }
        expect("lea rcx,[rdx+rcx*8]", x -> x.leaScaled8(1, 2, 1));
        expect("jmp QWORD PTR [rcx+0x8]", x -> x.jumpTo(1, 8));
        compare();
    }

    @Test
    void storesAreOfOneTwoAndFourBytes() throws Exception {
        String[] bytes = {
            "al", "cl", "dl", "bl", "", "", "", "", "r8b", "r9b", "r10b", "r11b", "r12b", "r13b", "r14b", "r15b"
        };
        String[] words = {
            "ax", "cx", "dx", "bx", "", "", "", "", "r8w", "r9w", "r10w", "r11w", "r12w", "r13w", "r14w", "r15w"
        };
        for (int reg : new int[] {0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15}) {
            int r = reg;
            expect("mov BYTE PTR [rcx+rax*1],%s".formatted(bytes[r]), x -> x.storeIndexed(1, r, 1, 0));
            expect("mov WORD PTR [rcx+rax*1],%s".formatted(words[r]), x -> x.storeIndexed(2, r, 1, 0));
            expect("mov DWORD PTR [rcx+rax*1],%s".formatted(R32[r]), x -> x.storeIndexed(4, r, 1, 0));
            expect("setb %s".formatted(bytes[r]), x -> x.set(Assembler.BELOW, r));
            expect("setge %s".formatted(bytes[r]), x -> x.set(Assembler.GREATER_EQUAL, r));
        }
        expect("mov BYTE PTR [rcx+rax*1],0xff", x -> x.storeIndexedImmediate(1, -1, 1, 0));
        expect("mov WORD PTR [rcx+rax*1],0x1234", x -> x.storeIndexedImmediate(2, 0x7777_1234, 1, 0));
        expect("mov DWORD PTR [rcx+rax*1],0x87654321", x -> x.storeIndexedImmediate(4, 0x8765_4321, 1, 0));
        compare();
    }

    @Test
    void jumpsReachAndArePatched() throws Exception {
        int start = a.position();
        expect("je 0x0", x -> x.jumpIf(Assembler.EQUAL, start));
        expect("jmp 0x0", x -> x.jump(start));
        expect("lea rcx,[rip+0xfffffffffffffff0]        # 0x2", x -> x.leaPosition(1, 2));
        expect("jne 0x17", x -> {
            int near = x.jumpShortIf(Assembler.NOT_EQUAL);
            expected.add("jmp 0x17");
            int over = x.jumpShort();
            expected.add("cdq");
            x.cdq();
            x.patchShort(near);
            x.patchShort(over);
        });
        expect("jb 0x2000", x -> {
            int far = x.jumpIf(Assembler.BELOW, 0);
            x.patchJump(far, 0x2000);
        });
        expect("call 0x0", x -> x.call(start));
        compare();
    }

    private void compare() throws IOException, InterruptedException {
        byte[] code = new byte[a.position()];
        MemoryUtil.memByteBuffer(memory, code.length).get(code);
        Path file = Files.write(directory.resolve("code"), code);
        Process objdump = new ProcessBuilder(
                        "objdump",
                        "-D",
                        "-b",
                        "binary",
                        "-m",
                        "i386:x86-64",
                        "-M",
                        "intel",
                        "--no-show-raw-insn",
                        "-w",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        List<String> read = new String(objdump.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .lines()
                .filter(line -> line.matches(" *[0-9a-f]+:\t.*"))
                .map(line -> line.substring(line.indexOf('\t') + 1).strip().replaceAll("^(\\S+) +", "$1 "))
                .toList();
        assertThat(objdump.waitFor()).isZero();
        assertThat(read).isEqualTo(expected);
    }
}
