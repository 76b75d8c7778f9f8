// Writes a pattern to the virtio disk, flushes, reads it back, and asks for all else a disk can do.
// The first 64 sectors are overwritten.

#include "blk.h"

#define FIRST 3                    // sector
#define BYTES (8 * SECTOR)
#define WRITE_ZEROES_UNMAP 1

static u8 out[BYTES], in[BYTES];
static char id[21];

struct range {
    u64 sector;
    u32 sectors, flags;
};

static void pattern(u32 seed)
{
    for (u32 i = 0; i < BYTES; i++)
        out[i] = seed = seed * 1664525 + 1013904223 + (i >> 8);
}

static void write_and_read_back(void)
{
    pattern(1);
    check(10, blk_request(BLK_OUT, FIRST, out, BYTES, 0, 0) == BLK_OK);
    if (blk_features() & BLK_F_FLUSH)
        check(11, blk_request(BLK_FLUSH, 0, 0, 0, 0, 0) == BLK_OK);
    check(12, blk_request(BLK_IN, FIRST, in, BYTES, 0, 0) == BLK_OK);
    check(13, !memcmp(in, out, BYTES));
    // One sector in the middle, in two pieces that no sector border divides.
    memset(in, 0, BYTES);
    check(14, blk_request(BLK_IN, FIRST + 2, in, 100, in + 200, SECTOR - 100) == BLK_OK);
    check(15, !memcmp(in, out + 2 * SECTOR, 100));
    check(16, !memcmp(in + 200, out + 2 * SECTOR + 100, SECTOR - 100));
    check(17, in[100] == 0 && in[199] == 0);
    pattern(2);
    check(18, blk_request(BLK_OUT, FIRST + 1, out, 700, out + 700, 2 * SECTOR - 700) == BLK_OK);
    check(19, blk_request(BLK_IN, FIRST + 1, in, 2 * SECTOR, 0, 0) == BLK_OK);
    check(20, !memcmp(in, out, 2 * SECTOR));
}

static void errors(void)
{
    u64 end = blk_sectors();

    check(30, blk_request(BLK_IN, end - 1, in, SECTOR, 0, 0) == BLK_OK);
    check(31, blk_request(BLK_IN, end - 1, in, 2 * SECTOR, 0, 0) == BLK_IOERR);
    check(32, blk_request(BLK_OUT, end, out, SECTOR, 0, 0) == BLK_IOERR);
    check(33, blk_request(BLK_IN, ~0ull, in, SECTOR, 0, 0) == BLK_IOERR);
    check(34, blk_request(77, 0, in, SECTOR, 0, 0) == BLK_UNSUPP);
}

static void zeroes(void)
{
    struct range range = {FIRST + 1, 4, 0};

    if (blk_features() & BLK_F_WRITE_ZEROES) {
        check(40, blk_request(BLK_WRITE_ZEROES, 0, &range, sizeof range, 0, 0) == BLK_OK);
        check(41, blk_request(BLK_IN, FIRST + 1, in, 4 * SECTOR, 0, 0) == BLK_OK);
        for (u32 i = 0; i < 4 * SECTOR; i++)
            check(42, in[i] == 0);
        range.sector = blk_sectors() - 1;
        check(43, blk_request(BLK_WRITE_ZEROES, 0, &range, sizeof range, 0, 0) != BLK_OK);
        print("write-zeroes\n");
    }
    if (blk_features() & BLK_F_DISCARD) {
        range = (struct range){FIRST, 1, 0};
        check(44, blk_request(BLK_DISCARD, 0, &range, sizeof range, 0, 0) == BLK_OK);
        print("discard\n");
    }
}

void main(u32 hartid, u32 fdt)
{
    (void)hartid, (void)fdt;
    check(1, blk_begin());
    check(2, blk_sectors() >= 64);
    write_and_read_back();
    errors();
    zeroes();
    check(50, blk_request(BLK_GET_ID, 0, id, 20, 0, 0) == BLK_OK);
    print("disk of ");
    print_dec(blk_sectors());
    print(" sectors, id=");
    print(id);
    print(blk_features() & BLK_F_FLUSH ? ", flushed\n" : "\n");
}
