// Calls every function of the firmware's SBI from S-mode and checks what comes back. Runs with as
// many harts as there are. Also a picture of what S-mode finds: delegation, counters, PMP.

#include "guest.h"

struct ret {
    int error;
    u32 value;
};

static struct ret call(u32 ext, u32 fn, u32 a, u32 b, u32 c, u32 d, u32 e)
{
    register u32 a0 __asm__("a0") = a;
    register u32 a1 __asm__("a1") = b;
    register u32 a2 __asm__("a2") = c;
    register u32 a3 __asm__("a3") = d;
    register u32 a4 __asm__("a4") = e;
    register u32 a6 __asm__("a6") = fn;
    register u32 a7 __asm__("a7") = ext;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a3), "r"(a4), "r"(a6), "r"(a7) : "memory");
    return (struct ret){a0, a1};
}

#define call0(ext, fn) call(ext, fn, 0, 0, 0, 0, 0)
#define call3(ext, fn, a, b, c) call(ext, fn, a, b, c, 0, 0)

enum { BASE = 0x10, TIME = 0x54494d45, IPI = 0x735049, RFENCE = 0x52464e43, HSM = 0x48534d,
    SRST = 0x53525354, DBCN = 0x4442434e };
enum { NOT_SUPPORTED = -2, INVALID_PARAM = -3, INVALID_ADDRESS = -5, ALREADY_AVAILABLE = -6 };
enum { STARTED = 0, STOPPED = 1 };

#define FIRMWARE 0x80000000
#define SSI (1 << IRQ_SSI)
#define STI (1 << IRQ_STI)
#define SIE 2
#define MAX 8
#define ROUNDS 8

extern char secondary_start[], probe_load[], probe_store[], probe_illegal[], probe_break[];
extern char user_code[];

static volatile u32 trap_cause, trap_tval, trap_pc, software_interrupts[MAX];
static volatile u32 started[MAX], seen_opaque[MAX], fenced[MAX], go, rounds_done;
static u32 harts;

// Counts interrupts, and steps over exceptions, all of which are four bytes long here.
void trap(struct frame *f, u32 cause, u32 tval)
{
    if (cause == (INTERRUPT | IRQ_SSI)) {
        csr_clear(sip, SSI);
        __atomic_fetch_add(&software_interrupts[f->x[4]], 1, __ATOMIC_SEQ_CST);
        return;
    }
    trap_cause = cause;
    trap_tval = tval;
    trap_pc = f->x[0];
    if (cause == (INTERRUPT | IRQ_STI))
        csr_clear(sie, STI);
    else if (cause == 8) {
        // Back from user mode: go on at the return address, in S-mode.
        f->x[0] = f->x[1];
        csr_set(sstatus, 1 << 8);
    } else
        f->x[0] += 4;
}

// Looks and sleeps with interrupts off, so that none comes between the two; takes each one then.
static void wait_for(const volatile u32 *word)
{
    csr_clear(sstatus, SIE);
    while (!*word) {
        wfi();
        csr_set(sstatus, SIE);
        csr_clear(sstatus, SIE);
    }
    csr_set(sstatus, SIE);
}

// tp holds the hart identifier, for the trap handler.
static void set_tp(u32 hartid) { __asm__ volatile("mv tp, %0" ::"r"(hartid)); }

static void base(void)
{
    static const u32 present[] = {BASE, TIME, IPI, RFENCE, HSM, SRST, DBCN, 0, 1, 2, 3, 4, 5, 6, 7, 8};

    struct ret r = call0(BASE, 0);
    check(1, r.error == 0 && r.value == 0x02000000);
    r = call0(BASE, 1);
    check(2, r.error == 0 && r.value > 11);
    check(3, call0(BASE, 2).error == 0);
    for (u32 i = 0; i < sizeof present / sizeof present[0]; i++) {
        r = call(BASE, 3, present[i], 0, 0, 0, 0);
        check(4, r.error == 0 && r.value == 1);
    }
    r = call(BASE, 3, 0x504d55, 0, 0, 0, 0);
    check(5, r.error == 0 && r.value == 0);
    for (u32 fn = 4; fn <= 6; fn++)
        check(6, call0(BASE, fn).error == 0);
    for (u32 i = 0; i < 7; i++)
        check(7, call0(present[i], 99).error == NOT_SUPPORTED);
    check(8, call0(0x12345678, 0).error == NOT_SUPPORTED);
}

