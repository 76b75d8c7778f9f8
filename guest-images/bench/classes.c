// The classes of cost that need page tables or a device; the others are in classes.S alone.

#include "../bare/lib/rng.h"
#include "workload.h"

#define PAGES 256
#define PAGE 4096
#define WINDOW 0x40000000              // where the pages stand in virtual memory
#define SV32 0x80000000u
#define SUPERPAGE (1u << 22)
#define ENTROPY 20

#define PTE_V 1
#define PTE_RWX 0xe
#define PTE_AD 0xc0
#define PTE_LEAF (PTE_V | PTE_RWX | PTE_AD)

u32 in_supervisor(void *function, u32 seed, const void *argument);
u32 touch_after_fence(u32 seed, const void *first);
u32 switch_spaces(u32 seed, const void *spaces);
u32 fault_pages(u32 seed, const void *page);

static u32 roots[2][1024] __attribute__((aligned(PAGE)));
static u32 leaves[2][1024] __attribute__((aligned(PAGE)));
static u32 pages[PAGES][1024] __attribute__((aligned(PAGE)));

static u32 entry(const volatile void *page, u32 flags) { return (u32)page >> 12 << 10 | flags; }

// Two address spaces with the program where it is, and the pages in the window in another order in each.
static void prepare(void)
{
    if (roots[0][0x80000000u / SUPERPAGE])
        return;
    for (u32 space = 0; space < 2; space++) {
        for (u32 i = 0; i < 2; i++)
            roots[space][0x80000000u / SUPERPAGE + i] = entry((void *)(0x80000000u + i * SUPERPAGE), PTE_LEAF);
        roots[space][WINDOW / SUPERPAGE] = entry(leaves[space], PTE_V);
        for (u32 i = 0; i < PAGES; i++)
            leaves[space][i] = entry(pages[space ? PAGES - 1 - i : i], PTE_LEAF);
    }
    for (u32 i = 0; i < PAGES; i++)
        pages[i][0] = i * 77;
    csr_write(pmpaddr0, -1);
    csr_write(pmpcfg0, 0x1f);
    csr_write(medeleg, 0xb000);        // page faults
}

static u32 satp(u32 space) { return SV32 | (u32)roots[space] >> 12; }

static u32 supervise(void *function, u32 seed, const void *argument)
{
    prepare();
    csr_write(satp, satp(0));
    __asm__ volatile("sfence.vma" ::: "memory");
    u32 sum = in_supervisor(function, seed, argument);
    csr_write(satp, 0);
    return sum;
}

u32 class_tlb(u32 seed) { return supervise(touch_after_fence, seed, (void *)WINDOW); }

u32 class_switch(u32 seed)
{
    u32 spaces[3] = {satp(0), satp(1), WINDOW};
    return supervise(switch_spaces, seed, spaces);
}

u32 class_fault(u32 seed)
{
    prepare();
    u32 page[2] = {WINDOW + 5 * PAGE, (u32)&leaves[0][5]};
    return supervise(fault_pages, seed, page);
}

// Requests to the source of entropy, each waited for in WFI. Their bytes are no part of the sum.
u32 class_virtio(u32 seed)
{
    static u8 bytes[16];
    static u32 begun;

    if (!begun)
        begun = rng_begin() + 1;
    check(1, begun == 2);
    for (u32 i = 0; i < ENTROPY; i++)
        seed += rng_read(bytes, sizeof bytes) > 0;
    return seed;
}
