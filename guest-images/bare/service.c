// Serves numbered requests with everything that a machine has: each request of a client is mixed with entropy, time and
// what the disk holds, written to the disk as a numbered record with a checksum, flushed, answered and told on the
// console. Ticks of the timer and typed bytes go into the same sum, so that what is answered depends on all that ever
// came in and on the instruction at which it did. A typed `q` ends it.
//
// The frames (type 0x88b5, for local experiments) and the records, little endian:
//   request  number, bytes of any kind
//   reply    number, count of requests so far, hash of their bodies, sum, slot of the record
//   record   magic, count, number, hash, sum, checksum; count % 16 is its slot, slot + 8 its sector

#include "blk.h"
#include "rng.h"

#define TYPE 0x88b5
#define ETH_BYTES 14
#define MAGIC 0x52435348
#define SLOTS 16
#define FIRST_SECTOR 8
#define PERIOD (TIMEBASE_HZ / 200)
#define TICKS_PER_LINE 8
#define MTIP (1 << IRQ_MTI)

#define NET_F_MAC (1 << 5)
#define BUFFERS 8
#define BUFFER_BYTES 2048

#define RBR (UART0 + 0)
#define IER (UART0 + 1)
#define FCR (UART0 + 2)
#define MCR (UART0 + 4)
#define LSR (UART0 + 5)

static u8 mac[6];
static u32 header_bytes, count, hash = 2166136261u, sum, ticks, ended;
static struct virtq receive, transmit, disk;
static u8 buffers[BUFFERS][BUFFER_BYTES];
static u8 out[12 + 64];
static u32 record[SECTOR / 4], other[SECTOR / 4];

static u32 mix(u32 h, const void *bytes, u32 n)
{
    for (const u8 *p = bytes; n--;)
        h = (h ^ *p++) * 16777619;
    return h;
}

static void next_tick(void)
{
    u64 when = time_now() + PERIOD;

    write32(CLINT_MTIMECMP(0) + 4, -1);
    write32(CLINT_MTIMECMP(0), when);
    write32(CLINT_MTIMECMP(0) + 4, when >> 32);
}

static void tick(void)
{
    u32 instret = csr_read(instret);

    sum = mix(sum, &instret, 4);
    next_tick();
    if (++ticks % TICKS_PER_LINE)
        return;
    print("t ");
    print_dec(ticks);
    put('\n');
}

static void typed(void)
{
    u32 n = 0;

    while (read8(LSR) & 1) {
        u8 c = read8(RBR);
        sum = mix(sum, &c, 1);
        ended |= c == 'q';
        n++;
    }
    if (!n)
        return;
    print("k ");
    print_dec(n);
    put('\n');
}

// Sleeps until something has happened, and does what does not need to wait.
static void await(void)
{
    virtio_wait_interrupt();
    if (csr_read(mip) & MTIP)
        tick();
    typed();
}

static u32 take(struct virtq *q, u16 *head)
{
    while (!virtq_has_used(q))
        await();
    return virtq_wait(q, head);
}

static struct {
    u32 type, reserved;
    u64 sector;
} headers[3];
static volatile u8 status[3];

// Begins one of up to three disk requests that are under way together.
static void begin(u32 i, u32 type, u64 sector, void *data, u16 direction)
{
    u16 first = 3 * i, last = first + (data ? 2 : 1);

    headers[i].type = type;
    headers[i].sector = sector;
    status[i] = 0xff;
    disk.desc[first] = (struct desc){(u32)&headers[i], 16, DESC_NEXT, first + 1};
    if (data)
        disk.desc[first + 1] = (struct desc){(u32)data, SECTOR, direction | DESC_NEXT, last};
    disk.desc[last] = (struct desc){(u32)&status[i], 1, DESC_WRITE, 0};
    virtq_offer(&disk, first);
}

