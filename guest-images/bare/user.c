// A small system in the manner of teaching kernels: M-mode sets up and keeps the timer, which it hands on as a
// software interrupt; an S-mode kernel with Sv32 runs a U-mode program, whose traps come by a trampoline that
// is mapped at the top of both address spaces.

#include "guest.h"

#define V 0x01
#define R 0x02
#define W 0x04
#define X 0x08
#define U 0x10

#define PAGE 4096
#define MEGA 0x400000
#define SV32 0x80000000
#define TRAMPOLINE 0xfffff000
#define TRAPFRAME 0xffffe000
#define LAZY 0x00003000            // mapped when the program first stores there

#define SPIE (1 << 5)
#define SPP (1 << 8)
#define MPP (3 << 11)
#define MPP_S (1 << 11)

#define INTERVAL 20000             // ticks between timer interrupts
#define TICKS_WANTED 5

#define CALL_PUT 1
#define CALL_TICKS 2
#define CALL_EXIT 3
#define ECALL_U 8
#define STORE_PAGE_FAULT 15

// What the trampoline needs of the kernel, then the program's registers by number; x[0] is its pc.
struct trapframe {
    u32 kernel_satp, kernel_sp, kernel_entry;
    u32 x[32];
};

extern char timer_vector[], kernel_vector[], trampoline[], user_vector[], user_return[], user_text[];

static u32 kernel_root[1024] __attribute__((aligned(PAGE)));
static u32 user_root[1024] __attribute__((aligned(PAGE)));
static u32 top_leaf[1024] __attribute__((aligned(PAGE)));
static u32 user_top_leaf[1024] __attribute__((aligned(PAGE)));
static u32 user_leaf[1024] __attribute__((aligned(PAGE)));
static u32 user_stack[1024] __attribute__((aligned(PAGE)));
static u32 lazy_page[1024] __attribute__((aligned(PAGE)));
static struct trapframe trapframe __attribute__((aligned(PAGE)));
static u32 kernel_stack[1024] __attribute__((aligned(16)));
u32 timer_scratch[5];              // three registers, where mtimecmp is, the interval

static volatile u32 kernel_ticks, user_ticks, lazy_faults;

__asm__(".text\n"
        ".balign 4\n"
        "timer_vector:\n"
        "  csrrw a0, mscratch, a0\n"
        "  sw a1, 0(a0)\n"
        "  sw a2, 4(a0)\n"
        "  sw a3, 8(a0)\n"
        "  lw a1, 12(a0)\n"        // mtimecmp += interval, 64 bits; never too early in between
        "  lw a2, 16(a0)\n"
        "  lw a3, 0(a1)\n"
        "  add a2, a3, a2\n"
        "  sltu a3, a2, a3\n"
        "  lw a0, 4(a1)\n"
        "  add a3, a3, a0\n"
        "  li a0, -1\n"
        "  sw a0, 4(a1)\n"
        "  sw a2, 0(a1)\n"
        "  sw a3, 4(a1)\n"
        "  csrwi sip, 2\n"         // the timer goes on as a software interrupt
        "  la a0, timer_scratch\n"
        "  lw a1, 0(a0)\n"
        "  lw a2, 4(a0)\n"
        "  lw a3, 8(a0)\n"
        "  csrrw a0, mscratch, a0\n"
        "  mret\n"
        ".balign 4\n"
        "kernel_vector:\n"
        "  addi sp, sp, -128\n"
        "  .irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n"
        "  sw x\\n, 4*\\n(sp)\n"
        "  .endr\n"
        "  call kernel_trap\n"
        "  .irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n"
        "  lw x\\n, 4*\\n(sp)\n"
        "  .endr\n"
        "  addi sp, sp, 128\n"
        "  sret\n");

// Mapped at TRAMPOLINE in both address spaces, so that satp can change under the pc.
__asm__(".section .trampoline, \"ax\"\n"
        ".balign 4096\n"
        "trampoline:\n"
        "user_vector:\n"
        "  csrrw a0, sscratch, a0\n"
        "  .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n"
        "  sw x\\n, 12+4*\\n(a0)\n"
        "  .endr\n"
        "  csrr t0, sscratch\n"
        "  sw t0, 12+40(a0)\n"
        "  csrr t0, sepc\n"
        "  sw t0, 12(a0)\n"
        "  lw sp, 4(a0)\n"
        "  lw t1, 8(a0)\n"
        "  lw t0, 0(a0)\n"
        "  sfence.vma\n"
        "  csrw satp, t0\n"
        "  sfence.vma\n"
        "  jr t1\n"
        "user_return:\n"           // a0: the program's satp
        "  sfence.vma\n"
        "  csrw satp, a0\n"
        "  sfence.vma\n"
        "  li a0, 0xffffe000\n"
        "  lw t0, 12(a0)\n"
        "  csrw sepc, t0\n"
        "  lw t0, 12+40(a0)\n"
        "  csrw sscratch, t0\n"
        "  .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n"
        "  lw x\\n, 12+4*\\n(a0)\n"
        "  .endr\n"
        "  csrrw a0, sscratch, a0\n"
        "  sret\n"
        ".balign 4096\n"
        // The program, at address 0: it prints, has a page brought in, waits busily for the ticks, ends.
        "user_text:\n"
        "  li a7, 1\n"
        "  li a0, 'u'\n"
        "  ecall\n"
        "  li t0, 0x3000\n"
        "  li t1, 4711\n"
        "  sw t1, 8(t0)\n"
        "  lw t2, 8(t0)\n"
        "  bne t1, t2, 2f\n"
        "1: li a7, 2\n"
        "  ecall\n"
        "  addi sp, sp, -4\n"
        "  sw a0, 0(sp)\n"
        "  lw t0, 0(sp)\n"
        "  addi sp, sp, 4\n"
        "  li t1, 5\n"
        "  bltu t0, t1, 1b\n"
        "  li a7, 1\n"
        "  li a0, '\\n'\n"
        "  ecall\n"
        "  li a7, 3\n"
        "  li a0, 0\n"
        "  ecall\n"
        "2: li a7, 3\n"
        "  li a0, 9\n"
        "  ecall\n"
        ".balign 4096\n"
        ".text\n");

