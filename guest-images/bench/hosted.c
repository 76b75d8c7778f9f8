// The workloads as one program under Linux: in the guest, and on the host for comparison. It prints what bare.c prints.
//
//     workloads LAPS NAME..      for each NAME in turn, LAPS laps; `boot` is the system's own start, which is over then

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system.h"
#include "workload.h"

static const struct workload {
    const char *name;
    u32 (*once)(u32 seed);
    u32 calls;
} workloads[] = {
    {"sieve", sieve, SIEVE_CALLS},    {"matmul", matmul, MATMUL_CALLS}, {"crc", crc, CRC_CALLS},
    {"list", list, LIST_CALLS},       {"qsort", qsort_words, QSORT_CALLS},
    {"str", str, STR_CALLS},          {"interp", interp, INTERP_CALLS}, {"fib", fib, FIB_CALLS},
    {"fptr", fptr, FPTR_CALLS},       {"wide", wide, WIDE_CALLS},       {"gzip", gzip, 1},
    {"sha256sum", sha256sum, 1},      {"fork", fork_loop, 1},           {"pipe", ping_pong, 1},
    {"walk", walk, 1},
};

#define COUNT (sizeof workloads / sizeof workloads[0])

static u64 instructions(void)
{
#ifdef __riscv
    u32 high, low, again;

    do
        __asm__ volatile("csrr %0, instreth; csrr %1, instret; csrr %2, instreth" : "=r"(high), "=r"(low), "=r"(again));
    while (high != again);
    return (u64)high << 32 | low;
#else
    return 0;
#endif
}

static void run(const struct workload *w, u32 laps)
{
    u32 sum = 0, call = 0;

    printf("bench %s begin\n", w->name);
    u64 begin = instructions();
    for (u32 lap = 1; lap <= laps; lap++) {
        for (u32 i = 0; i < w->calls; i++)
            sum = sum * 3 + w->once(sum + call++);
        printf("bench %s %u\n", w->name, lap);
    }
    printf("bench %s end 0x%08x 0x%016llx\n", w->name, sum, instructions() - begin);
}

int main(int argc, char **argv)
{
    // Each line is to leave at once, and no part of one twice from a child.
    setvbuf(stdout, 0, _IOLBF, 0);
    if (argc < 3)
        fail("usage: workloads LAPS NAME..", 0);
    for (int i = 2; i < argc; i++) {
        u32 n = 0;
        if (!strcmp(argv[i], "boot")) {
            printf("bench boot end 0x0 0x%016llx\n", instructions());
            continue;
        }
        while (n < COUNT && strcmp(argv[i], workloads[n].name))
            n++;
        if (n == COUNT)
            fail("no workload", argv[i]);
        run(&workloads[n], atoi(argv[1]));
    }
    return 0;
}
