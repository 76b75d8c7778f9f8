// virtio-rng (Virtio 1.2, 5.4).

#include "rng.h"

static struct virtq queue;

int rng_begin(void)
{
    u32 base = virtio_find(VIRTIO_RNG);
    if (!base)
        return 0;
    virtio_begin(base, 0);
    virtio_queue(base, 0, &queue);
    virtio_ready(base);
    return 1;
}

u32 rng_read(void *to, u32 bytes)
{
    queue.desc[0] = (struct desc){(u32)to, bytes, DESC_WRITE, 0};
    virtq_offer(&queue, 0);
    return virtq_wait(&queue, 0);
}
