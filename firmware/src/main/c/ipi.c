// One hart's wishes to another: software interrupts for S-mode (SBI 7) and remote fences (SBI 8).

#include "firmware.h"

// Past this many pages a flush of everything is cheaper than one instruction per page.
#define FENCE_PAGES 64
#define PAGE 4096

unsigned present_harts;

int harts_of(unsigned mask, unsigned base, unsigned *harts)
{
    *harts = 0;
    if (base == -1u) {
        *harts = present_harts;
        return SBI_SUCCESS;
    }
    if (!mask)
        return SBI_SUCCESS;
    if (base >= MAX_HARTS || (mask & ~(present_harts >> base)))
        return SBI_ERR_INVALID_PARAM;
    *harts = mask << base;
    return SBI_SUCCESS;
}

// Runs `harts` through its bits; harts that S-mode does not run on have nothing to be told.
#define for_each_listening(i, harts) \
    for (unsigned i = 0; i < MAX_HARTS; i++) \
        if (((harts) >> i & 1) && listens(i))

static int listens(unsigned i)
{
    int state = __atomic_load_n(&harts[i].state, __ATOMIC_SEQ_CST);
    return state == STARTED || state == SUSPENDED;
}

static void wake(unsigned i)
{
    fence();
    mmio_write32(CLINT_MSIP + 4 * i, 1);
}

void ipi_send(unsigned targets)
{
    for_each_listening(i, targets) {
        __atomic_store_n(&harts[i].ipi, 1, __ATOMIC_SEQ_CST);
        wake(i);
    }
}

static void fence_here(enum fence_kind kind, unsigned start, unsigned size, unsigned asid)
{
    if (kind == FENCE_I) {
        __asm__ volatile("fence.i" ::: "memory");
        return;
    }
    // Size 0 from 0, and all ones, mean the whole address space (SBI 8).
    int everything = size > FENCE_PAGES * PAGE || (!start && !size);
    unsigned pages = ((start & (PAGE - 1)) + size + PAGE - 1) / PAGE;
    if (everything && kind == FENCE_VMA)
        __asm__ volatile("sfence.vma" ::: "memory");
    else if (everything)
        __asm__ volatile("sfence.vma x0, %0" ::"r"(asid) : "memory");
    else
        for (; pages; pages--, start += PAGE)
            if (kind == FENCE_VMA)
                __asm__ volatile("sfence.vma %0" ::"r"(start) : "memory");
            else
                __asm__ volatile("sfence.vma %0, %1" ::"r"(start), "r"(asid) : "memory");
}

static void serve_fences(void)
{
    unsigned me = hartid();
    unsigned senders = __atomic_exchange_n(&harts[me].fence_from, 0, __ATOMIC_SEQ_CST);

    for (unsigned i = 0; senders; i++, senders >>= 1) {
        if (!(senders & 1))
            continue;
        struct hart *h = &harts[i];
        fence_here(h->fence_kind, h->fence_start, h->fence_size, h->fence_asid);
        __atomic_fetch_and(&h->fence_awaits, ~(1u << me), __ATOMIC_SEQ_CST);
        wake(i);
    }
}

// Serves what others want of this hart. The interrupt is cleared first: what is written down later
// raises it again.
void ipi_serve(void)
{
    unsigned me = hartid();

    mmio_write32(CLINT_MSIP + 4 * me, 0);
    fence();
    serve_fences();
    if (__atomic_exchange_n(&harts[me].ipi, 0, __ATOMIC_SEQ_CST))
        csr_set(mip, IP_SSI);
}

// Returns when every target has done its fence. Two harts may send to each other at once, so the
// waiting hart serves as well; it waits in WFI, to leave the turn to the others.
void rfence_send(unsigned targets, enum fence_kind kind, unsigned start, unsigned size, unsigned asid)
{
    unsigned me = hartid();
    struct hart *h = &harts[me];

    h->fence_kind = kind;
    h->fence_start = start;
    h->fence_size = size;
    h->fence_asid = asid;
    for_each_listening(i, targets & ~(1u << me)) {
        __atomic_fetch_or(&h->fence_awaits, 1u << i, __ATOMIC_SEQ_CST);
        __atomic_fetch_or(&harts[i].fence_from, 1u << me, __ATOMIC_SEQ_CST);
        wake(i);
    }
    if (targets >> me & 1)
        fence_here(kind, start, size, asid);
    while (__atomic_load_n(&h->fence_awaits, __ATOMIC_SEQ_CST)) {
        wfi();
        ipi_serve();
    }
}

struct result ipi_call(unsigned function, struct frame *f)
{
    unsigned targets;
    int error;

    if (function != 0)
        return ERROR(SBI_ERR_NOT_SUPPORTED);
    error = harts_of(f->a[0], f->a[1], &targets);
    if (!error)
        ipi_send(targets);
    return ERROR(error);
}

struct result rfence_call(unsigned function, struct frame *f)
{
    static const enum fence_kind kinds[] = {FENCE_I, FENCE_VMA, FENCE_VMA_ASID};
    unsigned targets;
    int error;

    // Functions 3 to 6 are for the hypervisor extension, which the machine has not.
    if (function > 2)
        return ERROR(SBI_ERR_NOT_SUPPORTED);
    error = harts_of(f->a[0], f->a[1], &targets);
    if (!error)
        rfence_send(targets, kinds[function], f->a[2], f->a[3], f->a[4]);
    return ERROR(error);
}
