// A driver that means harm: `steps=N` steps drawn from `seed=S`, each of which does something to a device
// that no driver should do, or something right so that the next wrong one gets further. Without steps it
// spins, for whoever drives the devices from outside.
//
// It names no memory but its arena: every other address in a descriptor is not wholly in RAM. So whatever
// else of RAM changes was changed by a device that had no right to. What it has done so far stands behind
// the arena, where it may be read from outside whatever became of the console.

#include "fdt.h"
#include "virtio.h"

#define ARENA 0x80040000
#define RING_BYTES 0x2000          // one page each for what driver and device write
#define RINGS (2 * VIRTIO_COUNT)
#define BUFFERS (ARENA + RINGS * RING_BYTES)
#define BUFFER_BYTES 0x10000
#define ARENA_END (BUFFERS + BUFFER_BYTES)
#define RAM_END 0x80100000

#define MAX_SIZE 32
#define DESC_INDIRECT 4
#define MIE 8

enum {
    DEVICE_FEATURES = 0x10, DEVICE_FEATURES_SEL = 0x14, DRIVER_FEATURES = 0x20, DRIVER_FEATURES_SEL = 0x24,
    GUEST_PAGE_SIZE = 0x28, QUEUE_SEL = 0x30, QUEUE_NUM = 0x38, QUEUE_ALIGN = 0x3c, QUEUE_PFN = 0x40,
    QUEUE_READY = 0x44, QUEUE_NOTIFY = 0x50, INTERRUPT_ACK = 0x64, STATUS = 0x70, QUEUE_DESC = 0x80,
    QUEUE_DRIVER = 0x90, QUEUE_DEVICE = 0xa0
};

#define done (*(volatile u32 *)ARENA_END)

extern volatile u32 tohost[2];

static u32 state, size[RINGS];
static u16 made[RINGS];

static u32 chance(void)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static u32 below(u32 n) { return (chance() >> 8) % n; }

// An access that faults is passed over; interrupts are shut out until a step lets them in again.
void trap(struct frame *f, u32 cause, u32 tval)
{
    (void)tval;
    if (cause & INTERRUPT) {
        csr_write(mie, 0);
        write32(PLIC_CLAIM(0), read32(PLIC_CLAIM(0)));
    } else {
        f->x[0] += (*(volatile u16 *)f->x[0] & 3) == 3 ? 4 : 2;
    }
}

static u32 ring(u32 slot, u32 queue) { return ARENA + (2 * slot + queue) * RING_BYTES; }

// Where device and driver put their rings in the legacy layout, which suits the modern transport as well.
static u32 avail(u32 n) { return ARENA + n * RING_BYTES + 16 * size[n]; }

static void wild(u32 at)
{
    static const u32 word[] = {
        0, 1, 3, 4, 0x10, 0xff, 0x100, 0x1000, 0x7fffffff, 0x80000000, 0xffff0000, 0xfffffff0, -1,
        RAM_END - 4, RAM_END, RAM - 8, VIRTIO0, PLIC, ARENA, BUFFERS
    };

    write32(at, below(3) ? word[below(sizeof word / sizeof *word)] : chance());
}

static void queue_area(u32 base, u32 reg, u32 address)
{
    write32(base + reg, below(12) ? address : address + below(20) - 10);
    write32(base + reg + 4, below(12) ? 0 : chance());
}

static void start(u32 slot)
{
    u32 base = VIRTIO0 + slot * VIRTIO_STRIDE;
    u32 modern = read32(base + 4) == 2;

    write32(base + STATUS, 0);
    write32(base + STATUS, 1);
    write32(base + STATUS, 3);
    for (u32 half = 0; half < 2; half++) {
        write32(base + DEVICE_FEATURES_SEL, half);
        write32(base + DRIVER_FEATURES_SEL, half);
        u32 offered = read32(base + DEVICE_FEATURES);
        write32(base + DRIVER_FEATURES, below(4) ? offered : half ? offered & 1 : below(8) ? 0 : chance());
    }
    if (below(10))
        write32(base + STATUS, 11);
    for (u32 queue = 0; queue < 2; queue++) {
        u32 n = 2 * slot + queue;

        size[n] = 1 << below(6);
        made[n] = 0;
        memset((void *)ring(slot, queue), 0, 18 * size[n] + 6);
        write32(base + QUEUE_SEL, below(20) ? queue : chance());
        write32(base + QUEUE_NUM, below(20) ? size[n] : chance());
        if (modern) {
            queue_area(base, QUEUE_DESC, ring(slot, queue));
            queue_area(base, QUEUE_DRIVER, avail(n));
            queue_area(base, QUEUE_DEVICE, ring(slot, queue) + 0x1000);
            write32(base + QUEUE_READY, 1);
        } else {
            write32(base + GUEST_PAGE_SIZE, 4096);
            write32(base + QUEUE_PFN, ring(slot, queue) >> 12);
        }
    }
    write32(base + STATUS, 15);
}

// One descriptor: mostly of a buffer, sometimes of a ring, sometimes of what is not wholly in RAM.
static void describe(struct desc *d, u32 flags, u32 next)
{
    static const struct { u32 low, high, len; } outside[] = {
        {RAM - 16, 0, 32}, {RAM_END - 8, 0, 9}, {RAM_END, 0, 1}, {0, 0, 64}, {0xfffffff0, 0, 32},
        {0xfffffff0, 0xffffffff, 32}, {ARENA, 1, 16}, {ARENA, 0x80000000, 16}, {ARENA, 0, 0xffffffff},
        {ARENA, 0, 0x80000000}, {ARENA, 0, 0x7fffffff}, {VIRTIO0, 0, 256}, {RAM, 0, RAM_END - RAM + 1}
    };
    u32 kind = below(16);

    if (kind == 0) {
        u32 i = below(sizeof outside / sizeof *outside);
        d->addr = (u64)outside[i].high << 32 | outside[i].low;
        d->len = outside[i].len;
    } else {
        u32 from = kind == 1 ? below(BUFFERS - ARENA) : BUFFERS - ARENA + below(BUFFER_BYTES - 4096);
        d->addr = ARENA + from;
        d->len = below(3) ? 512 * below(4) + below(2) : below(4096);
    }
    d->flags = below(40) ? flags : chance();
    d->next = below(40) ? next : chance();
}

