// Every synchronous trap that M-mode can bring about, with its cause, its address and its tval.

#include "guest.h"

#define NOTHING 0x07000000         // no device and no memory there
#define MPP_MASK (3 << 11)
#define MPP_S (1 << 11)
#define MPRV (1 << 17)

#define FETCH_ACCESS 1
#define ILLEGAL 2
#define BREAKPOINT 3
#define LOAD_ACCESS 5
#define STORE_MISALIGNED 6
#define STORE_ACCESS 7
#define ECALL_U 8
#define ECALL_S 9
#define ECALL_M 11

static volatile u32 traps, trap_cause, trap_tval, trap_pc, resume;

// Goes on in M-mode behind the faulting instruction, or at `resume` where that is set.
void trap(struct frame *f, u32 cause, u32 tval)
{
    traps++;
    trap_cause = cause;
    trap_tval = tval;
    trap_pc = f->x[0];
    f->x[0] = resume ? resume : f->x[0] + ((*(u16 *)f->x[0] & 3) == 3 ? 4 : 2);
    resume = 0;
    csr_set(mstatus, MPP_MASK);
}

static void expect(u32 test, u32 cause, u32 pc)
{
    check(test, traps == 1 && trap_cause == cause && trap_pc == pc);
    traps = 0;
}

// Runs one instruction that must trap; `at` is where it stands.
#define TRY(insn, ...) \
    ({ u32 at_; \
       __asm__ volatile("la %0, 1f\n 1: .option push\n .option norvc\n " insn "\n .option pop" \
                        : "=&r"(at_) : __VA_ARGS__ : "t0", "memory"); \
       at_; })
#define TRY_SHORT(insn) \
    ({ u32 at_; __asm__ volatile("la %0, 1f\n 1: " insn : "=&r"(at_)::"t0", "memory"); at_; })

static void illegal(void)
{
    // tval is the instruction, or 0 where the hart does not say.
    u32 at = TRY(".word 0xffffffff", );
    expect(10, ILLEGAL, at);
    check(11, trap_tval == 0xffffffff || trap_tval == 0);
    at = TRY_SHORT(".half 0");
    expect(12, ILLEGAL, at);
    check(13, trap_tval == 0);
    at = TRY(".word 0x7c002073 | 5 << 7", );  // csrr t0, 0x7c0: there is none
    expect(14, ILLEGAL, at);
    at = TRY("csrw cycle, zero", );
    expect(15, ILLEGAL, at);
    at = TRY("csrw mhartid, t0", );
    expect(16, ILLEGAL, at);
    // Reading a read-only register without writing is fine, whatever the form.
    TRY("csrrs t0, mhartid, zero", );
    TRY("csrrci t0, cycle, 0", );
    check(17, traps == 0);
    at = TRY("csrrwi zero, cycle, 0", );
    expect(18, ILLEGAL, at);
}

static void calls(void)
{
    u32 at = TRY("ecall", );
    expect(20, ECALL_M, at);
    check(21, trap_tval == 0);
    at = TRY("ebreak", );
    expect(22, BREAKPOINT, at);
    check(23, trap_tval == at || trap_tval == 0);
    at = TRY_SHORT("c.ebreak");
    expect(24, BREAKPOINT, at);
}

static void access(void)
{
    u32 at = TRY("lw t0, 0(%1)", "r"(NOTHING));
    expect(30, LOAD_ACCESS, at);
    check(31, trap_tval == NOTHING);
    at = TRY("lbu t0, 3(%1)", "r"(NOTHING));
    expect(32, LOAD_ACCESS, at);
    check(33, trap_tval == NOTHING + 3);
    at = TRY("sw t0, -4(%1)", "r"(NOTHING + 8));
    expect(34, STORE_ACCESS, at);
    check(35, trap_tval == NOTHING + 4);
    at = TRY("amoadd.w t0, t0, (%1)", "r"(NOTHING));
    // A store fault by the specification; QEMU 7.2 reads first and says so.
    expect(36, trap_cause == LOAD_ACCESS ? LOAD_ACCESS : STORE_ACCESS, at);
    at = TRY("lr.w t0, (%1)", "r"(NOTHING));
    expect(37, LOAD_ACCESS, at);
    u32 back;
    __asm__ volatile("la %0, 1f\n sw %0, %1\n jr %2\n 1:" : "=&r"(back), "=m"(resume) : "r"(NOTHING) : "memory");
    expect(38, FETCH_ACCESS, NOTHING);
    check(39, trap_tval == NOTHING);
}

// Loads and stores may be misaligned; an atomic may not.
static void misaligned(void)
{
    static volatile u8 bytes[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    u32 v;

    __asm__ volatile("lw %0, 1(%1)" : "=r"(v) : "r"(bytes) : "memory");
    check(40, v == 0x04030201);
    __asm__ volatile("lhu %0, 3(%1)" : "=r"(v) : "r"(bytes) : "memory");
    check(41, v == 0x0403);
    __asm__ volatile("sw %0, 2(%1)" ::"r"(0x44332211), "r"(bytes) : "memory");
    check(42, bytes[1] == 1 && bytes[2] == 0x11 && bytes[5] == 0x44 && bytes[6] == 6);
    __asm__ volatile("sh %0, 7(%1)" ::"r"(0xbbaa), "r"(bytes) : "memory");
    check(43, bytes[7] == 0xaa && bytes[8] == 0xbb);
    check(44, traps == 0);
}

// In U- and S-mode the calls have their own causes, and the machine's registers are illegal.
static void lower_modes(void)
{
    extern char in_user[], in_supervisor[], csr_user[], wfi_user[], mret_supervisor[];

    csr_write(pmpaddr0, -1);
    csr_write(pmpcfg0, 0x1f);
    csr_clear(mstatus, MPP_MASK);
    __asm__ volatile("la t0, in_user\n csrw mepc, t0\n mret\n .balign 4\n in_user: ecall" ::: "t0", "memory");
    expect(50, ECALL_U, (u32)in_user);
    csr_clear(mstatus, MPP_MASK);
    csr_set(mstatus, MPP_S);
    __asm__ volatile("la t0, in_supervisor\n csrw mepc, t0\n mret\n .balign 4\n in_supervisor: ecall" ::: "t0", "memory");
    expect(51, ECALL_S, (u32)in_supervisor);
    csr_clear(mstatus, MPP_MASK);
    __asm__ volatile("la t0, csr_user\n csrw mepc, t0\n mret\n .balign 4\n csr_user: csrr t0, mstatus" ::: "t0", "memory");
    expect(52, ILLEGAL, (u32)csr_user);
    csr_clear(mstatus, MPP_MASK);
    csr_set(mstatus, 1 << 21);  // TW
    __asm__ volatile("la t0, wfi_user\n csrw mepc, t0\n mret\n .balign 4\n wfi_user: wfi" ::: "t0", "memory");
    expect(53, ILLEGAL, (u32)wfi_user);
    csr_clear(mstatus, 1 << 21);
    csr_clear(mstatus, MPP_MASK);
    csr_set(mstatus, MPP_S);
    __asm__ volatile("la t0, mret_supervisor\n csrw mepc, t0\n mret\n .balign 4\n mret_supervisor: mret" ::: "t0", "memory");
    expect(54, ILLEGAL, (u32)mret_supervisor);
}

void main(u32 hartid, u32 fdt)
{
    (void)hartid, (void)fdt;
    illegal();
    calls();
    access();
    misaligned();
    lower_modes();
    print("every trap is as it should be\n");
}
