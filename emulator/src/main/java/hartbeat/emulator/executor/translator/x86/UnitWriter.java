package hartbeat.emulator.executor.translator.x86;

import static hartbeat.emulator.executor.translator.x86.Assembler.RAX;
import static hartbeat.emulator.executor.translator.x86.Assembler.RCX;
import static hartbeat.emulator.executor.translator.x86.Assembler.RDX;

import hartbeat.emulator.executor.interpreter.Block;
import hartbeat.emulator.executor.translator.BackEnd;
import hartbeat.emulator.executor.translator.Operations;
import hartbeat.emulator.executor.translator.Operations.Operation;
import hartbeat.emulator.executor.translator.Unit;
import hartbeat.emulator.hart.Elements;
import hartbeat.emulator.hart.Hart;
import hartbeat.emulator.isa.Expression.Leaf;
import hartbeat.emulator.mmu.AccessTable;

/**
 * Writes the machine code of one unit after the other:
 *
 * <pre>
 *   -10  mov eax, SHORT | number &lt;&lt; 2; jmp exit
 *   entry: sub budget, length; jb short
 *          instructions, in the guest's order
 *          what is seldom done: the short budget, instructions done in Java, exits from the middle
 * </pre>
 */
final class UnitWriter {
    private static final int SHORT_BYTES = 10;

    /** Where a page's entry for stores stands behind its entry for loads, in bytes. */
    private static final int STORE_ENTRY = 8 * AccessTable.STORES;

    private final Assembler a;
    private final Stubs stubs;
    private final Values values;
    private final SystemWriter system;
    private final ExitTable exits;
    private final Later later = new Later();

    private Unit unit = new Unit();
    private int entry;

    /** The position behind the last look-up of a page. */
    private int found;

    /** Instructions of the unit from the present one on. */
    private int rest;

    UnitWriter(Assembler assembler, Stubs stubs) {
        a = assembler;
        this.stubs = stubs;
        values = new Values(a);
        system = new SystemWriter(a, values);
        exits = new ExitTable(a, stubs);
    }

    ExitTable exits() {
        return exits;
    }

    /** A short jump from the entry to the code before it. */
    void kill(int entryPosition) {
        a.patch8(entryPosition, 0xeb);
        a.patch8(entryPosition + 1, -(SHORT_BYTES + 2));
    }

    /** Gives the entry's position. */
    int write(Unit newUnit) {
        unit = newUnit;
        later.begin();
        values.begin();
        a.moveImmediate(RAX, BackEnd.SHORT | unit.number() << 2);
        a.jump(stubs.exit);
        entry = a.position();
        a.immediate(Assembler.EXT_SUB, State.BUDGET, unit.length());
        int tooShort = a.jumpIf(Assembler.BELOW, 0);
        rest = unit.length();
        for (int i = 0; i < unit.count(); i++) {
            block(unit.block(i), i + 1 < unit.count());
        }
        a.patchJump(tooShort, a.position());
        a.immediate(Assembler.EXT_ADD, State.BUDGET, unit.length());
        a.jump(entry - SHORT_BYTES);
        writeLater();
        return entry;
    }

    private void block(Block block, boolean goesOn) {
        boolean open = true;
        for (int i = 0; i < block.length(); i++) {
            long element = block.element(i);
            int id = (int) element & 0xff;
            Operation operation = Operations.of(id);
            switch (operation.kind()) {
                case NOTHING -> {}
                case COMPUTE -> compute(operation, element);
                case LOAD -> load(operation, block, i, element);
                case STORE -> store(operation, block, i, element);
                case AMO -> atomic(operation, block, i, element);
                case LOAD_RESERVED -> loadReserved(block, i, element);
                case STORE_CONDITIONAL -> storeConditional(block, i, element);
                case FENCE_VMA -> {
                    system.fenceVma();
                    guarded(block, i);
                }
                case CSR_WRITE, CSR_SET, CSR_CLEAR -> csr(operation, block, i, element);
                case BRANCH -> {
                    branch(operation, block, element, goesOn);
                    open = false;
                }
                case JUMP -> {
                    link(element, (int) (element >>> 32));
                    if (!goesOn) {
                        leaveTo(block.takenPc());
                    }
                    open = false;
                }
                case JUMP_INDIRECT -> {
                    jumpIndirect(operation, block, element);
                    open = false;
                }
                case OTHER -> {
                    inJava(block, i, operation.onward());
                    values.unknown(rd(element));
                    open = operation.onward();
                }
            }
            rest--;
        }
        if (open && !goesOn) {
            leaveTo(block.fallPc());
        }
    }

