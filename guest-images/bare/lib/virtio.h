// A virtio-mmio driver for guests that do one thing at a time: legacy (version 1) and modern.

#ifndef VIRTIO_H
#define VIRTIO_H

#include "guest.h"

#define VIRTIO_NET 1
#define VIRTIO_BLK 2
#define VIRTIO_RNG 4

#define VIRTIO_CONFIG 0x100
#define QUEUE_SIZE 16

struct desc {
    u64 addr;
    u32 len;
    u16 flags;
    u16 next;
};
#define DESC_NEXT 1
#define DESC_WRITE 2               // the device writes

struct avail {
    u16 flags, idx, ring[QUEUE_SIZE];
};

struct used {
    u16 flags, idx;
    struct {
        u32 id, len;
    } ring[QUEUE_SIZE];
};

// The legacy layout: the used ring begins a page. It suits the modern transport as well.
struct virtq {
    struct desc desc[QUEUE_SIZE];
    struct avail avail;
    struct used used __attribute__((aligned(4096)));
    u32 base, index;
    u16 used_seen;
} __attribute__((aligned(4096)));

// Returns the registers of the first device of a kind, or 0.
u32 virtio_find(u32 device_id);

// Takes the device as far as FEATURES_OK with the wanted ones of features 0 to 31; returns what
// both sides know. The caller sets up queues then, and calls virtio_ready.
u32 virtio_begin(u32 base, u32 wanted);
int virtio_modern(u32 base);
void virtio_queue(u32 base, u32 index, struct virtq *q);
void virtio_ready(u32 base);

// Puts the chain that begins at desc[head] before the device.
void virtq_offer(struct virtq *q, u16 head);

// Sleeps until the device gives a chain back; returns its length written, and the head.
u32 virtq_wait(struct virtq *q, u16 *head);
int virtq_has_used(struct virtq *q);

// Sleeps until a device interrupts; acknowledges it at device and PLIC.
void virtio_wait_interrupt(void);

#endif
