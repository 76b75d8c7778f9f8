// One workload without an operating system. WORKLOAD is its function, NAME its name, CALLS its calls for each lap.
//
//     bench NAME begin
//     bench NAME 1 .. bench NAME LAPS          one line for each lap
//     bench NAME end CHECKSUM INSTRUCTIONS     instructions retired from begin to end
//
// `laps=N` on the kernel line says how many laps.

#include "../bare/lib/fdt.h"
#include "workload.h"

#define LAPS 16

static u64 instructions(void)
{
    u32 high, low;

    do {
        high = csr_read(minstreth);
        low = csr_read(minstret);
    } while (high != csr_read(minstreth));
    return (u64)high << 32 | low;
}

static void print_hex64(u64 v)
{
    for (int shift = 60; shift >= 0; shift -= 4)
        put("0123456789abcdef"[v >> shift & 15]);
}

void main(u32 hartid, u32 fdt)
{
    u32 laps = fdt_number(fdt, "laps=", LAPS), sum = 0, call = 0;

    (void)hartid;
    print("bench " NAME " begin\n");
    u64 begin = instructions();
    for (u32 lap = 1; lap <= laps; lap++) {
        for (u32 i = 0; i < CALLS; i++)
            sum = sum * 3 + WORKLOAD(sum + call++);
        print("bench " NAME " ");
        print_dec(lap);
        put('\n');
    }
    u64 end = instructions();
    print("bench " NAME " end ");
    print_hex(sum);
    print(" 0x");
    print_hex64(end - begin);
    put('\n');
}