    private static int rd(long element) {
        int rd = (int) (element >>> 8) & 63;
        return rd == Hart.DISCARD ? 0 : rd;
    }

    private void operands(Operation operation, long element) {
        switch (operation.left()) {
            case RS1 -> values.leftRegister((int) (element >>> 16) & 31);
            case RS2 -> values.leftRegister((int) (element >>> 24) & 31);
            default -> values.leftConstant((int) (element >>> 32));
        }
        switch (operation.right()) {
            case RS1 -> values.rightRegister((int) (element >>> 16) & 31);
            case RS2 -> values.rightRegister((int) (element >>> 24) & 31);
            default -> values.rightConstant((int) (element >>> 32));
        }
    }

    private void compute(Operation operation, long element) {
        int rd = rd(element);
        if (rd == 0) {
            return;
        }
        operands(operation, element);
        values.apply(operation.operator(), rd);
    }

    /** The link register of a jump. */
    private void link(long element, int value) {
        if (rd(element) != 0) {
            values.constant(rd(element), value);
        }
    }

    private void branch(Operation operation, Block block, long element, boolean goesOn) {
        operands(operation, element);
        int after = rest - 1;
        if (values.constants()) {
            if (values.fold(operation.operator()) != 0) {
                refund(after);
                leaveTo(block.takenPc());
            } else if (!goesOn) {
                leaveTo(block.fallPc());
            }
            return;
        }
        int condition = values.compare(operation.operator());
        int target = block.takenPc();
        if (after == 0 && target == unit.pc()) {
            a.jumpIf(condition, entry);
        } else if (after == 0 && samePage(target)) {
            int position = a.jumpIf(condition, 0);
            later.exit(position, exits.near(unit.exit(target), position));
        } else {
            later.branch(a.jumpIf(condition, 0), target, after);
        }
        if (!goesOn) {
            leaveTo(block.fallPc());
        }
    }

    private void refund(int instructions) {
        if (instructions != 0) {
            a.immediate(Assembler.EXT_ADD, State.BUDGET, instructions);
        }
    }

    private boolean samePage(int target) {
        return (target ^ unit.pc()) >>> 12 == 0;
    }

    /** Goes on at a fixed address. */
    private void leaveTo(int target) {
        if (target == unit.pc()) {
            a.jump(entry);
        } else if (samePage(target)) {
            int position = a.jump(0);
            later.exit(position, exits.near(unit.exit(target), position));
        } else {
            int tag = a.immediate32(Assembler.EXT_CMP, State.memory(State.TAG + 1), -1);
            a.jumpIf(Assembler.NOT_EQUAL, 0);
            a.jump(0);
            later.farExit(exits.far(unit.exit(target), tag), target);
        }
    }

    private void jumpIndirect(Operation operation, Block block, long element) {
        operands(operation, element);
        if (values.constants()) {
            int target = values.fold(operation.operator()) & ~1;
            link(element, block.fallPc());
            leaveTo(target);
            return;
        }
        values.sumInRax();
        a.immediate(Assembler.EXT_AND, RAX, -2);
        link(element, block.fallPc());
        later.jump(Stubs.lookUp(a));
    }

    /** An instruction that Java does, and whether control may go on behind it. */
    private void inJava(Block block, int index, boolean onward) {
        int site = unit.site(block, index, rest);
        if (onward) {
            int resume = a.leaPosition(RCX, 0);
            a.moveImmediate(RAX, BackEnd.SITE | site << 2);
            a.jump(stubs.siteExit);
            a.patchJump(resume, a.position());
        } else {
            a.moveImmediate(RAX, BackEnd.SITE | site << 2);
            a.jump(stubs.exit);
        }
    }

    /**
     * Looks a page up: the address in eax, then what must be added to it in rcx. If most pages lie in one piece, what is added does not
     * wait for the page's entry. Gives the jump for when the page is not found, or lies elsewhere.
     */
    private int access(int width, boolean store, boolean inOnePiece) {
        a.rm(Assembler.MOV, RCX, RAX);
        a.shift(Assembler.EXT_SHR, RCX, AccessTable.INDEX_SHIFT - 3);
        a.rm(Assembler.MOV, RDX, RAX);
        a.immediate(Assembler.EXT_AND, RCX, 8 * AccessTable.INDEX_MASK);
        a.immediate(Assembler.EXT_AND, RDX, -4096 | width - 1);
        int entry = store ? STORE_ENTRY : 0;
        a.indexed(Assembler.CMP, RDX, State.TABLE, RCX, inOnePiece ? entry + 4 : entry, 0);
        int missed = a.jumpIf(Assembler.NOT_EQUAL, 0);
        if (inOnePiece) {
            a.basedWide(Assembler.MOV, RCX, State.TABLE, 8 * AccessTable.OFFSET);
        } else {
            a.indexedWide(Assembler.MOV, RCX, State.TABLE, RCX, entry + 8);
        }
        found = a.position();
        return missed;
    }