// An environment call changes no register but a0 and a1.
static void registers_kept(void)
{
    u32 lost;

    __asm__ volatile(
        "li a6, 0\n li a7, 16\n li a0, 1\n li a1, 2\n li a2, 3\n li a3, 4\n li a4, 5\n li a5, 6\n"
        "li t0, 7\n li t1, 8\n li t2, 9\n li t3, 10\n li t4, 11\n li t5, 12\n li t6, 13\n"
        "mv s1, sp\n mv s2, gp\n mv s3, tp\n la ra, 1f\n mv s4, ra\n"
        "ecall\n"
        "1: addi a7, a7, -16\n addi a2, a2, -3\n addi a3, a3, -4\n addi a4, a4, -5\n addi a5, a5, -6\n"
        "addi t0, t0, -7\n addi t1, t1, -8\n addi t2, t2, -9\n addi t3, t3, -10\n addi t4, t4, -11\n"
        "addi t5, t5, -12\n addi t6, t6, -13\n"
        "sub s1, s1, sp\n sub s2, s2, gp\n sub s3, s3, tp\n sub s4, s4, ra\n"
        "or a0, a0, a6\n or a0, a0, a7\n or a0, a0, a2\n or a0, a0, a3\n or a0, a0, a4\n or a0, a0, a5\n"
        "or a0, a0, t0\n or a0, a0, t1\n or a0, a0, t2\n or a0, a0, t3\n or a0, a0, t4\n or a0, a0, t5\n"
        "or a0, a0, t6\n or a0, a0, s1\n or a0, a0, s2\n or a0, a0, s3\n or a0, a0, s4\n mv %0, a0"
        : "=r"(lost)::"ra", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3",
          "t4", "t5", "t6", "s1", "s2", "s3", "s4", "memory");
    check(10, lost == 0);
    // A legacy call leaves a1 alone too.
    check(11, call(2, 0, 0, 4711, 0, 0, 0).value == 4711);
}

static void set_timer(u64 when) { check(20, call(TIME, 0, when, when >> 32, 0, 0, 0).error == 0); }

static void timer(void)
{
    trap_cause = 0;
    set_timer(-1);
    check(21, !(csr_read(sip) & STI));
    csr_set(sie, STI);
    set_timer(time_now() + 2000);
    wait_for(&trap_cause);
    check(22, trap_cause == (INTERRUPT | IRQ_STI));
    check(23, csr_read(sip) & STI);
    set_timer(-1);
    check(24, !(csr_read(sip) & STI));
    csr_clear(sstatus, SIE);
    set_timer(0);
    check(25, csr_read(sip) & STI);
    // The legacy call does the same.
    check(26, call(0, 0, -1, -1, 0, 0, 0).error == 0);
    check(27, !(csr_read(sip) & STI));
}

static void counters(void)
{
    u32 cycle = csr_read(cycle), instret = csr_read(instret);
    u64 time = time_now();

    while (time_now() == time)
        ;
    check(30, csr_read(cycle) != cycle);
    check(31, csr_read(instret) != instret);
}

