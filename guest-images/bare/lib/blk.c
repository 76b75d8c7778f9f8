// virtio-blk (Virtio 1.2, 5.2).

#include "blk.h"

static struct virtq queue;
static u32 base, features;

static struct {
    u32 type, reserved;
    u64 sector;
} header;
static volatile u8 status;

int blk_begin(void)
{
    base = virtio_find(VIRTIO_BLK);
    if (!base)
        return 0;
    features = virtio_begin(base, BLK_F_FLUSH | BLK_F_DISCARD | BLK_F_WRITE_ZEROES);
    virtio_queue(base, 0, &queue);
    virtio_ready(base);
    return 1;
}

u32 blk_features(void) { return features; }

u64 blk_sectors(void) { return (u64)read32(base + VIRTIO_CONFIG + 4) << 32 | read32(base + VIRTIO_CONFIG); }

static u16 append(u16 n, volatile void *p, u32 len, u16 flags)
{
    queue.desc[n] = (struct desc){(u32)p, len, flags | DESC_NEXT, n + 1};
    return n + 1;
}

u8 blk_request(u32 type, u64 sector, void *data, u32 bytes, void *more, u32 more_bytes)
{
    u16 direction = type == BLK_IN || type == BLK_GET_ID ? DESC_WRITE : 0;
    u16 n, head;

    header.type = type;
    header.sector = sector;
    status = 0xff;
    n = append(0, &header, sizeof header, 0);
    if (bytes)
        n = append(n, data, bytes, direction);
    if (more_bytes)
        n = append(n, more, more_bytes, direction);
    queue.desc[n] = (struct desc){(u32)&status, 1, DESC_WRITE, 0};
    virtq_offer(&queue, 0);
    virtq_wait(&queue, &head);
    check(903, head == 0);
    return status;
}