    private int address(Operation operation, long element, boolean store) {
        operands(operation, element);
        if (values.constants()) {
            a.moveImmediate(RAX, values.fold(operation.operator()));
        } else {
            values.sumInRax();
        }
        return access(operation.width(), store, unit.inOnePiece());
    }

    /** After an access: notes where to go if the page was not found. */
    private void missed(int position, boolean store, Block block, int index) {
        int site = unit.site(block, index, rest);
        later.again(position, a.position(), site, store ? found : -found);
    }

    private void load(Operation operation, Block block, int index, long element) {
        int slow = address(operation, element, false);
        int rd = rd(element);
        if (rd != 0) {
            int to = State.place(rd);
            int host = Assembler.isRegister(to) ? to : RDX;
            a.indexed(loadOpcode(operation), host, RCX, RAX, 0, 0);
            a.move(to, host);
            values.unknown(rd);
        }
        missed(slow, false, block, index);
    }

    private static int loadOpcode(Operation operation) {
        return switch (operation.width()) {
            case 1 -> operation.signed() ? Assembler.MOVSX8 : Assembler.MOVZX8;
            case 2 -> operation.signed() ? Assembler.MOVSX16 : Assembler.MOVZX16;
            default -> Assembler.MOV;
        };
    }

    private void store(Operation operation, Block block, int index, long element) {
        int slow = address(operation, element, true);
        int rs2 = (int) (element >>> 24) & 31;
        if (values.isKnown(rs2)) {
            a.storeIndexedImmediate(operation.width(), values.value(rs2), RCX, RAX);
        } else {
            int from = State.place(rs2);
            int host = Assembler.isRegister(from) ? from : RDX;
            a.move(host, from);
            a.storeIndexed(operation.width(), host, RCX, RAX);
        }
        missed(slow, true, block, index);
    }

    /** A page that may be stored to may be loaded from as well, so the look-up for stores is enough. */
    private void atomic(Operation operation, Block block, int index, long element) {
        int rs2 = (int) (element >>> 24) & 31;
        boolean swap = operation.left() == Leaf.RS2;
        if (!swap && !values.canAccumulate(operation.operator(), rs2)) {
            inJava(block, index, true);
            values.unknown(rd(element));
            return;
        }
        values.load(RAX, (int) (element >>> 16) & 31);
        int slow = access(4, true, false);
        a.indexedWide(0x8d, RCX, RCX, RAX, 0);
        a.based(Assembler.MOV, RDX, RCX, 0, 0);
        if (swap) {
            values.load(RAX, rs2);
        } else {
            a.move(RAX, RDX);
            values.accumulate(operation.operator(), rs2);
        }
        a.based(Assembler.MOV + Assembler.TO_OPERAND, RAX, RCX, 0, 0);
        if (rd(element) != 0) {
            a.move(State.place(rd(element)), RDX);
            values.unknown(rd(element));
        }
        missed(slow, true, block, index);
    }

    /** LR: as a load, and the physical address is noted. */
    private void loadReserved(Block block, int index, long element) {
        values.load(RAX, (int) (element >>> 16) & 31);
        int slow = access(4, false, false);
        reservable();
        a.move(State.memory(Elements.RESERVATION), RDX);
        if (rd(element) != 0) {
            a.based(Assembler.MOV, RDX, RCX, 0, 0);
            a.move(State.place(rd(element)), RDX);
            values.unknown(rd(element));
        }
        missed(slow, false, block, index);
    }

