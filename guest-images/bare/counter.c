// The standard workload of record and replay: computes without pause, is interrupted by a timer, and at
// every tick prints one line. Time, disk, entropy and console input all go into the number that it
// prints, so that two runs print the same only if all of these came in at the same instruction.
//
// `rounds=N` on the kernel line says how many lines; disk and entropy device may be missing.

#include "blk.h"
#include "fdt.h"
#include "rng.h"

#define ROUNDS 20
#define PERIOD (TIMEBASE_HZ / 1000)
#define MIE 8
#define MTIE (1 << IRQ_MTI)

#define UART_RBR (UART0 + 0)
#define UART_LSR (UART0 + 5)
#define LSR_DATA_READY 1

#define WORDS 1024

static volatile u32 ticks;
static u32 table[WORDS], sum, disk, rng;
static u8 sector[SECTOR], entropy[16];

static void next_tick(void)
{
    u64 when = time_now() + PERIOD;

    write32(CLINT_MTIMECMP(0) + 4, -1);
    write32(CLINT_MTIMECMP(0), when);
    write32(CLINT_MTIMECMP(0) + 4, when >> 32);
}

void trap(struct frame *f, u32 cause, u32 tval)
{
    (void)tval;
    check(1, cause == (INTERRUPT | IRQ_MTI));
    ticks++;
    // Where the computation was interrupted is part of the number.
    sum = sum * 31 + f->x[0] + f->x[A0] + csr_read(instret);
    next_tick();
}

static void mix(const u8 *p, u32 n)
{
    while (n--)
        sum = (sum ^ *p++) * 16777619;
}

static void compute_until_tick(u32 tick)
{
    u32 x = sum | 1;

    while (ticks < tick)
        for (u32 i = 0; i < WORDS; i++) {
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            table[i] += x ^ table[x % WORDS];
        }
    sum += x;
}

static void devices(u32 round)
{
    if (disk) {
        memcpy(sector, table, SECTOR);
        check(2, blk_request(BLK_OUT, round % 32, sector, SECTOR, 0, 0) == BLK_OK);
        check(3, blk_request(BLK_IN, (round * 7) % 64, sector, SECTOR, 0, 0) == BLK_OK);
        mix(sector, SECTOR);
    }
    if (rng)
        mix(entropy, rng_read(entropy, sizeof entropy));
    while (read8(UART_LSR) & LSR_DATA_READY) {
        u8 c = read8(UART_RBR);
        mix(&c, 1);
    }
}

void main(u32 hartid, u32 fdt)
{
    u32 rounds = fdt_number(fdt, "rounds=", ROUNDS);

    (void)hartid;
    disk = blk_begin() && blk_sectors() >= 64;
    rng = rng_begin();
    csr_set(mie, MTIE);
    next_tick();
    for (u32 round = 1; round <= rounds; round++) {
        csr_set(mstatus, MIE);
        compute_until_tick(round);
        csr_clear(mstatus, MIE);
        devices(round);
        print("round ");
        print_dec(round);
        print(": ");
        print_hex(sum);
        put('\n');
    }
}
