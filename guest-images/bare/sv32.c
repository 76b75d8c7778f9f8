// Sv32 from M-mode: loads and stores through MPRV, instruction fetches by going there. Permissions,
// superpages, A and D bits, ASIDs, and the tval of every page fault.

#include "guest.h"

#define V 0x01
#define R 0x02
#define W 0x04
#define X 0x08
#define U 0x10
#define G 0x20
#define A 0x40
#define D 0x80
#define RWXAD (V | R | W | X | A | D)

#define PAGE 4096
#define SV32 0x80000000
#define MPP_MASK (3 << 11)
#define MPP_S (1 << 11)
#define MPP_U 0
#define MPRV (1 << 17)
#define SUM (1 << 18)
#define MXR (1 << 19)

#define FETCH_FAULT 12
#define LOAD_FAULT 13
#define STORE_FAULT 15

#define VA 0x40000000              // the window that the tests map, by the table `leaf`

static u32 root[1024] __attribute__((aligned(PAGE)));
static u32 leaf[1024] __attribute__((aligned(PAGE)));
static u32 page[1024] __attribute__((aligned(PAGE)));
static u32 other[1024] __attribute__((aligned(PAGE)));

static volatile u32 trap_cause, trap_tval;
static u32 resume;

// Back to M-mode behind the access, or at `resume` after a jump into the window.
void trap(struct frame *f, u32 cause, u32 tval)
{
    trap_cause = cause;
    trap_tval = tval;
    f->x[0] = resume ? resume : f->x[0] + 4;
    resume = 0;
    csr_set(mstatus, MPP_MASK);
    csr_clear(mstatus, MPRV);
}

static void flush(void) { __asm__ volatile("sfence.vma" ::: "memory"); }

static u32 pte(const void *p, u32 flags) { return (u32)p >> 12 << 10 | flags; }

static void map(u32 flags)
{
    leaf[0] = pte(page, flags);
    flush();
}

static void as(u32 mode)
{
    trap_cause = 0;
    csr_clear(mstatus, MPP_MASK);
    csr_set(mstatus, mode);
}

// These return the cause of the trap, 0 for none.
static u32 load(u32 mode, u32 va, u32 *value)
{
    u32 v;

    as(mode);
    __asm__ volatile(".option push\n .option norvc\n csrs mstatus, %2\n lw %0, 0(%1)\n csrc mstatus, %2\n .option pop"
                     : "=&r"(v) : "r"(va), "r"(MPRV) : "memory");
    *value = v;
    return trap_cause;
}

static u32 store(u32 mode, u32 va, u32 value)
{
    as(mode);
    __asm__ volatile(".option push\n .option norvc\n csrs mstatus, %2\n sw %0, 0(%1)\n csrc mstatus, %2\n .option pop"
                     ::"r"(value), "r"(va), "r"(MPRV) : "memory");
    return trap_cause;
}

// The window's first instruction is an ecall, which comes back as cause 8 or 9.
static u32 fetch(u32 mode, u32 va)
{
    as(mode);
    __asm__ volatile("la t0, 1f\n sw t0, %0\n csrw mepc, %1\n mret\n 1:" : "=m"(resume) : "r"(va) : "t0", "memory");
    return trap_cause;
}

static void permissions(void)
{
    u32 v;

    map(RWXAD);
    check(10, store(MPP_S, VA + 8, 77) == 0 && page[2] == 77);
    check(11, load(MPP_S, VA + 8, &v) == 0 && v == 77);
    check(12, fetch(MPP_S, VA) == 9);
    check(13, load(MPP_U, VA + 8, &v) == LOAD_FAULT && trap_tval == VA + 8);
    check(14, store(MPP_U, VA + 12, 1) == STORE_FAULT && trap_tval == VA + 12);
    check(15, fetch(MPP_U, VA) == FETCH_FAULT && trap_tval == VA);
    map(RWXAD | U);
    check(16, load(MPP_U, VA + 8, &v) == 0 && store(MPP_U, VA + 8, 78) == 0 && fetch(MPP_U, VA) == 8);
    check(17, load(MPP_S, VA + 8, &v) == LOAD_FAULT);
    csr_set(mstatus, SUM);
    check(18, load(MPP_S, VA + 8, &v) == 0 && v == 78 && store(MPP_S, VA + 8, 79) == 0);
    check(19, fetch(MPP_S, VA) == FETCH_FAULT);
    csr_clear(mstatus, SUM);
    map(V | R | A | D);
    check(20, load(MPP_S, VA, &v) == 0 && store(MPP_S, VA, 0) == STORE_FAULT && fetch(MPP_S, VA) == FETCH_FAULT);
    map(V | X | A | D);
    check(21, load(MPP_S, VA, &v) == LOAD_FAULT && store(MPP_S, VA, 0) == STORE_FAULT && fetch(MPP_S, VA) == 9);
    csr_set(mstatus, MXR);
    check(22, load(MPP_S, VA, &v) == 0);
    csr_clear(mstatus, MXR);
    map(V | W | A | D);
    check(23, load(MPP_S, VA, &v) == LOAD_FAULT);
    map(RWXAD & ~V);
    check(24, load(MPP_S, VA, &v) == LOAD_FAULT && fetch(MPP_S, VA) == FETCH_FAULT);
    // A leaf table may not point on to a third level.
    map(V);
    check(25, load(MPP_S, VA, &v) == LOAD_FAULT);
    check(26, load(MPP_S, 0xc0000000, &v) == LOAD_FAULT && trap_tval == 0xc0000000);
}

