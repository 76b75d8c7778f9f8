// Ticks of the CLINT's comparator, slept through in WFI and taken by a vector of the guest's own.

#include "guest.h"

#define TICKS 10
#define PERIOD (TIMEBASE_HZ / 1000)
#define MIE 8
#define MTIE (1 << IRQ_MTI)

static volatile u32 ticks;
static u64 next;

static u64 mtime(void)
{
    u32 high, low;

    do {
        high = read32(CLINT_MTIME + 4);
        low = read32(CLINT_MTIME);
    } while (high != read32(CLINT_MTIME + 4));
    return (u64)high << 32 | low;
}

static void set_mtimecmp(u64 when)
{
    write32(CLINT_MTIMECMP(0) + 4, -1);
    write32(CLINT_MTIMECMP(0), when);
    write32(CLINT_MTIMECMP(0) + 4, when >> 32);
}

void trap(struct frame *f, u32 cause, u32 tval)
{
    (void)f, (void)tval;
    check(1, cause == (INTERRUPT | IRQ_MTI));
    check(2, mtime() >= next);
    check(3, csr_read(mip) & MTIE);
    ticks++;
    next += PERIOD;
    set_mtimecmp(next);
    // Unless the next tick is due already, the interrupt is gone as soon as the comparator is written.
    if (csr_read(mip) & MTIE)
        check(4, mtime() >= next);
}

void main(u32 hartid, u32 fdt)
{
    (void)hartid, (void)fdt;
    u64 begin = mtime();

    // `time` shows the same clock.
    check(5, time_now() >= begin && time_now() <= mtime());
    set_mtimecmp(-1);
    check(6, !(csr_read(mip) & MTIE));
    next = begin + PERIOD;
    set_mtimecmp(next);
    csr_set(mie, MTIE);
    for (u32 seen = 0; seen < TICKS; seen++) {
        // WFI wakes with interrupts off, and the interrupt is taken when they are on.
        wfi();
        check(7, csr_read(mip) & MTIE);
        csr_set(mstatus, MIE);
        csr_clear(mstatus, MIE);
        check(8, ticks > seen);
        print("tick ");
        print_dec(seen + 1);
        put('\n');
    }
    check(9, mtime() - begin >= TICKS * PERIOD);
}