// What a disk takes for a request; to the others it is data.
static u32 header(void)
{
    static const u8 type[] = {0, 1, 4, 8, 11, 13, 0, 1};
    u32 *at = (u32 *)(BUFFERS + 16 * below(BUFFER_BYTES / 16));

    at[0] = below(20) ? type[below(sizeof type)] : chance();
    at[2] = below(8) ? below(64) : chance();
    at[3] = below(20) ? 0 : chance();
    return (u32)at;
}

// Builds a chain of descriptors from `first` on in a table of `count`; returns how many.
static u32 chain(struct desc *table, u32 first, u32 count)
{
    u32 length = 1 + below(4), readable = below(length + 1);

    for (u32 i = 0; i < length; i++) {
        u32 at = (first + i) % count;
        describe(&table[at], (i + 1 < length ? DESC_NEXT : 0) | (i < readable ? 0 : DESC_WRITE), (at + 1) % count);
        if (i == 0 && readable && below(8)) {
            table[at].addr = header();
            table[at].len = 16;
        }
    }
    if (below(6) == 0)
        table[(first + length - 1) % count].flags |= DESC_NEXT | DESC_WRITE;
    return length;
}

static void offer(u32 slot, u32 queue)
{
    u32 n = 2 * slot + queue;
    struct desc *table = (struct desc *)ring(slot, queue);
    volatile u16 *entry = (volatile u16 *)avail(n);
    u32 head = below(size[n]);

    if (below(5)) {
        chain(table, head, size[n]);
    } else {
        u32 inside = BUFFERS + 16 * below(BUFFER_BYTES / 16 - 64);
        u32 count = 1 + below(8);
        chain((struct desc *)inside, 0, count);
        table[head].addr = inside;
        table[head].len = below(8) ? 16 * count : chance();
        table[head].flags = DESC_INDIRECT | (below(8) ? 0 : DESC_NEXT);
    }
    entry[2 + made[n] % size[n]] = below(40) ? head : chance();
    made[n] += below(40) ? 1 : chance();
    entry[1] = made[n];
    if (below(4) == 0)
        entry[2 + size[n]] = chance();
    write32(VIRTIO0 + slot * VIRTIO_STRIDE + QUEUE_NOTIFY, below(30) ? queue : chance());
}

static void any_register(u32 base, u32 bytes)
{
    u32 at = base + below(bytes);

    switch (below(6)) {
    case 0: write8(at, chance()); break;
    case 1: *(volatile u16 *)(at & -2) = chance(); break;
    case 2: (void)read8(at); break;
    case 3: (void)*(volatile u16 *)at; break;
    case 4: (void)read32(at & -4); break;
    default: wild(at & -4);
    }
}

static void any_device(void)
{
    static const u32 place[][2] = {
        {UART0, 8}, {UART0, 16}, {PLIC, 0x180}, {PLIC + 0x1000, 16}, {PLIC + 0x2000, 0x200}, {PLIC + 0x200000, 0x3000},
        {PLIC, 0x600000}, {CLINT, 64}, {CLINT + 0x4000, 64}, {CLINT + 0xbff0, 24}, {SYSCON + 4, 0xffc},
        {SYSCON + 0x1000, 0x40}, {0x1000, 0xf000}, {VIRTIO0, 0x8000}, {0x10000100, 0x100}
    };
    u32 i = below(sizeof place / sizeof *place);

    any_register(place[i][0], place[i][1]);
}

static void storm(u32 slot)
{
    for (u32 n = below(64); n; n--)
        write32(VIRTIO0 + slot * VIRTIO_STRIDE + QUEUE_NOTIFY, n & 1);
}

static void step(void)
{
    u32 slot = below(5), base = VIRTIO0 + slot * VIRTIO_STRIDE;

    switch (below(32)) {
    case 0: any_device(); break;
    case 1: any_register(base, below(4) ? 0x100 : VIRTIO_STRIDE); break;
    case 2: wild(base + STATUS); break;
    case 3: start(slot); break;
    case 4: wild(ARENA + 4 * below((BUFFERS - ARENA) / 4)); break;
    case 5: *(volatile u16 *)(avail(2 * slot + below(2)) + 2) = chance(); break;
    case 6: write32(base + INTERRUPT_ACK, chance()); break;
    case 7:
        write32(base + QUEUE_SEL, below(2));
        wild(base + QUEUE_NUM + 4 * below(4));
        break;
    case 8:
        tohost[0] = 'x';
        tohost[1] = 0x01010000;
        break;
    case 9:
        csr_write(mie, 1 << IRQ_MEI | 1 << IRQ_MSI | 1 << IRQ_MTI);
        csr_set(mstatus, MIE);
        break;
    case 10: storm(slot); break;
    default: offer(slot, below(2));
    }
}

void main(u32 hartid, u32 fdt)
{
    u32 steps = fdt_number(fdt, "steps=", 0);

    (void)hartid;
    if (steps == 0)
        for (;;)
            ;
    state = fdt_number(fdt, "seed=", 1) * 2654435761u | 1;
    for (u32 slot = 0; slot < VIRTIO_COUNT; slot++)
        start(slot);
    while (done < steps) {
        step();
        done++;
    }
}
