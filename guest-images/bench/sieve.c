// Eratosthenes over odd numbers: byte stores with a stride, then a scan.

#include "workload.h"

#define ODDS 32768

static u8 composite[ODDS];             // [i] stands for 2 i + 1

u32 sieve(u32 seed)
{
    u32 sum = seed;

    for (u32 i = 0; i < ODDS; i++)
        composite[i] = 0;
    for (u32 i = 1; i < ODDS; i++) {
        if (composite[i])
            continue;
        u32 prime = 2 * i + 1;
        sum += prime ^ seed;
        for (u32 j = i + prime; j < ODDS; j += prime)
            composite[j] = 1;
    }
    return sum;
}
