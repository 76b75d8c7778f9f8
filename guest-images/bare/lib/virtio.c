// The driver's side of virtio-mmio (Virtio 1.2, 4.2) with interrupts through the PLIC, hart 0, M-mode.
// No interrupt is taken: WFI wakes by MEIE alone, which is on only there, so that no handler races
// with the waiting code. MIE must be off meanwhile.

#include "virtio.h"

#define MAGIC 0x000
#define VERSION 0x004
#define DEVICE_ID 0x008
#define DEVICE_FEATURES 0x010
#define DEVICE_FEATURES_SEL 0x014
#define DRIVER_FEATURES 0x020
#define DRIVER_FEATURES_SEL 0x024
#define GUEST_PAGE_SIZE 0x028      // legacy
#define QUEUE_SEL 0x030
#define QUEUE_NUM_MAX 0x034
#define QUEUE_NUM 0x038
#define QUEUE_ALIGN 0x03c          // legacy
#define QUEUE_PFN 0x040            // legacy
#define QUEUE_READY 0x044
#define QUEUE_NOTIFY 0x050
#define INTERRUPT_STATUS 0x060
#define INTERRUPT_ACK 0x064
#define STATUS 0x070
#define QUEUE_DESC_LOW 0x080
#define QUEUE_DRIVER_LOW 0x090
#define QUEUE_DEVICE_LOW 0x0a0

#define ACKNOWLEDGE 1
#define DRIVER 2
#define DRIVER_OK 4
#define FEATURES_OK 8

#define F_VERSION_1_HIGH 1         // bit 32
#define PAGE 4096

// Failures of the driver itself; a guest's own tests stay below.
#define FAIL_FEATURES 901
#define FAIL_QUEUE 902

u32 virtio_find(u32 device_id)
{
    for (u32 i = 0; i < VIRTIO_COUNT; i++) {
        u32 base = VIRTIO0 + i * VIRTIO_STRIDE;
        if (read32(base + MAGIC) == 0x74726976 && read32(base + DEVICE_ID) == device_id)
            return base;
    }
    return 0;
}

int virtio_modern(u32 base) { return read32(base + VERSION) == 2; }

static void set_status(u32 base, u32 bit) { write32(base + STATUS, read32(base + STATUS) | bit); }

u32 virtio_begin(u32 base, u32 wanted)
{
    write32(base + STATUS, 0);
    set_status(base, ACKNOWLEDGE);
    set_status(base, DRIVER);
    write32(base + DEVICE_FEATURES_SEL, 0);
    u32 features = read32(base + DEVICE_FEATURES) & wanted;
    write32(base + DRIVER_FEATURES_SEL, 0);
    write32(base + DRIVER_FEATURES, features);
    if (!virtio_modern(base)) {
        write32(base + GUEST_PAGE_SIZE, PAGE);
        return features;
    }
    write32(base + DEVICE_FEATURES_SEL, 1);
    check(FAIL_FEATURES, read32(base + DEVICE_FEATURES) & F_VERSION_1_HIGH);
    write32(base + DRIVER_FEATURES_SEL, 1);
    write32(base + DRIVER_FEATURES, F_VERSION_1_HIGH);
    set_status(base, FEATURES_OK);
    check(FAIL_FEATURES, read32(base + STATUS) & FEATURES_OK);
    return features;
}

static void write_address(u32 reg, const volatile void *p)
{
    write32(reg, (u32)p);
    write32(reg + 4, 0);
}

void virtio_queue(u32 base, u32 index, struct virtq *q)
{
    q->base = base;
    q->index = index;
    write32(base + QUEUE_SEL, index);
    check(FAIL_QUEUE, read32(base + QUEUE_NUM_MAX) >= QUEUE_SIZE);
    write32(base + QUEUE_NUM, QUEUE_SIZE);
    if (!virtio_modern(base)) {
        write32(base + QUEUE_ALIGN, PAGE);
        write32(base + QUEUE_PFN, (u32)q / PAGE);
        return;
    }
    write_address(base + QUEUE_DESC_LOW, q->desc);
    write_address(base + QUEUE_DRIVER_LOW, &q->avail);
    write_address(base + QUEUE_DEVICE_LOW, &q->used);
    write32(base + QUEUE_READY, 1);
}

void virtio_ready(u32 base)
{
    u32 irq = VIRTIO0_IRQ + (base - VIRTIO0) / VIRTIO_STRIDE;

    set_status(base, DRIVER_OK);
    write32(PLIC_PRIORITY(irq), 1);
    write32(PLIC_THRESHOLD(0), 0);
    write32(PLIC_ENABLE(0), read32(PLIC_ENABLE(0)) | 1 << irq);
}

void virtq_offer(struct virtq *q, u16 head)
{
    volatile struct avail *avail = &q->avail;

    avail->ring[avail->idx % QUEUE_SIZE] = head;
    fence();
    avail->idx = avail->idx + 1;
    fence();
    write32(q->base + QUEUE_NOTIFY, q->index);
}

int virtq_has_used(struct virtq *q)
{
    fence();
    return *(volatile u16 *)&q->used.idx != q->used_seen;
}

void virtio_wait_interrupt(void)
{
    csr_set(mie, 1 << IRQ_MEI);
    wfi();
    csr_clear(mie, 1 << IRQ_MEI);
    u32 irq = read32(PLIC_CLAIM(0));
    if (irq >= VIRTIO0_IRQ && irq < VIRTIO0_IRQ + VIRTIO_COUNT) {
        u32 base = VIRTIO0 + (irq - VIRTIO0_IRQ) * VIRTIO_STRIDE;
        write32(base + INTERRUPT_ACK, read32(base + INTERRUPT_STATUS));
    }
    if (irq)
        write32(PLIC_CLAIM(0), irq);
}

u32 virtq_wait(struct virtq *q, u16 *head)
{
    while (!virtq_has_used(q))
        virtio_wait_interrupt();
    u32 slot = q->used_seen++ % QUEUE_SIZE;
    if (head)
        *head = q->used.ring[slot].id;
    return q->used.ring[slot].len;
}
