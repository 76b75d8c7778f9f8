// The console, the end of a run, and what the compiler expects of a C library.

#include "guest.h"

extern volatile u32 tohost[2];

#define UART_THR (UART0 + 0)
#define UART_LSR (UART0 + 5)
#define LSR_THR_EMPTY 0x20

void put(char c)
{
    while (!(read8(UART_LSR) & LSR_THR_EMPTY))
        ;
    write8(UART_THR, c);
}

void print(const char *s)
{
    while (*s)
        put(*s++);
}

void print_hex(u32 v)
{
    print("0x");
    for (int shift = 28; shift >= 0; shift -= 4)
        put("0123456789abcdef"[v >> shift & 15]);
}

void print_dec(u32 v)
{
    if (v >= 10)
        print_dec(v / 10);
    put('0' + v % 10);
}

_Noreturn void power_off(u32 test)
{
    write32(SYSCON, test ? 0x3333 | test << 16 : 0x5555);
    for (;;)
        wfi();
}

static _Noreturn void end(u32 test)
{
    tohost[0] = test << 1 | 1;
    power_off(test);
}

_Noreturn void pass(void) { end(0); }

_Noreturn void fail(u32 test)
{
    print("test ");
    print_dec(test);
    print(" failed\n");
    end(test);
}

void check(u32 test, int holds)
{
    if (!holds)
        fail(test);
}

// The largest test number that a guest uses itself is well below this one.
#define UNEXPECTED_TRAP 999

__attribute__((weak)) void trap(struct frame *f, u32 cause, u32 tval)
{
    print("unexpected trap: cause=");
    print_hex(cause);
    print(", pc=");
    print_hex(f->x[0]);
    print(", tval=");
    print_hex(tval);
    put('\n');
    fail(UNEXPECTED_TRAP);
}

__attribute__((weak)) void secondary(u32 hartid, u32 opaque)
{
    (void)hartid, (void)opaque;
    for (;;)
        wfi();
}

u64 time_now(void)
{
    u32 high, low;

    do {
        high = csr_read(timeh);
        low = csr_read(time);
    } while (high != csr_read(timeh));
    return (u64)high << 32 | low;
}

void *memset(void *to, int c, u32 n)
{
    for (u8 *p = to; n--;)
        *p++ = c;
    return to;
}

void *memcpy(void *to, const void *from, u32 n)
{
    const u8 *q = from;
    for (u8 *p = to; n--;)
        *p++ = *q++;
    return to;
}

int memcmp(const void *a, const void *b, u32 n)
{
    const u8 *p = a, *q = b;
    for (; n--; p++, q++)
        if (*p != *q)
            return *p - *q;
    return 0;
}
