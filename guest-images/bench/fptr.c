// Calls through pointers in an order that cannot be foreseen.

#include "workload.h"

typedef u32 (*step)(u32);

static NOINLINE u32 add(u32 x) { return x + 0x1234567; }
static NOINLINE u32 flip(u32 x) { return x ^ 0x5a5a; }
static NOINLINE u32 turn(u32 x) { return x << 9 | x >> 23; }
static NOINLINE u32 scale(u32 x) { return x * 9; }
static NOINLINE u32 fold(u32 x) { return x + (x >> 11); }
static NOINLINE u32 collatz(u32 x) { return x & 1 ? 3 * x + 1 : x / 2; }
static NOINLINE u32 invert(u32 x) { return ~x - 5; }
static NOINLINE u32 mask(u32 x) { return (x & 0x0f0f0f0f) << 4 | (x & 0xf0f0f0f0) >> 4; }

static const step steps[8] = {add, flip, turn, scale, fold, collatz, invert, mask};

u32 fptr(u32 seed)
{
    u32 x = seed, order = seed * 2 + 1;
    const step *volatile table = steps;

    for (u32 i = 0; i < 3000; i++) {
        order = next_random(order);
        x = table[order >> 29](x);
    }
    return x;
}
