// The 16550, and the debug console extension (SBI 12) on it.

#include "firmware.h"

#define RBR 0                      // read: received byte
#define THR 0                      // write: byte to send
#define IER 1
#define FCR 2
#define LCR 3
#define LSR 5

#define FCR_ENABLE 0x01
#define LCR_8N1 0x03
#define LSR_DATA_READY 0x01
#define LSR_THR_EMPTY 0x20

void console_init(void)
{
    mmio_write8(UART0 + IER, 0);
    mmio_write8(UART0 + LCR, LCR_8N1);
    mmio_write8(UART0 + FCR, FCR_ENABLE);
}

void console_put(unsigned char c)
{
    while (!(mmio_read8(UART0 + LSR) & LSR_THR_EMPTY))
        ;
    mmio_write8(UART0 + THR, c);
}

// Returns the next received byte, or -1 if there is none.
int console_get(void)
{
    if (!(mmio_read8(UART0 + LSR) & LSR_DATA_READY))
        return -1;
    return mmio_read8(UART0 + RBR);
}

void console_text(const char *s)
{
    while (*s)
        console_put(*s++);
}

void console_hex(unsigned v)
{
    console_text("0x");
    for (int shift = 28; shift >= 0; shift -= 4)
        console_put("0123456789abcdef"[v >> shift & 15]);
}

// S-mode may name only memory that it could reach itself: RAM without the firmware's own.
static int valid_buffer(unsigned bytes, unsigned low, unsigned high)
{
    return !high && low >= RAM + FIRMWARE_BYTES && low - 1 < ram_end - 1 && bytes <= ram_end - low;
}

struct result console_call(unsigned function, struct frame *f)
{
    unsigned bytes = f->a[0], n;
    unsigned char *buffer = (unsigned char *)f->a[1];
    int c;

    if (function == 2) {
        console_put(bytes);
        return OK(0);
    }
    if (function > 2)
        return ERROR(SBI_ERR_NOT_SUPPORTED);
    if (!valid_buffer(bytes, f->a[1], f->a[2]))
        return ERROR(SBI_ERR_INVALID_PARAM);
    for (n = 0; n < bytes; n++) {
        if (function == 0)
            console_put(buffer[n]);
        else if ((c = console_get()) < 0)
            break;
        else
            buffer[n] = c;
    }
    return OK(n);
}
