// All harts take locks, count, and interrupt each other. The number of harts comes from the device tree.

#include "fdt.h"

#define ROUNDS 200
#define MAX 8
#define MIE 8
#define MSIE (1 << IRQ_MSI)

static volatile u32 arrived, finished, ready;
static volatile u32 amo_lock, lrsc_lock;
static volatile u32 under_amo, under_lrsc, lock_free, by_lrsc;
static volatile u32 interrupted[MAX];

void trap(struct frame *f, u32 cause, u32 tval)
{
    (void)f, (void)tval;
    u32 me = csr_read(mhartid);

    check(1, cause == (INTERRUPT | IRQ_MSI));
    write32(CLINT_MSIP(me), 0);
    fence();
    interrupted[me]++;
}

static void amo_acquire(void)
{
    u32 taken;

    do
        __asm__ volatile("amoswap.w.aq %0, %2, (%1)" : "=&r"(taken) : "r"(&amo_lock), "r"(1) : "memory");
    while (taken);
}

static void amo_release(void)
{
    __asm__ volatile("amoswap.w.rl zero, zero, (%0)" ::"r"(&amo_lock) : "memory");
}

static void lrsc_acquire(void)
{
    u32 t;

    __asm__ volatile("1: lr.w.aq %0, (%1)\n bnez %0, 1b\n sc.w.rl %0, %2, (%1)\n bnez %0, 1b\n fence r, rw"
                     : "=&r"(t)
                     : "r"(&lrsc_lock), "r"(1)
                     : "memory");
}

static void lrsc_release(void)
{
    fence();
    lrsc_lock = 0;
}

static void add_by_lrsc(volatile u32 *word, u32 by)
{
    u32 old, failed;

    do
        __asm__ volatile("lr.w %0, (%2)\n add %0, %0, %3\n sc.w %1, %0, (%2)"
                         : "=&r"(old), "=&r"(failed)
                         : "r"(word), "r"(by)
                         : "memory");
    while (failed);
}

static void count(void)
{
    for (u32 i = 0; i < ROUNDS; i++) {
        amo_acquire();
        under_amo++;
        amo_release();
        lrsc_acquire();
        under_lrsc++;
        lrsc_release();
        __atomic_fetch_add(&lock_free, 3, __ATOMIC_SEQ_CST);
        add_by_lrsc(&by_lrsc, 5);
    }
}

// Sends a software interrupt to the next hart and waits for the one from the hart before.
static void pass_on(u32 me, u32 harts)
{
    write32(CLINT_MSIP((me + 1) % harts), 1);
    while (!interrupted[me]) {
        wfi();
        csr_set(mstatus, MIE);
        csr_clear(mstatus, MIE);
    }
}

static void work(u32 me)
{
    csr_set(mie, MSIE);
    __atomic_fetch_add(&arrived, 1, __ATOMIC_SEQ_CST);
    while (!ready)
        ;
    count();
    pass_on(me, ready);
    __atomic_fetch_add(&finished, 1, __ATOMIC_SEQ_CST);
}

void secondary(u32 hartid, u32 opaque)
{
    (void)opaque;
    work(hartid);
}

void main(u32 hartid, u32 fdt)
{
    u32 harts = fdt_count(fdt, "cpu@");

    // A reservation that a hart has not made does not hold.
    u32 failed;
    __asm__ volatile("sc.w %0, zero, (%1)\n sc.w %0, zero, (%1)" : "=&r"(failed) : "r"(&lrsc_lock) : "memory");
    check(2, failed);
    check(3, harts >= 1 && harts <= MAX);
    while (arrived != harts - 1)
        ;
    __atomic_fetch_add(&ready, harts, __ATOMIC_SEQ_CST);
    work(hartid);
    while (finished != harts)
        ;
    check(4, under_amo == harts * ROUNDS);
    check(5, under_lrsc == harts * ROUNDS);
    check(6, lock_free == 3 * harts * ROUNDS);
    check(7, by_lrsc == 5 * harts * ROUNDS);
    for (u32 i = 0; i < harts; i++)
        check(8, interrupted[i] == 1);
    print_dec(harts);
    print(" harts\n");
}
