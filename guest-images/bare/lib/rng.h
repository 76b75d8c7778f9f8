// virtio-rng.

#ifndef RNG_H
#define RNG_H

#include "virtio.h"

// Sets the device up if there is one. Returns whether there is.
int rng_begin(void);

// Fetches up to `bytes` random bytes, at least one; returns how many.
u32 rng_read(void *to, u32 bytes);

#endif