// Writes the record, reads another, flushes: all under way at once. An error of the disk is tried again.
static void store(void)
{
    do {
        begin(0, BLK_OUT, FIRST_SECTOR + count % SLOTS, record, 0);
        begin(1, BLK_IN, FIRST_SECTOR + sum % SLOTS, other, DESC_WRITE);
        begin(2, BLK_FLUSH, 0, 0, 0);
        for (u32 i = 0; i < 3; i++)
            take(&disk, 0);
    } while (status[0] != BLK_OK || status[1] != BLK_OK || status[2] != BLK_OK);
    sum = mix(sum, other, SECTOR);
}

static void reply(u32 number, const u8 *to)
{
    u32 now = time_now();
    u32 words[] = {number, count, hash, mix(sum, &now, 4), count % SLOTS};

    memset(out, 0, sizeof out);
    u8 *p = out + header_bytes;
    memcpy(p, to, 6);
    memcpy(p + 6, mac, 6);
    p[12] = TYPE >> 8;
    p[13] = TYPE & 0xff;
    memcpy(p + ETH_BYTES, words, sizeof words);
    transmit.desc[0] = (struct desc){(u32)out, header_bytes + ETH_BYTES + sizeof words, 0, 0};
    virtq_offer(&transmit, 0);
    take(&transmit, 0);
}

static void serve(const u8 *frame, u32 bytes)
{
    u32 number, entropy[2];
    u8 client[6];

    if (bytes < ETH_BYTES + 4 || frame[12] != TYPE >> 8 || frame[13] != (TYPE & 0xff))
        return;
    memcpy(client, frame + 6, 6);
    memcpy(&number, frame + ETH_BYTES, 4);
    hash = mix(hash, frame + ETH_BYTES, bytes - ETH_BYTES);
    count++;
    sum = mix(sum ^ hash, entropy, rng_read(entropy, sizeof entropy));
    u32 words[] = {MAGIC, count, number, hash, sum};
    memcpy(record, words, sizeof words);
    record[5] = mix(0, words, sizeof words);
    store();
    reply(number, client);
    print("r ");
    print_dec(number);
    put('\n');
}

static void net_begin(void)
{
    u32 base = virtio_find(VIRTIO_NET);

    check(1, base);
    check(2, virtio_begin(base, NET_F_MAC));
    header_bytes = virtio_modern(base) ? 12 : 10;
    for (u32 i = 0; i < 6; i++)
        mac[i] = read8(base + VIRTIO_CONFIG + i);
    virtio_queue(base, 0, &receive);
    virtio_queue(base, 1, &transmit);
    virtio_ready(base);
    for (u32 i = 0; i < BUFFERS; i++) {
        receive.desc[i] = (struct desc){(u32)buffers[i], BUFFER_BYTES, DESC_WRITE, 0};
        virtq_offer(&receive, i);
    }
}

static void disk_begin(void)
{
    u32 base = virtio_find(VIRTIO_BLK);

    check(3, base);
    virtio_begin(base, BLK_F_FLUSH);
    virtio_queue(base, 0, &disk);
    virtio_ready(base);
}

static void console_begin(void)
{
    write32(PLIC_PRIORITY(UART0_IRQ), 1);
    write32(PLIC_ENABLE(0), read32(PLIC_ENABLE(0)) | 1 << UART0_IRQ);
    write8(FCR, 1);
    write8(MCR, 8);
    write8(IER, 1);
}

void main(u32 hartid, u32 fdt)
{
    (void)hartid, (void)fdt;
    disk_begin();
    check(4, rng_begin());
    net_begin();
    console_begin();
    // No interrupt is taken: MIE is off, and WFI wakes by the timer as it does by a device.
    csr_set(mie, MTIP);
    next_tick();
    print("ready\n");
    while (!ended) {
        u16 head;

        if (!virtq_has_used(&receive)) {
            await();
            continue;
        }
        u32 bytes = take(&receive, &head);
        check(5, bytes >= header_bytes && head < BUFFERS);
        serve(buffers[head] + header_bytes, bytes - header_bytes);
        virtq_offer(&receive, head);
    }
    print("bye\n");
}