static void delegation_and_protection(void)
{
    __asm__ volatile("probe_load: .option push\n .option norvc\n lw t0, 0(%0)\n .option pop" ::"r"(FIRMWARE) : "t0");
    check(40, trap_cause == 5 && trap_tval == FIRMWARE && trap_pc == (u32)probe_load);
    __asm__ volatile(".option push\n .option norvc\n probe_store: sw t0, 0(%0)\n .option pop" ::"r"(FIRMWARE + 0xfffc));
    check(41, trap_cause == 7 && trap_tval == FIRMWARE + 0xfffc && trap_pc == (u32)probe_store);
    check(42, *(volatile u32 *)(FIRMWARE + 0x10000) + 1 != 0 || trap_tval != FIRMWARE + 0x10000);
    __asm__ volatile("probe_illegal: csrr t0, mstatus" ::: "t0");
    check(43, trap_cause == 2 && trap_pc == (u32)probe_illegal);
    __asm__ volatile(".option push\n .option norvc\n probe_break: ebreak\n .option pop");
    check(44, trap_cause == 3 && trap_pc == (u32)probe_break);
    // An ecall of U-mode is the kernel's.
    csr_clear(sstatus, 1 << 8);
    __asm__ volatile("la t0, user_code\n csrw sepc, t0\n la ra, 1f\n sret\n"
                     ".balign 4\n user_code: ecall\n 1:" ::: "t0", "ra", "memory");
    check(45, trap_cause == 8 && trap_pc == (u32)user_code);
}

static void software_interrupt_here(u32 me)
{
    u32 before = software_interrupts[me];

    check(50, call3(IPI, 0, 1, me, 0).error == 0);
    check(51, csr_read(sip) & SSI);
    check(52, call0(3, 0).error == 1);
    check(53, !(csr_read(sip) & SSI));
    check(54, call0(3, 0).error == 0);
    csr_set(sie, SSI);
    csr_set(sstatus, SIE);
    call3(IPI, 0, 1 << me, 0, 0);
    while (software_interrupts[me] != before + 1)
        ;
    u32 mask = 1 << me;
    check(55, call(4, 0, (u32)&mask, 0, 0, 0, 0).error == 0);
    while (software_interrupts[me] != before + 2)
        ;
    check(56, call(4, 0, FIRMWARE, 0, 0, 0, 0).error < 0);
    check(57, call(4, 0, 0xfffffffc, 0, 0, 0, 0).error < 0);
    check(58, call3(IPI, 0, 0, 0, 0).error == 0 && call3(IPI, 0, 0, 1000, 0).error == 0);
    check(59, call3(IPI, 0, 1, MAX, 0).error == INVALID_PARAM);
    check(60, call3(IPI, 0, 1 << 31, 0, 0).error == INVALID_PARAM);
    check(61, call3(IPI, 0, 2, 31, 0).error == INVALID_PARAM);
    check(62, call3(IPI, 0, 1, -2, 0).error == INVALID_PARAM);
}

static void fences(void)
{
    for (u32 fn = 0; fn <= 2; fn++) {
        check(70, call(RFENCE, fn, 1, 0, 0, 0, 0).error == 0);
        check(71, call(RFENCE, fn, 0, -1, 0, -1, 0).error == 0);
        check(72, call(RFENCE, fn, 1, 0, 0x12345ffc, 8, 1).error == 0);
        check(73, call(RFENCE, fn, 1, MAX, 0, 0, 0).error == INVALID_PARAM);
    }
    check(74, call0(RFENCE, 3).error == NOT_SUPPORTED);
    u32 mask = 1;
    for (u32 ext = 5; ext <= 7; ext++) {
        check(75, call(ext, 0, (u32)&mask, 0x1000, 0x2000, 3, 0).error == 0);
        check(76, call(ext, 0, 0, 0, 0, 0, 0).error == 0);
        check(77, call(ext, 0, FIRMWARE, 0, 0, 0, 0).error < 0);
    }
}

static struct ret status(u32 hart) { return call(HSM, 2, hart, 0, 0, 0, 0); }

static struct ret start(u32 hart, void *where, u32 opaque) { return call3(HSM, 0, hart, (u32)where, opaque); }