static u32 pte(const void *p, u32 flags) { return (u32)p >> 12 << 10 | flags; }

static u32 satp_of(const u32 *root) { return SV32 | (u32)root >> 12; }

static void go_to_user(void);

static void tick(void)
{
    csr_clear(sip, 1 << IRQ_SSI);
    kernel_ticks++;
}

// A trap of the kernel itself: the timer only.
void kernel_trap(void)
{
    check(20, csr_read(scause) == (INTERRUPT | IRQ_SSI));
    check(21, csr_read(sstatus) & SPP);
    tick();
}

// A trap of the program, on the kernel's stack and address space.
static void user_trap(void)
{
    u32 cause = csr_read(scause);

    check(30, !(csr_read(sstatus) & SPP));
    csr_write(stvec, (u32)kernel_vector);
    if (cause == (INTERRUPT | IRQ_SSI)) {
        user_ticks++;
        tick();
    } else if (cause == STORE_PAGE_FAULT) {
        check(31, csr_read(stval) == LAZY + 8 && !lazy_faults++);
        user_leaf[LAZY / PAGE] = pte(lazy_page, V | R | W | U);
    } else {
        check(32, cause == ECALL_U);
        trapframe.x[0] += 4;
        switch (trapframe.x[A7]) {
        case CALL_PUT:
            put(trapframe.x[A0]);
            break;
        case CALL_TICKS:
            trapframe.x[A0] = user_ticks;
            break;
        default:
            check(33, trapframe.x[A7] == CALL_EXIT && trapframe.x[A0] == 0);
            check(34, lazy_faults == 1 && lazy_page[2] == 4711 && user_ticks >= TICKS_WANTED);
            print("the program has ended\n");
            pass();
        }
    }
    go_to_user();
}

static void go_to_user(void)
{
    csr_clear(sstatus, 1 << 1);
    csr_write(stvec, TRAMPOLINE + (user_vector - trampoline));
    csr_write(sscratch, TRAPFRAME);
    csr_clear(sstatus, SPP);
    csr_set(sstatus, SPIE);
    ((void (*)(u32))(TRAMPOLINE + (user_return - trampoline)))(satp_of(user_root));
}

static void map(void)
{
    // Devices and RAM at their own addresses, in pages of 4 MB.
    for (u32 a = 0x80000000; a != 0x81000000; a += MEGA)
        kernel_root[a >> 22] = pte((void *)a, V | R | W | X);
    kernel_root[0] = pte((void *)0, V | R | W);
    kernel_root[UART0 >> 22] = pte((void *)UART0, V | R | W);
    kernel_root[TRAMPOLINE >> 22] = pte(top_leaf, V);
    top_leaf[1023] = pte(trampoline, V | R | X);
    user_root[0] = pte(user_leaf, V);
    user_leaf[0] = pte(user_text, V | R | X | U);
    user_leaf[1] = pte(user_stack, V | R | W | U);
    user_root[TRAMPOLINE >> 22] = pte(user_top_leaf, V);
    user_top_leaf[1023] = pte(trampoline, V | R | X);
    user_top_leaf[1022] = pte(&trapframe, V | R | W);
}

static void kernel(void)
{
    map();
    csr_write(stvec, (u32)kernel_vector);
    __asm__ volatile("sfence.vma" ::: "memory");
    csr_write(satp, satp_of(kernel_root));
    __asm__ volatile("sfence.vma" ::: "memory");
    // The first tick finds the kernel, some with interrupts on and asleep.
    csr_set(sstatus, 1 << 1);
    while (kernel_ticks < 2)
        wfi();
    csr_clear(sstatus, 1 << 1);
    print("two ticks in the kernel\n");
    trapframe.kernel_satp = satp_of(kernel_root);
    trapframe.kernel_sp = (u32)(kernel_stack + 1024);
    trapframe.kernel_entry = (u32)user_trap;
    trapframe.x[0] = 0;
    trapframe.x[2] = 2 * PAGE;
    go_to_user();
}

void main(u32 hartid, u32 fdt)
{
    (void)fdt;
    csr_clear(mstatus, MPP);
    csr_set(mstatus, MPP_S);
    csr_write(satp, 0);
    csr_write(medeleg, 0xffff);
    csr_write(mideleg, 0xffff);
    csr_set(sie, 1 << IRQ_SEI | 1 << IRQ_STI | 1 << IRQ_SSI);
    csr_write(pmpaddr0, -1);
    csr_write(pmpcfg0, 0x0f);
    timer_scratch[3] = CLINT_MTIMECMP(hartid);
    timer_scratch[4] = INTERVAL;
    write32(CLINT_MTIMECMP(hartid) + 4, 0);
    write32(CLINT_MTIMECMP(hartid), read32(CLINT_MTIME) + INTERVAL);
    csr_write(mscratch, (u32)timer_scratch);
    csr_write(mtvec, (u32)timer_vector);
    csr_set(mstatus, 1 << 3);
    csr_set(mie, 1 << IRQ_MTI);
    csr_write(mepc, (u32)kernel);
    __asm__ volatile("mv sp, %0\n mret" ::"r"(kernel_stack + 1024));
}