    /** SC: a page that is not found for stores may fault, reservation or not, so Java does it then. */
    private void storeConditional(Block block, int index, long element) {
        values.load(RAX, (int) (element >>> 16) & 31);
        int slow = access(4, true, false);
        reservable();
        a.rm(Assembler.SUB, RDX, State.memory(Elements.RESERVATION));
        // Nothing from here to the last use of the flags changes them.
        a.moveImmediate(State.memory(Elements.RESERVATION), Elements.NO_RESERVATION);
        int lost = a.jumpShortIf(Assembler.NOT_EQUAL);
        values.load(RAX, (int) (element >>> 24) & 31);
        a.based(Assembler.MOV + Assembler.TO_OPERAND, RAX, RCX, 0, 0);
        a.patchShort(lost);
        if (rd(element) != 0) {
            a.set(Assembler.NOT_EQUAL, RAX);
            a.rm(Assembler.MOVZX8, RAX, RAX);
            a.move(State.place(rd(element)), RAX);
            values.unknown(rd(element));
        }
        missed(slow, true, block, index);
    }

    /** After a look-up: the host's address in rcx, the low half of the physical one in edx. */
    private void reservable() {
        a.indexedWide(0x8d, RCX, RCX, RAX, 0);
        a.move(RDX, RCX);
        a.rm(Assembler.SUB, RDX, State.memory(State.RAM));
    }

    private void csr(Operation operation, Block block, int index, long element) {
        if (system.csr(operation, (int) (element >>> 32), (int) (element >>> 16) & 31, rd(element))) {
            guarded(block, index);
        } else {
            inJava(block, index, true);
        }
        values.unknown(rd(element));
    }

    /** After an instruction that Java does if its guards say so. */
    private void guarded(Block block, int index) {
        int site = unit.site(block, index, rest);
        for (int i = 0; i < system.guards(); i++) {
            later.site(system.guard(i), a.position(), site);
        }
    }

    private void writeLater() {
        // Writing a branch from the middle adds an exit, so the list grows while it is worked through.
        for (int i = 0; i < later.count; i++) {
            int position = later.positions[i];
            int first = later.firsts[i];
            int second = later.seconds[i];
            switch (later.kinds[i]) {
                case Later.SITE -> {
                    a.patchJump(position, a.position());
                    leaveForJava(first, second);
                }
                case Later.AGAIN -> {
                    a.patchJump(position, a.position());
                    again(later.thirds[i]);
                    leaveForJava(first, second);
                }
                case Later.BRANCH -> {
                    a.patchJump(position, a.position());
                    refund(second);
                    leaveTo(first);
                }
                case Later.EXIT -> exits.nearStub(first);
                case Later.FAR_EXIT -> exits.farStub(first, second);
                default -> {
                    a.patchJump(position, a.position());
                    a.move(State.memory(State.JUMP), RAX);
                    a.moveImmediate(RAX, BackEnd.JUMP);
                    a.jump(stubs.exit);
                }
            }
        }
    }

    /** The page was not found at first: looks at its place again, and goes back to behind the look-up if it is found. */
    private void again(int foundOfStore) {
        a.call(foundOfStore > 0 ? stubs.secondStore : stubs.secondLoad);
        a.jumpIf(Assembler.EQUAL, Math.abs(foundOfStore));
    }

    private void leaveForJava(int resume, int site) {
        a.leaPosition(RCX, resume);
        a.moveImmediate(RAX, BackEnd.SITE | site << 2);
        a.jump(stubs.siteExit);
    }

    /** Pieces of code that are written behind the unit. */
    private static final class Later {
        static final int SITE = 0;
        static final int BRANCH = 1;
        static final int EXIT = 2;
        static final int FAR_EXIT = 3;
        static final int JUMP = 4;
        static final int AGAIN = 5;

        private static final int MOST = 1024;

        final int[] kinds = new int[MOST];
        final int[] positions = new int[MOST];
        final int[] firsts = new int[MOST];
        final int[] seconds = new int[MOST];
        final int[] thirds = new int[MOST];
        int count;

        void begin() {
            count = 0;
        }

        private void add(int kind, int position, int first, int second) {
            kinds[count] = kind;
            positions[count] = position;
            firsts[count] = first;
            seconds[count++] = second;
        }

        void site(int position, int resume, int site) {
            add(SITE, position, resume, site);
        }

        void again(int position, int resume, int site, int found) {
            thirds[count] = found;
            add(AGAIN, position, resume, site);
        }

        void branch(int position, int target, int refund) {
            add(BRANCH, position, target, refund);
        }

        void exit(int position, int exit) {
            add(EXIT, position, exit, 0);
        }

        void farExit(int exit, int target) {
            add(FAR_EXIT, 0, exit, target);
        }

        void jump(int position) {
            add(JUMP, position, 0, 0);
        }
    }
}
