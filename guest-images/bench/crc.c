// CRC-32 by table: a chain of dependent byte and word loads.

#include "workload.h"

#define BYTES 12288
#define POLYNOMIAL 0xedb88320u

static u32 table[256];
static u8 data[BYTES];

static void prepare(void)
{
    u32 x = 1;

    for (u32 i = 0; i < 256; i++) {
        u32 entry = i;
        for (u32 bit = 0; bit < 8; bit++)
            entry = entry >> 1 ^ (entry & 1 ? POLYNOMIAL : 0);
        table[i] = entry;
    }
    for (u32 i = 0; i < BYTES; i++) {
        x = next_random(x);
        data[i] = x >> 11;
    }
}

u32 crc(u32 seed)
{
    u32 value = ~seed;

    if (!table[1])
        prepare();
    for (const u8 *p = data; p < data + BYTES; p++)
        value = table[(value ^ *p) & 0xff] ^ value >> 8;
    return ~value;
}
