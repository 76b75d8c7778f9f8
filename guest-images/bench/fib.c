// Fibonacci's numbers the slow way: calls, returns and stack frames.

#include "workload.h"

static NOINLINE u32 number(u32 n) { return n < 2 ? n : number(n - 1) + number(n - 2); }

u32 fib(u32 seed) { return number(19) * 3 + (seed ^ seed >> 7); }