// A clear A or D bit either faults, or the hart sets it: never does the access pass and the bit stay.
static void accessed_and_dirty(void)
{
    u32 v;

    map(RWXAD & ~(A | D));
    u32 cause = load(MPP_S, VA, &v);
    check(30, cause == LOAD_FAULT ? !(leaf[0] & A) : cause == 0 && (leaf[0] & (A | D)) == A);
    int by_hardware = cause == 0;
    map(RWXAD & ~D);
    check(31, load(MPP_S, VA, &v) == 0 && !(leaf[0] & D));
    cause = store(MPP_S, VA + 8, 80);
    check(32, by_hardware ? cause == 0 && leaf[0] & D : cause == STORE_FAULT && !(leaf[0] & D));
    map(RWXAD & ~A);
    cause = fetch(MPP_S, VA);
    check(33, by_hardware ? cause == 9 && leaf[0] & A : cause == FETCH_FAULT);
    // No bit is set for an access that is refused.
    map(V | R);
    check(34, store(MPP_S, VA, 0) == STORE_FAULT && !(leaf[0] & (A | D)));
    print(by_hardware ? "A and D by hardware\n" : "A and D by page fault\n");
}

static void superpages(void)
{
    u32 v, first = (u32)page & ~0x3fffff;

    // 4 MB that hold this program, at another address.
    root[0x101] = pte((void *)first, RWXAD);
    flush();
    page[3] = 4711;
    check(40, load(MPP_S, 0x40400000 + (u32)&page[3] - first, &v) == 0 && v == 4711);
    root[0x101] = pte((void *)(first + PAGE), RWXAD);
    flush();
    check(41, load(MPP_S, 0x40400000, &v) == LOAD_FAULT && trap_tval == 0x40400000);
    root[0x101] = 0;
    flush();
}

// An access over a page border faults on the page that is missing, with the address there.
static void page_border(void)
{
    u32 v;

    map(RWXAD);
    leaf[1] = pte(other, RWXAD);
    flush();
    page[1023] = 0x11223344;
    other[0] = 0x55667788;
    check(50, load(MPP_S, VA + PAGE - 2, &v) == 0 && v == 0x77881122);
    check(51, store(MPP_S, VA + PAGE - 1, 0xaabbccdd) == 0);
    check(52, page[1023] == 0xdd223344 && other[0] == 0x55aabbcc);
    leaf[1] = 0;
    flush();
    check(53, load(MPP_S, VA + PAGE - 2, &v) == LOAD_FAULT);
    check(54, trap_tval == VA + PAGE || trap_tval == VA + PAGE - 2);
    check(55, store(MPP_S, VA + PAGE - 2, 0) == STORE_FAULT && page[1023] == 0xdd223344);
}

static void address_spaces(void)
{
    u32 v, satp = SV32 | (u32)root >> 12;

    page[4] = 1;
    other[4] = 2;
    csr_write(satp, satp | 0x1ff << 22);
    u32 asids = csr_read(satp) >> 22 & 0x1ff;
    csr_write(satp, satp | 1 << 22);
    map(RWXAD);
    check(60, load(MPP_S, VA + 16, &v) == 0 && v == 1);
    if (asids) {
        csr_write(satp, satp | 2 << 22);
        leaf[0] = pte(other, RWXAD);
        __asm__ volatile("sfence.vma x0, %0" ::"r"(2) : "memory");
        check(61, load(MPP_S, VA + 16, &v) == 0 && v == 2);
    }
    csr_write(satp, satp);
    map(RWXAD);
    leaf[0] = pte(other, RWXAD);
    __asm__ volatile("sfence.vma %0, x0" ::"r"(VA) : "memory");
    check(62, load(MPP_S, VA + 16, &v) == 0 && v == 2);
    // Translation off: the same address is physical now, and there is nothing.
    csr_write(satp, 0);
    check(63, load(MPP_S, (u32)&page[4], &v) == 0 && v == 1);
}

void main(u32 hartid, u32 fdt)
{
    (void)hartid, (void)fdt;
    csr_write(pmpaddr0, -1);
    csr_write(pmpcfg0, 0x1f);
    root[VA >> 22] = pte(leaf, V);
    page[0] = 0x00000073;          // ecall
    csr_write(satp, SV32 | (u32)root >> 12);
    check(1, csr_read(satp) == (SV32 | (u32)root >> 12));
    permissions();
    accessed_and_dirty();
    superpages();
    page_border();
    address_spaces();
    print("Sv32 holds\n");
}
