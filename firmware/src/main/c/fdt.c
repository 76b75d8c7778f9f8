// Reads from the device tree which harts there are and where memory ends (Devicetree 0.4, ch. 5).
// A tree that is not one leaves hart 0 and memory up to the top of the address space.

#include "firmware.h"

#define MAGIC 0xd00dfeed
#define BEGIN_NODE 1
#define END_NODE 2
#define PROP 3
#define NOP 4

struct header {
    unsigned magic, totalsize, off_dt_struct, off_dt_strings;
};

unsigned ram_end;

static unsigned big_endian(unsigned v)
{
    return v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24;
}

static int starts_with(const char *s, const char *prefix)
{
    while (*prefix)
        if (*s++ != *prefix++)
            return 0;
    return 1;
}

static const unsigned *behind_name(const char *name)
{
    while (*name++)
        ;
    return (const unsigned *)(((unsigned)name + 3) & ~3);
}

// The `reg` of /memory@.. has two cells each for address and size; that of /cpus/cpu@.. has one.
static void reg(int in_cpu, int in_memory, const unsigned *cells, unsigned bytes)
{
    if (in_cpu && bytes == 4 && big_endian(cells[0]) < MAX_HARTS)
        present_harts |= 1u << big_endian(cells[0]);
    if (in_memory && bytes >= 16 && big_endian(cells[1]) == RAM && !cells[0])
        ram_end = cells[2] ? 0 : RAM + big_endian(cells[3]);
}

void fdt_read(const void *fdt)
{
    const struct header *h = fdt;
    int depth = 0, cpus = 0, cpu = 0, memory = 0;

    if (!fdt || big_endian(h->magic) != MAGIC)
        return;
    const char *strings = (const char *)fdt + big_endian(h->off_dt_strings);
    const unsigned *p = (const unsigned *)((const char *)fdt + big_endian(h->off_dt_struct));

    for (;;) {
        switch (big_endian(*p++)) {
        case BEGIN_NODE: {
            const char *name = (const char *)p;
            depth++;
            if (depth == 2)
                cpus = starts_with(name, "cpus"), memory = starts_with(name, "memory@");
            cpu = depth == 3 && cpus && starts_with(name, "cpu@");
            p = behind_name(name);
            break;
        }
        case END_NODE:
            depth--;
            cpu = 0;
            memory = 0;
            break;
        case PROP: {
            unsigned bytes = big_endian(p[0]);
            // "reg" with its terminating zero: strings may share their ends, not their beginnings.
            const char *name = strings + big_endian(p[1]);
            if (starts_with(name, "reg") && !name[3])
                reg(cpu, memory, p + 2, bytes);
            p += 2 + (bytes + 3) / 4;
            break;
        }
        case NOP:
            break;
        default:
            return;
        }
    }
}
