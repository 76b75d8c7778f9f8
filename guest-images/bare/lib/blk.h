// virtio-blk, one request at a time.

#ifndef BLK_H
#define BLK_H

#include "virtio.h"

#define SECTOR 512

#define BLK_IN 0
#define BLK_OUT 1
#define BLK_FLUSH 4
#define BLK_GET_ID 8
#define BLK_DISCARD 11
#define BLK_WRITE_ZEROES 13

#define BLK_OK 0
#define BLK_IOERR 1
#define BLK_UNSUPP 2

#define BLK_F_FLUSH (1 << 9)
#define BLK_F_DISCARD (1 << 13)
#define BLK_F_WRITE_ZEROES (1 << 14)

// Sets the device up if there is one. Returns whether there is.
int blk_begin(void);
u32 blk_features(void);
u64 blk_sectors(void);

// Does one request and returns its status. The data are in up to two pieces; the second may be empty.
u8 blk_request(u32 type, u64 sector, void *data, u32 bytes, void *more, u32 more_bytes);

#endif
