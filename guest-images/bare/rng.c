// Reads entropy and prints it.

#include "rng.h"

#define BYTES 32

void main(u32 hartid, u32 fdt)
{
    static u8 first[BYTES], second[BYTES];

    (void)hartid, (void)fdt;
    check(1, rng_begin());
    for (u32 n = 0; n < BYTES;)
        n += rng_read(first + n, BYTES - n);
    u32 got = rng_read(second, BYTES);
    check(2, got > 0 && got <= BYTES);
    // By chance alone once in 2^256.
    check(3, got < BYTES || memcmp(first, second, BYTES));
    print("entropy:");
    for (u32 i = 0; i < BYTES; i += 4) {
        put(' ');
        print_hex(*(u32 *)(first + i));
    }
    put('\n');
}
