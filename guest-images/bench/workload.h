// What every workload is: a function that does a fixed amount of work from a seed and returns a checksum of it.

#ifndef WORKLOAD_H
#define WORKLOAD_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

#define NOINLINE __attribute__((noinline))

// Calls of a workload in one lap: 60 ms or more of an emulator that runs it at QEMU's speed; of wide more, as it warms up slowly.
#define SIEVE_CALLS 150
#define MATMUL_CALLS 95
#define CRC_CALLS 800
#define LIST_CALLS 900
#define QSORT_CALLS 120
#define STR_CALLS 450
#define INTERP_CALLS 42
#define FIB_CALLS 280
#define FPTR_CALLS 450
#define WIDE_CALLS 1000

// Of a class of cost: a lap is 100000 events (of virtio, 2000), of those that cost next to nothing 10000000.
#define CLASS_CALLS 100
#define CHEAP_CLASS_CALLS 10000

u32 class_dispatch(u32 seed);
u32 class_load(u32 seed);
u32 class_store(u32 seed);
u32 class_tlb(u32 seed);
u32 class_trap(u32 seed);
u32 class_csr(u32 seed);
u32 class_mmio(u32 seed);
u32 class_switch(u32 seed);
u32 class_fault(u32 seed);
u32 class_interrupt(u32 seed);
u32 class_virtio(u32 seed);
u32 class_translate(u32 seed);

u32 sieve(u32 seed);
u32 matmul(u32 seed);
u32 crc(u32 seed);
u32 list(u32 seed);
u32 qsort_words(u32 seed);
u32 str(u32 seed);
u32 interp(u32 seed);
u32 fib(u32 seed);
u32 fptr(u32 seed);
u32 wide(u32 seed);

// A step of a small generator of numbers that look random (xorshift).
static inline u32 next_random(u32 x)
{
    x ^= x << 13;
    x ^= x >> 17;
    return x ^ x << 5;
}

#endif