static void hart_state(void)
{
    check(80, status(0).error == 0 && status(0).value == STARTED);
    check(81, status(MAX).error == INVALID_PARAM && status(-1).error == INVALID_PARAM);
    check(82, start(0, secondary_start, 0).error == ALREADY_AVAILABLE);
    check(83, start(MAX, secondary_start, 0).error == INVALID_PARAM);
    for (harts = 1; harts < MAX && status(harts).error == 0; harts++)
        check(84, status(harts).value == STOPPED);
    // The address comes before the state in no order that the specification fixes: ask a stopped one.
    if (harts > 1) {
        check(85, start(1, (void *)(FIRMWARE + 0x100), 0).error == INVALID_ADDRESS);
        check(86, start(1, (void *)0x100000, 0).error == INVALID_ADDRESS);
        check(87, start(1, (void *)0xfffffff0, 0).error == INVALID_ADDRESS);
    }
}

// Suspends the hart non-retentively with opaque 4712. Returns the a0 that it resumed with, and a1.
u32 suspend_to_resumed(u32 *a1);
__asm__(".section .text.suspend_to_resumed, \"ax\"\n"
        "suspend_to_resumed:\n"
        "la t0, kept\n sw a0, 0(t0)\n sw ra, 4(t0)\n sw sp, 8(t0)\n sw gp, 12(t0)\n sw tp, 16(t0)\n"
        "sw s0, 20(t0)\n sw s1, 24(t0)\n sw s2, 28(t0)\n sw s3, 32(t0)\n sw s4, 36(t0)\n sw s5, 40(t0)\n"
        "sw s6, 44(t0)\n sw s7, 48(t0)\n sw s8, 52(t0)\n sw s9, 56(t0)\n sw s10, 60(t0)\n sw s11, 64(t0)\n"
        "li a0, 0x80000000\n la a1, resumed\n li a2, 4712\n li a6, 3\n li a7, 0x48534d\n ecall\n"
        "li a0, -1\n"
        "resumed:\n"
        "la t0, kept\n lw t1, 0(t0)\n sw a1, 0(t1)\n lw ra, 4(t0)\n lw sp, 8(t0)\n lw gp, 12(t0)\n"
        "lw tp, 16(t0)\n lw s0, 20(t0)\n lw s1, 24(t0)\n lw s2, 28(t0)\n lw s3, 32(t0)\n lw s4, 36(t0)\n"
        "lw s5, 40(t0)\n lw s6, 44(t0)\n lw s7, 48(t0)\n lw s8, 52(t0)\n lw s9, 56(t0)\n lw s10, 60(t0)\n"
        "lw s11, 64(t0)\n ret\n"
        ".section .bss.kept, \"aw\", @nobits\n .balign 4\n kept: .space 68\n"
        ".text\n");

static void suspend(void)
{
    // Retentive: returns when an enabled interrupt is pending, taken or not.
    csr_clear(sstatus, SIE);
    csr_write(sie, STI);
    set_timer(time_now() + 2000);
    check(90, call0(HSM, 3).error == 0);
    check(91, csr_read(sip) & STI);
    check(92, call(HSM, 3, 1, 0, 0, 0, 0).error == INVALID_PARAM);
    check(93, call3(HSM, 3, 0x80000000, FIRMWARE, 0).error == INVALID_ADDRESS);
    // Non-retentive: begins again as a started hart does, with no register kept.
    u32 a0, a1;
    set_timer(time_now() + 2000);
    a0 = suspend_to_resumed(&a1);
    check(94, a0 == 0 && a1 == 4712);
    check(95, csr_read(sip) & STI);
    set_timer(-1);
}

