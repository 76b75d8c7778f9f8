// Echoes each line that it reads from the UART by interrupt; ends on the line `quit`.

#include "guest.h"

#define RBR (UART0 + 0)
#define IER (UART0 + 1)
#define FCR (UART0 + 2)
#define MCR (UART0 + 4)
#define LSR (UART0 + 5)
#define IER_RECEIVED 1
#define LSR_DATA_READY 1
#define MCR_OUT2 8                 // on a PC it lets the interrupt through
#define MIE 8
#define MEIE (1 << IRQ_MEI)

// Written by the handler at `filled`, read by main at `taken`.
static volatile char ring[256];
static volatile u32 filled, taken;

void trap(struct frame *f, u32 cause, u32 tval)
{
    (void)f, (void)tval;
    check(1, cause == (INTERRUPT | IRQ_MEI));
    u32 irq = read32(PLIC_CLAIM(0));
    if (!irq)
        return;
    check(2, irq == UART0_IRQ);
    while (read8(LSR) & LSR_DATA_READY)
        ring[filled++ % sizeof ring] = read8(RBR);
    write32(PLIC_CLAIM(0), irq);
}

static char get(void)
{
    while (filled == taken) {
        wfi();
        csr_set(mstatus, MIE);
        csr_clear(mstatus, MIE);
    }
    return ring[taken++ % sizeof ring];
}

static u32 read_line(char *line, u32 room)
{
    u32 n = 0;
    char c;

    while ((c = get()) != '\n' && c != '\r')
        if (n + 1 < room)
            line[n++] = c;
    line[n] = 0;
    return n;
}

void main(u32 hartid, u32 fdt)
{
    char line[128];

    (void)hartid, (void)fdt;
    write32(PLIC_PRIORITY(UART0_IRQ), 1);
    write32(PLIC_ENABLE(0), 1 << UART0_IRQ);
    write32(PLIC_THRESHOLD(0), 0);
    write8(FCR, 1);
    write8(MCR, MCR_OUT2);
    write8(IER, IER_RECEIVED);
    csr_set(mie, MEIE);
    print("ready\n");
    for (;;) {
        u32 n = read_line(line, sizeof line);
        if (n == 4 && !memcmp(line, "quit", 4))
            break;
        print("echo: ");
        print(line);
        put('\n');
    }
    print("bye\n");
}