static void console(void)
{
    static const char line[] = "sbi: debug console\n";
    static char input[16];
    u32 n = sizeof line - 1;

    struct ret r = call3(DBCN, 0, n, (u32)line, 0);
    check(100, r.error == 0 && r.value == n);
    check(101, call3(DBCN, 0, 4, FIRMWARE + 0xffff, 0).error == INVALID_PARAM);
    check(102, call3(DBCN, 0, 4, (u32)line, 1).error == INVALID_PARAM);
    check(103, call3(DBCN, 0, 0x7fffffff, (u32)line, 0).error == INVALID_PARAM);
    check(104, call3(DBCN, 1, 4, 0x1000, 0).error == INVALID_PARAM);
    check(105, call3(DBCN, 0, 4, 0xfffffff0, 0).error == INVALID_PARAM);
    r = call3(DBCN, 1, sizeof input, (u32)input, 0);
    check(106, r.error == 0 && r.value <= sizeof input);
    r = call3(DBCN, 0, 0, (u32)line, 0);
    check(107, r.error == 0 && r.value == 0);
    for (const char *s = "sbi: write_byte\n"; *s; s++)
        check(108, call(DBCN, 2, *s, 0, 0, 0, 0).error == 0);
    for (const char *s = "sbi: legacy console\n"; *s; s++)
        check(109, call(1, 0, *s, 0, 0, 0, 0).error == 0);
    check(110, call0(2, 0).error >= -1);
}

static void reset(void)
{
    check(120, call(SRST, 0, 3, 0, 0, 0, 0).error == INVALID_PARAM);
    check(121, call(SRST, 0, 0, 2, 0, 0, 0).error == INVALID_PARAM);
    check(122, call(SRST, 0, 0xf0000000, 0, 0, 0, 0).error == NOT_SUPPORTED);
}

// Every hart sends fences and interrupts to all, all at once: nobody may wait for ever.
static void crossfire(void)
{
    for (u32 i = 0; i < ROUNDS; i++) {
        check(130, call(RFENCE, i % 3, 0, -1, i << 12, 4096 * (i & 3), i).error == 0);
        check(131, call3(IPI, 0, 0, -1, 0).error == 0);
    }
    __atomic_fetch_add(&rounds_done, 1, __ATOMIC_SEQ_CST);
    while (rounds_done < harts)
        ;
}

void secondary(u32 hartid, u32 opaque)
{
    set_tp(hartid);
    check(140, csr_read(satp) == 0 && !(csr_read(sstatus) & SIE));
    seen_opaque[hartid] = opaque;
    __atomic_fetch_add(&started[hartid], 1, __ATOMIC_SEQ_CST);
    if (started[hartid] == 1) {
        csr_write(sie, SSI);
        csr_set(sstatus, SIE);
        wait_for(&go);
        crossfire();
    }
    csr_clear(sstatus, SIE);
    call0(HSM, 1);
    fail(141);
}

static void other_harts(void)
{
    for (u32 i = 1; i < harts; i++) {
        check(150, start(i, secondary_start, 1000 + i).error == 0);
        while (!started[i])
            ;
        check(151, seen_opaque[i] == 1000 + i && status(i).value == STARTED);
        check(152, start(i, secondary_start, 0).error == ALREADY_AVAILABLE);
    }
    csr_write(sie, SSI);
    csr_set(sstatus, SIE);
    go = 1;
    check(153, call3(IPI, 0, 0, -1, 0).error == 0);
    crossfire();
    for (u32 i = 0; i < harts; i++)
        check(154, software_interrupts[i] > 0);
    for (u32 i = 1; i < harts; i++) {
        while (status(i).value != STOPPED)
            ;
        check(155, start(i, secondary_start, 2000 + i).error == 0);
        while (status(i).value != STOPPED)
            ;
        check(156, started[i] == 2 && seen_opaque[i] == 2000 + i);
    }
}

void main(u32 hartid, u32 fdt)
{
    check(160, hartid == 0 && *(u32 *)fdt == 0xedfe0dd0);
    set_tp(hartid);
    csr_write(sie, 0);
    base();
    registers_kept();
    timer();
    counters();
    delegation_and_protection();
    software_interrupt_here(hartid);
    fences();
    hart_state();
    suspend();
    console();
    reset();
    other_harts();
    print("sbi: ");
    print_dec(harts);
    print(" harts, all calls hold\n");
}
